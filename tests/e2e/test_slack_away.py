"""Slack is away for a while: the rollback goes on, and everything is told afterwards, once, in order."""

from collections.abc import AsyncIterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from bot.sandbox.json_values import JsonObject, as_list, as_object
from bot.sandbox.server import RunningWorkspace
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import STEPS, Ledger
from tests.e2e.until import until
from tests.e2e.workspace import Person
from tests.e2e.workspace_control import call_log, control

# A call to a Slack that hangs takes 10 s to be given up.
RUN_SECONDS = 5
# What the local workspace asks for.
RETRY_AFTER = 1.0

AboutToRun = tuple[Bot, Ledger, JsonObject]


@pytest.fixture
async def about_to_run(
    running: Running, settings: dict[str, str], tmp_path: Path, sam: Person
) -> AsyncIterator[AboutToRun]:
    """A bot, its ledger, and the modal that starts the rollback."""
    ledger = Ledger(tmp_path / "playbooks")
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        await rollback.open_rollback(sam, "ledger")
        await rollback.answer(sam, "Is it wrong?", "yes")
        yield bot, ledger, await rollback.open_confirmation(sam)


@pytest.mark.parametrize("fault", ["500", "429", "hang"])
async def test_a_run_ends_in_its_time_while_slack_is_away_and_its_messages_arrive_afterwards(
    about_to_run: AboutToRun, workspace: RunningWorkspace, sam: Person, fault: str
) -> None:
    bot, ledger, view = about_to_run
    message = await rollback.with_button(sam, ids.CONFIRM)
    await until(lambda: bot.records.unsent() == 0, "sent outbox")
    told = rollback.thread_lines(sam, message)
    await control(workspace.url, "faults", {"api": fault})
    receipt = await sam.submit(view, {"name": "ledger"})
    assert receipt["acknowledged"] is True
    await until(lambda: bot.records.run_statuses() == ["done"], "end of the run")
    assert ledger.lines() == list(STEPS)
    # Not slowed: its three steps, of some 0.3 s each, and no call to Slack in between.
    assert bot.records.run_seconds() < RUN_SECONDS
    assert rollback.thread_lines(sam, message) == told
    # What arrives afterwards was tried before.
    assert await attempts(workspace, ok=False)
    await control(workspace.url, "faults", {"api": "ok"})
    await rollback.see_end(sam, "ledger")
    await until(lambda: bot.records.unsent() == 0, "sent outbox")
    assert rollback.thread_lines(sam, message) == rollback.lines(bot.records.timeline())
    arrived = [mark for call in await attempts(workspace, ok=True) for mark in marks(call)]
    assert len(arrived) == len(set(arrived))
    if fault == "429":
        assert await shortest_pause_after_a_limit(workspace) >= RETRY_AFTER


async def test_a_message_of_which_slack_lost_the_answer_is_not_posted_again(
    about_to_run: AboutToRun, workspace: RunningWorkspace, sam: Person
) -> None:
    bot, _ledger, view = about_to_run
    message = await rollback.with_button(sam, ids.CONFIRM)
    await until(lambda: bot.records.unsent() == 0, "sent outbox")
    lost: JsonObject = {"method": "chat.postMessage", "count": 2, "mode": "drop_after"}
    await control(workspace.url, "faults", {"fail_next": lost})
    await sam.submit(view, {"name": "ledger"})
    await rollback.see_end(sam, "ledger")
    await until(lambda: bot.records.unsent() == 0, "sent outbox")
    assert rollback.thread_lines(sam, message) == rollback.lines(bot.records.timeline())


async def test_a_bot_that_lost_its_connection_makes_another_and_goes_on(
    bot: Bot, workspace: RunningWorkspace, sam: Person
) -> None:
    await rollback.open_rollback(sam)
    await control(workspace.url, "disconnect", {"reason": "hard"})
    await sam.wait_until(lambda: sam.page.connection_changes[-2:] == [0, 1], "another connection", 30)
    await rollback.answer(sam, rollback.SEVERITY, "p1")
    await rollback.with_button(sam, f"{ids.ANSWER}:yes", containing=rollback.DATA_WRONG)
    assert bot.records.walks()[0].version == 2


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_press_while_slack_replaces_the_connection_is_done_or_the_person_is_told_to_repeat_it(
    bot: Bot, workspace: RunningWorkspace, sam: Person, reason: str
) -> None:
    message = await rollback.open_rollback(sam)
    await control(workspace.url, "disconnect", {"reason": reason})
    acknowledged = 0
    while acknowledged < 5:
        walk = bot.records.walks()[0]
        assert walk.version == acknowledged + 1
        action_id = ids.BACK if walk.answers else f"{ids.ANSWER}:p1"
        told = len(sam.notices()) + 1
        receipt = await sam.press(message, action_id=action_id, value=str(ids.Shown(walk.id, walk.version)))
        if receipt["acknowledged"] is True:
            acknowledged += 1
        else:
            assert receipt["delivered"] is False
            await sam.wait_until(partial(has_notices, sam, told), "notice")
            await sam.wait_until(lambda: sam.page.connections > 0, "another connection", 30)
    assert bot.records.walks()[0].version == 6
    await sam.wait_until(lambda: len(sam.page.connection_changes) >= 2, "another connection", 30)


def has_notices(person: Person, count: int) -> bool:
    return len(person.notices()) >= count


async def attempts(workspace: RunningWorkspace, *, ok: bool) -> list[JsonObject]:
    """The posts and updates that Slack took, or did not."""
    return [call for call in await messages_sent(workspace) if call["ok"] is ok]


async def messages_sent(workspace: RunningWorkspace) -> list[JsonObject]:
    """Every attempt to post or update a message, in order."""
    return [
        call
        for call in await call_log(workspace.url)
        if call["method"] in ("chat.postMessage", "chat.update")
    ]


def marks(call: JsonObject) -> list[str]:
    """The pieces that a post tells of."""
    metadata = as_object(as_object(call["arguments"]).get("metadata") or {})
    return [str(mark) for mark in as_list(as_object(metadata.get("event_payload") or {}).get("marks") or [])]


async def shortest_pause_after_a_limit(workspace: RunningWorkspace) -> float:
    """Seconds from an attempt that Slack put off to the next one; there is one channel."""
    sent = await messages_sent(workspace)
    return min(
        float(str(after["at"])) - float(str(before["at"]))
        for before, after in pairwise(sent)
        if before.get("error") == "ratelimited"
    )
