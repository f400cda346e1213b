"""The interpreter's own steps: by hand, a wait, a message."""

import asyncio

from bot.domain.run import Run
from tests.integration.ledger import SUMMARIES, as_plan, manual, message, scripted, wait
from tests.integration.trial import Trial


async def _posted(trial: Trial) -> list[tuple[str, object]]:
    return [(row.channel, row.facts["text"]) for row in await trial.messages("plain")]


async def test_a_manual_step_waits_for_its_button_and_only_its_budget_is_watched(trial: Trial) -> None:
    await trial.started(as_plan(manual("look"), scripted("stop")))
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("look").status) == ("waiting", "waiting")
    assert [job.job for job in await trial.waiting_jobs()] == ["overdue"]
    asked = "Switchback: ⏳ Waits for you: By hand: look. Do it by hand, then press “Done”"
    assert (await trial.told())[-1] == asked
    shown = (await trial.messages("run"))[-1].facts
    assert (shown["status"], shown["instructions"]) == ("waiting", "Turn it")
    assert trial.action.acts == []


async def test_a_wait_ends_when_its_time_has_come(trial: Trial) -> None:
    await trial.started(as_plan(wait("settle", "90s"), scripted("stop")))
    await trial.work()
    run = await trial.run()
    assert (run.status, run.segment, run.state("settle").status) == ("waiting", 2, "waiting")
    assert [job.id for job in await trial.waiting_jobs()] == ["run:run-1:2"]
    trial.clock.advance(89)
    await trial.work()
    assert trial.action.acts == []
    trial.clock.advance(1)
    await trial.work()
    assert trial.action.acts == ["stop"]
    done = (await trial.run()).state("settle")
    assert (done.status, done.elapsed(trial.clock.now()).total_seconds()) == ("done", 90)


async def test_a_wait_whose_job_comes_early_is_waited_out(trial: Trial) -> None:
    await trial.started(as_plan(wait("settle", "90s"), scripted("stop")))
    await trial.work()
    trial.clock.advance(80)
    early = asyncio.create_task(trial.interpreter.drive("run-1", 2))
    await trial.clock.asleep(10.0)
    assert trial.action.acts == []
    trial.clock.advance(10)
    await early
    assert (await trial.run()).status == "done"


async def test_a_message_is_posted_in_its_channel_and_the_run_goes_on(trial: Trial) -> None:
    await trial.started(as_plan(message("warn", "Going back to legacy"), scripted("stop")))
    await trial.work()
    assert await _posted(trial) == [(SUMMARIES, "Going back to legacy")]
    assert (await trial.run()).status == "done"


async def test_a_message_is_posted_once_when_its_segment_is_driven_twice_at_once(trial: Trial) -> None:
    await trial.started(as_plan(message("warn", "Going back to legacy"), manual("look")))
    await asyncio.gather(*(trial.interpreter.drive("run-1", 1) for _ in range(3)))
    assert await _posted(trial) == [(SUMMARIES, "Going back to legacy")]


async def test_what_was_read_before_another_moved_the_step_has_no_effect(trial: Trial) -> None:
    """The same, in the order that shows it: read by two, written by the first, then by the second."""
    await trial.started(as_plan(message("warn", "Going back to legacy"), manual("look")))
    stale: Run = await trial.run()
    await trial.work()
    before = await trial.counts()
    await trial.interpreter._own(stale, stale.state("warn"))
    assert await trial.counts() == before
