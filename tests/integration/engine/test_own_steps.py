"""The interpreter's own steps: by hand, a wait, a message."""

import asyncio

from bot.domain.moves import Act
from tests.integration.ledger import SUMMARIES, as_plan, manual, message, scripted, wait
from tests.integration.trial import Trial


async def _posted(trial: Trial) -> list[tuple[str, object]]:
    return [(row.channel, row.facts["text"]) for row in await trial.messages("plain")]


async def test_a_manual_step_waits_for_its_button_and_only_its_budget_is_watched(trial: Trial) -> None:
    await trial.started(as_plan(manual("look"), scripted("stop")))
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("look").status) == ("waiting", "waiting")
    assert [job.job for job in await trial.waiting_jobs()] == ["warn"]
    asked = "Switchback: ⏳ Waits for you: By hand: look. Do it by hand, then press “Done”"
    assert (await trial.told())[-1] == asked
    shown = (await trial.messages("run"))[-1].facts
    assert isinstance(shown["asks"], list)
    assert (shown["status"], [step["instructions"] for step in shown["asks"]]) == ("waiting", ["Turn it"])
    assert trial.action.acts == []


async def test_a_wait_ends_when_its_time_has_come(trial: Trial) -> None:
    await trial.started(as_plan(wait("settle", "90s"), scripted("stop")))
    await trial.work()
    run = await trial.run()
    assert (run.status, run.driver, run.state("settle").status) == ("waiting", "", "waiting")
    assert [job.job for job in await trial.waiting_jobs()] == ["run", "warn"]
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
    await trial.interpreter.drive("run-1")
    assert (await trial.run()).state("settle").status == "waiting"
    trial.clock.advance(10)
    await trial.work()
    assert (await trial.run()).status == "done"


async def test_a_message_is_posted_in_its_channel_and_the_run_goes_on(trial: Trial) -> None:
    await trial.started(as_plan(message("warn", "Going back to legacy"), scripted("stop")))
    await trial.work()
    assert await _posted(trial) == [(SUMMARIES, "Going back to legacy")]
    assert (await trial.run()).status == "done"


async def test_a_message_is_posted_once_when_its_run_is_driven_twice_at_once(trial: Trial) -> None:
    await trial.started(as_plan(message("warn", "Going back to legacy"), manual("look")))
    await asyncio.gather(*(trial.interpreter.drive("run-1") for _ in range(3)))
    assert await _posted(trial) == [(SUMMARIES, "Going back to legacy")]


async def test_a_move_that_another_made_first_has_no_effect(trial: Trial) -> None:
    """In the order that shows it: read by two, written by the first, then by the second."""
    await trial.started(as_plan(message("warn", "Going back to legacy"), manual("look")))
    await trial.work()
    before = await trial.counts()
    await trial.interpreter._means.records.own_step("run-1", Act("warn"))
    assert await trial.counts() == before
