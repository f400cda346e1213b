"""A call that Slack takes and never answers."""

import asyncio
from pathlib import Path

import pytest

from bot import app
from bot.sandbox.server import RunningWorkspace
from bot.sandbox.settings import LOCAL_BOT
from bot.settings import Settings
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.workspace_control import control


async def test_a_call_that_is_not_answered_is_given_up_in_time(
    workspace: RunningWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "SLACK_SECONDS", 0.2)
    settings = Settings.load(
        {
            "SLACK_API_URL": workspace.api_url,
            "SLACK_BOT_TOKEN": LOCAL_BOT,
            "SWITCHBACK_DATABASE_URL": f"sqlite:///{tmp_path / 'switchback.db'}",
            "SWITCHBACK_PLAYBOOKS": str(Ledger(tmp_path / "playbooks").playbooks),
        }
    )
    async with app.switchback(settings) as joined:
        assert (await joined.client.auth_test())["ok"] is True
        await control(workspace.url, "faults", {"api": "hang"})
        async with asyncio.timeout(10) as patience:
            with pytest.raises(TimeoutError):
                await joined.client.auth_test()
        assert not patience.expired()
