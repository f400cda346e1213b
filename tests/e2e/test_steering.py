"""Steering a run from its message: pause and go on, a note, an abort, and taking back what was done."""

import pytest

from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.planwise_example import Example
from tests.e2e.workspace import Person


@pytest.fixture
async def waiting(bot: Bot, sam: Person) -> Bot:
    """A bot with a run that waits for the call to payroll; all but the people's stage is done."""
    await rollback.to_verdict(sam)
    await rollback.confirm(sam)
    await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    return bot


async def test_a_paused_run_says_who_paused_it_and_goes_on_when_somebody_lets_it(
    waiting: Bot, sam: Person, kim: Person
) -> None:
    await rollback.steer(kim, "pause")
    paused = await rollback.with_button(sam, f"{ids.RUN}:resume", containing="paused by kim.larsen")
    assert f"{ids.RUN}:pause" not in rollback.buttons(paused)
    # What was begun may be brought to its end; what comes after it does not begin.
    await rollback.decide(sam, "manual-done")
    await sam.wait_for_message(rollback.INCIDENTS, containing="did by hand “Confirm with payroll”")
    assert list(waiting.records.steps().values())[-1] == "pending"
    await rollback.steer(sam, "resume")
    await rollback.see_end(sam)
    assert waiting.records.run_statuses() == ["done"]


async def test_a_note_stands_in_the_thread(waiting: Bot, sam: Person, kim: Person) -> None:
    await rollback.steer(kim, "note", {"note": "Payroll is at lunch"})
    await sam.wait_for_message(rollback.INCIDENTS, containing="kim.larsen: notes: Payroll is at lunch")
    assert len(waiting.records.audited("run.note")) == 1


async def test_an_aborted_run_can_be_taken_back_as_it_is_shown_beforehand(
    waiting: Bot, sam: Person, kim: Person, example: Example
) -> None:
    await rollback.steer(kim, "abort", {"reason": "It was the network"})
    await rollback.with_button(sam, f"{ids.RUN}:undo", containing="aborted by kim.larsen")
    assert (await example.look("router"))[1]["system"] == "legacy"
    await rollback.steer(sam, "undo", {})
    view = await sam.wait_for_message(
        rollback.INCIDENTS, containing="“Undo of “Back to legacy at once”” is done"
    )
    assert "2 of 2 steps" in rollback.read(view)
    assert (await example.look("router"))[1]["system"] == "new"
    assert (await example.look("new"))[0] == 200
    assert waiting.records.run_statuses() == ["aborted", "done"]
    assert len(waiting.records.audited("run.started")) == 1
