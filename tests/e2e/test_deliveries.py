"""Slack delivers twice, late, or too late for a modal."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.server import RunningWorkspace, running_workspace
from bot.sandbox.settings import WorkspaceSettings
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import MANIFEST
from tests.e2e.until import until
from tests.e2e.workspace import Person
from tests.e2e.workspace_control import control


@pytest.fixture
async def workspace() -> AsyncIterator[RunningWorkspace]:
    """Waits less long for an acknowledgement, and a trigger ends sooner."""
    settings = WorkspaceSettings(port=0, manifest_path=MANIFEST, ack_timeout=1.0, trigger_lifetime=1.0)
    async with running_workspace(settings) as running:
        yield running


async def test_what_is_delivered_twice_is_done_once(
    bot: Bot, workspace: RunningWorkspace, sam: Person
) -> None:
    await control(workspace.url, "faults", {"duplicate_deliveries": True})
    await rollback.to_verdict(sam)
    await rollback.confirm(sam)
    await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    await rollback.decide(sam, "manual-done")
    await rollback.see_end(sam)
    await workspace.workspace.delivery.settled()
    await until(lambda: bot.records.unsent() == 0, "sent outbox")
    kinds = [entry.kind for entry in bot.records.audited()]
    for kind, count in (("walk.started", 1), ("walk.answered", 2), ("run.confirmed", 1), ("run.done", 1)):
        assert kinds.count(kind) == count
    assert kinds.count("step.manual-done") == 1
    assert kinds.count("step.intent") == 7
    lines = bot.records.timeline()
    assert len(lines) == len(set(lines))


async def test_what_arrives_after_slack_gave_up_is_done_all_the_same_and_once(
    bot: Bot, workspace: RunningWorkspace, sam: Person
) -> None:
    await rollback.open_rollback(sam)
    await control(workspace.url, "faults", {"late_seconds": 1.2})
    receipt = await rollback.answer(sam, rollback.SEVERITY, "p1")
    assert receipt["error"] == "operation_timeout"
    assert bot.records.walks()[0].version == 1
    await rollback.with_button(sam, f"{ids.ANSWER}:yes", containing=rollback.DATA_WRONG)
    assert bot.records.walks()[0].version == 2


async def test_a_trigger_that_has_expired_opens_nothing_and_the_person_is_told_to_press_again(
    bot: Bot, workspace: RunningWorkspace, sam: Person
) -> None:
    message = await rollback.to_verdict(sam)
    await control(workspace.url, "faults", {"late_seconds": 1.2})
    await sam.press(message, action_id=ids.CONFIRM)
    await sam.wait_for_message(
        rollback.INCIDENTS, lambda found: found.get("ephemeral") is True, containing="again"
    )
    assert sam.view() is None
    await control(workspace.url, "faults", {"late_seconds": 0})
    await rollback.open_confirmation(sam)


async def test_two_presses_in_flight_of_one_button_have_one_effect(bot: Bot, sam: Person) -> None:
    await rollback.to_verdict(sam)
    await rollback.confirm(sam)
    message = await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    await asyncio.gather(*(sam.press(message, action_id=f"{ids.STEP}:manual-done") for _ in range(4)))
    await rollback.see_end(sam)
    assert len(bot.records.audited("step.manual-done")) == 1
    assert len(bot.records.audited("run.done")) == 1
