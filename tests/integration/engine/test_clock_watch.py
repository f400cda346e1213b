"""The machine's clock is set while a run waits: the wait takes as long as it was planned to."""

from datetime import timedelta

import pytest

from bot.domain.errors import StoreError
from bot.engine.clock_watch import ClockWatch
from tests.integration.ledger import as_plan, manual, scripted, wait
from tests.integration.trial import Trial

HOUR = timedelta(hours=1)
PLAN = as_plan(wait("settle", "90s"), scripted("stop"))


@pytest.fixture
def watch(trial: Trial) -> ClockWatch:
    return ClockWatch(store=trial.store, clock=trial.clock)


async def ended_after(trial: Trial, seconds: float) -> tuple[list[str], list[str], str, timedelta]:
    """What acted a second before and then, how the run stands, and how long its wait took."""
    trial.clock.advance(seconds - 1)
    await trial.work()
    before = [*trial.action.acts]
    trial.clock.advance(1)
    await trial.work()
    run = await trial.run()
    return before, trial.action.acts, run.status, run.state("settle").elapsed(trial.clock.now())


AS_PLANNED = ([], ["stop"], "done", timedelta(seconds=90))


async def test_a_wait_is_no_longer_when_the_clock_is_set_back(trial: Trial, watch: ClockWatch) -> None:
    await trial.started(PLAN)
    await trial.work()
    trial.clock.advance(30)
    await watch.look()
    trial.clock.set_by(-HOUR)
    await watch.look()
    told = "Switchback: ⏳ the bot's clock was set back by 1:00:00; Wait: settle waits no longer than planned"
    assert (await trial.told())[-1] == told
    assert ("run.waits_as_planned", "switchback (Switchback)") in await trial.audited()
    another = ClockWatch(store=trial.store, clock=trial.clock)
    await another.begin()
    assert (await trial.told()).count(told) == 1
    assert await ended_after(trial, 60) == AS_PLANNED


async def test_a_wait_during_which_the_bot_was_down_when_the_clock_was_set_back_begins_anew(
    trial: Trial,
) -> None:
    await trial.started(PLAN)
    await trial.work()
    trial.clock.advance(30)
    trial.clock.set_by(-HOUR)
    await ClockWatch(store=trial.store, clock=trial.clock).begin()
    assert await ended_after(trial, 90) == AS_PLANNED


async def test_a_wait_that_began_after_the_clock_was_set_back_is_left_alone(
    trial: Trial, watch: ClockWatch
) -> None:
    trial.clock.set_by(-HOUR)
    await trial.started(PLAN)
    await trial.work()
    await watch.look()
    assert "run.waits_as_planned" not in [kind for kind, _ in await trial.audited()]
    assert await ended_after(trial, 90) == AS_PLANNED


async def test_a_clock_that_is_set_forward_or_corrected_a_little_changes_no_wait(
    trial: Trial, watch: ClockWatch
) -> None:
    await trial.started(PLAN)
    await trial.work()
    trial.clock.set_by(timedelta(seconds=20))
    await watch.look()
    trial.clock.set_by(timedelta(seconds=-1))
    await watch.look()
    assert "run.waits_as_planned" not in [kind for kind, _ in await trial.audited()]


async def test_a_step_that_waits_for_a_person_is_left_alone(trial: Trial, watch: ClockWatch) -> None:
    await trial.started(as_plan(manual("look"), scripted("stop")))
    await trial.work()
    before = await trial.run()
    trial.clock.set_by(-HOUR)
    await watch.look()
    assert await trial.run() == before


async def test_what_could_not_be_written_is_done_at_a_later_look(trial: Trial, watch: ClockWatch) -> None:
    await trial.started(PLAN)
    await trial.work()
    trial.clock.advance(30)
    trial.clock.set_by(-HOUR)
    trial.jobs.refuses = StoreError("The database cannot be used")
    await watch.look()
    assert "run.waits_as_planned" not in [kind for kind, _ in await trial.audited()]
    trial.jobs.refuses = None
    await watch.look()
    assert await ended_after(trial, 60) == AS_PLANNED
