"""Slack is away, or the bot dies as well: the terminal starts, steers and ends the rollback."""

from collections.abc import Mapping
from pathlib import Path

from bot.sandbox.json_values import as_object
from bot.sandbox.server import running_workspace
from bot.sandbox.settings import WorkspaceSettings
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import MANIFEST, Running
from tests.e2e.ledger_playbook import STEPS, Ledger
from tests.e2e.program import SWITCHBACK, Program, completed
from tests.e2e.terminal.alone import DECIDED
from tests.e2e.terminal.conftest import printed
from tests.e2e.until import until
from tests.e2e.workspace import Person


async def switchback(bot: Bot, *arguments: str) -> Program:
    return await completed([SWITCHBACK, *arguments], env=bot.env)


async def test_a_rollback_is_started_and_ended_while_the_workspace_is_down(
    running: Running, settings: Mapping[str, str], tmp_path: Path
) -> None:
    ledger = Ledger(tmp_path / "playbooks", by_hand=True)
    playbooks = {"SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}
    async with running_workspace(WorkspaceSettings(port=0, manifest_path=MANIFEST)) as workspace:
        away = {**settings, **playbooks, "SLACK_API_URL": workspace.api_url}
        starting = running(away)
        bot = await starting.__aenter__()
    try:
        started = await switchback(bot, *DECIDED, "--json")
        assert (started.ended(), as_object(printed(started))["run_status"]) == (0, "running")
        waits = await switchback(bot, "runs", "watch", "ledger")
        assert (waits.ended(), ledger.lines()) == (1, ["one"])
        assert (await switchback(bot, "runs", "done", "ledger", "by-hand")).ended() == 0
        ended = await switchback(bot, "runs", "watch", "ledger")
        assert (ended.ended(), ledger.lines()) == (0, list(STEPS))
        assert bot.records.unsent() > 0
        assert bot.records.audit_problems() == []
    finally:
        await starting.__aexit__(None, None, None)


async def test_a_terminal_goes_on_with_what_a_bot_was_driving_when_it_died(
    running: Running, settings: Mapping[str, str], tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks")
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        await rollback.confirm_ledger(sam)
        await until(lambda: "one" in ledger.lines(), "first step")
        bot.kill()
        assert bot.records.run_statuses() == ["running"]
        driven = await switchback(bot, "runs", "watch", "ledger", "--drive")
        assert (driven.ended(), ledger.lines()) == (0, list(STEPS))
        await bot.start()
        await rollback.see_end(sam, "ledger")
