"""The bot's own pages: alive, ready, measured."""

import json

import aiohttp

from bot.sandbox.server import RunningWorkspace
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.workspace import Person
from tests.e2e.workspace_control import control


async def page(bot: Bot, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"{bot.url}{path}") as answer:
        return answer.status, await answer.text()


async def test_a_bot_that_is_connected_is_alive_and_ready(bot: Bot) -> None:
    assert await page(bot, "/healthz") == (200, '{"alive": true}')
    status, text = await page(bot, "/readyz")
    assert (status, json.loads(text)) == (200, {"database": True, "slack": True, "playbooks": ["planwise"]})


async def test_a_bot_without_its_connection_is_alive_and_not_ready(
    bot: Bot, workspace: RunningWorkspace, sam: Person
) -> None:
    await control(workspace.url, "faults", {"api": "500"})
    await control(workspace.url, "disconnect", {"reason": "hard"})
    await sam.wait_for_connections(0)
    # The bot sees the cut as soon as it reads the socket.
    while (await page(bot, "/readyz"))[0] != 503:
        assert bot.process().stderr.count("Traceback") == 0
    assert (await page(bot, "/healthz"))[0] == 200
    assert json.loads((await page(bot, "/readyz"))[1])["slack"] is False


async def test_the_metrics_tell_of_the_last_reconciliation_and_of_a_run_under_way(
    bot: Bot, sam: Person
) -> None:
    await sam.command(rollback.INCIDENTS, "/reconcile planwise")
    await sam.wait_for_message(rollback.INCIDENTS, containing="4 of 6 checks outside tolerance")
    await rollback.to_verdict(sam)
    await rollback.confirm(sam)
    await rollback.with_button(sam, "run.step:manual-done")
    status, text = await page(bot, "/metrics")
    assert status == 200
    metrics = text.splitlines()
    assert 'switchback_reconciliation_failed_checks{migration="planwise"} 4.0' in metrics
    assert 'switchback_runs_active{migration="planwise",status="waiting"} 1.0' in metrics
    assert "switchback_slack_connected 1.0" in metrics
