"""The real bot in a local workspace, with a playbook whose effects can be counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import RunningWorkspace
from bot.sandbox.settings import LOCAL_APP, LOCAL_BOT
from tests.e2e.conftest import running, sam, workspace
from tests.peers.mariadb import mariadb_database, mariadb_server
from tests.peers.small_disk import SmallDisk, small_disk
from tests.postgres import postgres_database, postgres_url

__all__ = [
    "mariadb_database",
    "mariadb_server",
    "postgres_database",
    "postgres_url",
    "running",
    "sam",
    "workspace",
]


@pytest.fixture
def slack(workspace: RunningWorkspace) -> dict[str, str]:
    """The settings of a bot that reaches the workspace in Socket Mode."""
    return {
        "SLACK_API_URL": workspace.api_url,
        "SLACK_BOT_TOKEN": LOCAL_BOT,
        "SLACK_APP_TOKEN": LOCAL_APP,
    }


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of its own."""
    with small_disk(tmp_path / "disk") as one:
        yield one
