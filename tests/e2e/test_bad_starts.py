"""What keeps the bot from starting is said in one line, with exit status 2 and no traceback."""

import signal
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.sandbox.server import RunningWorkspace
from tests.e2e.bot_process import Bot
from tests.e2e.program import SWITCHBACK, Program, environment

PORT_0 = {"SWITCHBACK_PORT": "0"}


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


async def refused(settings: Mapping[str, str], folder: Path) -> str:
    """The one line of a bot that does not start."""
    with Program([SWITCHBACK, "run"], env=environment(**{**PORT_0, **settings}), cwd=folder) as program:
        await program.end()
        assert program.ended() == 2, program.stderr
        lines = program.stderr.splitlines()
        assert len(lines) == 1, program.stderr
        assert lines[0].startswith("switchback: ")
        assert "Traceback" not in program.stdout
        return lines[0]


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_wrong_token(settings: dict[str, str], tmp_path: Path, name: str) -> None:
    line = await refused({**settings, name: f"{settings[name]}-of-another"}, tmp_path)
    assert f"Slack does not take {name}: invalid_auth" in line


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_missing_token(settings: dict[str, str], tmp_path: Path, name: str) -> None:
    line = await refused({one: value for one, value in settings.items() if one != name}, tmp_path)
    assert name in line
    assert "missing" in line


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all/switchback.db",
        "postgresql://nobody@127.0.0.1:1/nothing",
        "oracle://x/y",
        "not a url",
    ],
)
async def test_a_database_that_cannot_be_used(settings: dict[str, str], tmp_path: Path, url: str) -> None:
    line = await refused({**settings, "SWITCHBACK_DATABASE_URL": url}, tmp_path)
    assert "SWITCHBACK_DATABASE_URL" in line


async def test_a_port_in_use(settings: dict[str, str], tmp_path: Path, taken_port: int) -> None:
    line = await refused({**settings, "SWITCHBACK_PORT": str(taken_port)}, tmp_path)
    assert f"Port {taken_port} on 127.0.0.1 cannot be used" in line
    assert "SWITCHBACK_PORT" in line


async def test_a_folder_of_playbooks_that_is_not_there(settings: dict[str, str], tmp_path: Path) -> None:
    line = await refused({**settings, "SWITCHBACK_PLAYBOOKS": "nowhere"}, tmp_path)
    assert "SWITCHBACK_PLAYBOOKS" in line


async def test_a_second_bot_on_the_same_database(bot: Bot, settings: dict[str, str], tmp_path: Path) -> None:
    assert "Another Switchback is running" in await refused(settings, tmp_path)


async def test_a_second_bot_on_the_same_postgresql(
    settings: dict[str, str], workspace: RunningWorkspace, postgres_database: str, tmp_path: Path
) -> None:
    shared = {**settings, "SWITCHBACK_DATABASE_URL": postgres_database}
    first = Bot(shared, cwd=tmp_path)
    try:
        await first.start()
        assert "Another Switchback is running" in await refused(shared, tmp_path)
    finally:
        first.end()


async def test_a_bot_that_is_told_to_stop_ends_with_status_0_and_without_complaint(bot: Bot) -> None:
    bot.process().signal(signal.SIGTERM)
    await bot.process().end()
    assert bot.process().ended() == 0
    assert bot.process().stderr == ""
