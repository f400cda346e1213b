"""Steps of a parallel stage act at the same time; a condition says whether a step is needed."""

import asyncio

from bot.ports.outcome import Outcome
from tests.integration.ledger import SAM, Document, as_stages, manual, scripted
from tests.integration.trial import Trial


def _fork() -> list[Document]:
    return [
        {"parallel": True, "steps": [scripted("left"), scripted("right"), manual("look")]},
        {"steps": [scripted("join")]},
    ]


async def _did_by_hand(trial: Trial) -> None:
    await trial.services.steering.decide(
        "run-1", step="look", attempt=1, decision="manual-done", reason="", actor=SAM
    )


async def test_steps_of_a_parallel_stage_act_at_the_same_time_and_the_next_stage_after_all(
    trial: Trial,
) -> None:
    acting, both = set[str](), asyncio.Event()

    async def meet(value: str) -> None:
        acting.add(value)
        if acting == {"left", "right"}:
            both.set()
        await asyncio.wait_for(both.wait(), 10)

    trial.action.during = meet
    await trial.started(as_stages(*_fork()))
    await trial.work()
    run = await trial.run()
    assert [state.status for state in run.steps] == ["done", "done", "waiting", "pending"]
    assert run.status == "waiting"
    await _did_by_hand(trial)
    await trial.work()
    assert ((await trial.run()).status, trial.action.acts[2:]) == ("done", ["join"])


async def test_a_failure_beside_an_act_is_asked_at_once_and_the_act_is_brought_to_its_end(
    trial: Trial,
) -> None:
    failed = asyncio.Event()

    async def left_waits(value: str) -> None:
        if value == "left":
            await asyncio.wait_for(failed.wait(), 10)
            await trial.until(lambda run: run.status == "asking")
        else:
            failed.set()

    trial.action.during = left_waits
    trial.action.outcomes["right"].append(Outcome("failed", "port closed"))
    await trial.started(as_stages({"parallel": True, "steps": [scripted("left"), scripted("right")]}))
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("left").status, run.state("right").status) == ("asking", "done", "failed")


async def test_a_press_while_another_step_acts_is_taken_up_by_the_same_drive(trial: Trial) -> None:
    pressed = asyncio.Event()

    async def press_beside(value: str) -> None:
        if value == "slow":
            await trial.until(lambda run: run.state("look").status == "waiting")
            await trial.services.steering.decide(
                "run-1",
                step="look",
                attempt=1,
                decision="manual-done",
                reason="",
                actor=(await trial.run()).confirmed_by,
            )
            await trial.interpreter.drive("run-1")
            await asyncio.wait_for(pressed.wait(), 10)
        else:
            pressed.set()

    trial.action.during = press_beside
    after = scripted("after") | {"needs": ["look"]}
    await trial.started(as_stages({"parallel": True, "steps": [scripted("slow"), manual("look"), after]}))
    await trial.work()
    assert ((await trial.run()).status, trial.action.acts) == ("done", ["slow", "after"])


async def test_a_step_that_is_not_needed_is_passed_over_and_says_why(trial: Trial) -> None:
    kill = scripted("kill") | {"when": {"step": "stop", "ended": ["failed"]}}
    await trial.started(as_stages({"steps": [scripted("stop"), kill, scripted("restore")]}))
    await trial.work()
    run = await trial.run()
    assert trial.action.acts == ["stop", "restore"]
    assert (run.state("kill").status, run.state("kill").summary) == ("omitted", "“Do stop” was done")
    assert run.progress() == "2 of 3 steps, 1 not needed"
    assert "Switchback: ◻︎ Do kill is not needed: “Do stop” was done" in await trial.told()
