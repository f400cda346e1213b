"""Pausing, going on, aborting while a step acts, and notes: each once, by who may."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.domain.run import Run
from bot.ports.outcome import Outcome
from tests.integration.ledger import EVE, KIM, SAM, as_plan, manual, scripted
from tests.integration.trial import Trial

TWO = as_plan(scripted("stop"), scripted("restore"))


async def _paused_during_the_first_step(trial: Trial) -> None:
    async def pause(value: str) -> None:
        trial.action.during = None
        await trial.services.steering.pause("run-1", actor=KIM)

    trial.action.during = pause
    await trial.started(TWO)
    await trial.work()


async def test_a_pause_lets_what_acts_come_to_its_end_and_begins_nothing_more(trial: Trial) -> None:
    await _paused_during_the_first_step(trial)
    run = await trial.run()
    assert (run.status, run.state("stop").status, run.state("restore").status) == (
        "paused",
        "done",
        "pending",
    )
    assert trial.action.acts == ["stop"]
    trial.clock.advance(hours=1)
    await trial.work()
    assert trial.action.acts == ["stop"]


async def test_a_paused_run_goes_on_where_it_stood(trial: Trial) -> None:
    await _paused_during_the_first_step(trial)
    await trial.services.steering.resume("run-1", actor=SAM)
    await trial.work()
    assert ((await trial.run()).status, trial.action.acts) == ("done", ["stop", "restore"])
    told = await trial.told()
    assert "Kim: pauses the rollback; what acts now is brought to its end" in told
    assert "Sam: lets the rollback go on" in told


async def test_of_two_who_pause_one_does_and_the_other_is_told_who(trial: Trial) -> None:
    await trial.started(as_plan(manual("look")))
    await trial.work()
    await trial.services.steering.pause("run-1", actor=SAM)
    with pytest.raises(SupersededError, match="Sam paused this run already"):
        await trial.services.steering.pause("run-1", actor=KIM)
    await trial.services.steering.resume("run-1", actor=KIM)
    with pytest.raises(SupersededError, match="not paused any more"):
        await trial.services.steering.resume("run-1", actor=SAM)
    assert (await trial.run()).status == "waiting"


async def test_a_failure_during_a_pause_is_asked_about_when_the_run_goes_on(trial: Trial) -> None:
    trial.action.outcomes["stop"].append(Outcome("failed", "port closed"))
    await _paused_during_the_first_step(trial)
    assert (await trial.run()).status == "paused"
    await trial.services.steering.resume("run-1", actor=SAM)
    await trial.work()
    assert ((await trial.run()).status, trial.action.acts) == ("asking", ["stop"])


async def test_an_abort_stops_what_acts_and_ends_the_run_when_it_has_stopped(trial: Trial) -> None:
    async def abort(value: str) -> None:
        run = await trial.services.steering.abort("run-1", reason="wrong plan", actor=KIM)
        assert run.status == "aborting"
        await trial.interpreter.drive("run-1")
        await asyncio.wait_for(trial.action.contexts[-1].cancelled.wait(), 10)

    trial.action.during = abort
    trial.action.outcomes["stop"].append(Outcome("unknown", "stopped in the middle"))
    await trial.started(TWO)
    await trial.work()
    run = await trial.run()
    assert (run.status, run.ended_by, run.state("stop").status) == ("aborted", KIM, "unknown")
    assert trial.action.acts == ["stop"]
    assert not await trial.incident_is_open()
    assert (await trial.told())[
        -1
    ] == "Switchback: ❌ The rollback has ended: 0 of 2 steps; nothing is undone"


async def test_a_note_stands_in_the_timeline_and_changes_nothing(trial: Trial) -> None:
    await trial.started(as_plan(manual("look")))
    await trial.work()
    before = await trial.run()
    await trial.services.steering.note("run-1", text="  payroll is told ", actor=KIM)
    assert (await trial.told())[-1] == "Kim: notes: payroll is told"
    assert await trial.run() == before
    assert (await trial.audited())[-1] == ("run.note", "U0KIM (Kim)")
    with pytest.raises(RefusedError, match="A note has a text"):
        await trial.services.steering.note("run-1", text=" ", actor=KIM)


Steer = Callable[[Trial], Awaitable[Run | None]]
STEERING: dict[str, Steer] = {
    "pause": lambda trial: trial.services.steering.pause("run-1", actor=EVE),
    "resume": lambda trial: trial.services.steering.resume("run-1", actor=EVE),
    "abort": lambda trial: trial.services.steering.abort("run-1", reason="x", actor=EVE),
    "note": lambda trial: trial.services.steering.note("run-1", text="x", actor=EVE),
}


@pytest.mark.parametrize("what", STEERING)
async def test_an_outsider_steers_nothing_and_is_audited(trial: Trial, what: str) -> None:
    await trial.started(as_plan(manual("look")))
    await trial.work()
    before = await trial.run()
    with pytest.raises(NotAllowedError):
        await STEERING[what](trial)
    assert await trial.run() == before
    assert (await trial.audited())[-1] == ("refused", "U0EVE (Eve)")


@pytest.mark.parametrize("what", ["pause", "resume", "abort"])
async def test_a_run_that_is_over_cannot_be_steered(trial: Trial, what: str) -> None:
    await trial.started(TWO)
    await trial.work()
    steering = trial.services.steering
    presses = {
        "pause": lambda: steering.pause("run-1", actor=SAM),
        "resume": lambda: steering.resume("run-1", actor=SAM),
        "abort": lambda: steering.abort("run-1", reason="x", actor=SAM),
    }
    with pytest.raises(SupersededError, match="This run is over: it was done"):
        await presses[what]()
