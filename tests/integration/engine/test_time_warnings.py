"""Warnings about time: at 80 % of a budget and when it is spent, each once, in the thread."""

from bot.domain.messages.timeline import TimelineFacts
from tests.integration.ledger import as_plan, manual, scripted
from tests.integration.trial import Trial


def _warnings(told: list[str]) -> list[str]:
    return [line.removeprefix("Switchback: ⏳ ") for line in told if "budget" in line or "has taken" in line]


async def test_a_step_by_hand_is_warned_of_while_the_run_rests_and_whom_it_waits_for_is_called(
    trial: Trial,
) -> None:
    await trial.started(as_plan(manual("look")))
    await trial.work()
    trial.clock.advance(23)
    await trial.work()
    assert _warnings(await trial.told()) == []
    trial.clock.advance(1)
    await trial.work()
    assert _warnings(await trial.told()) == ["By hand: look has taken 0:24 of its 0:30"]
    last = TimelineFacts.model_validate((await trial.messages("timeline"))[-1].facts)
    assert [entry.mention for entry in last.entries] == ["U0SAM"]
    trial.clock.advance(6)
    await trial.work()
    trial.clock.advance(60)
    await trial.work()
    assert _warnings(await trial.told())[1:] == ["By hand: look is over its budget of 0:30"]


async def test_stage_and_whole_are_warned_of_too_each_once(trial: Trial) -> None:
    await trial.started(as_plan(manual("look")))
    await trial.work()
    for _ in range(80):
        trial.clock.advance(4)
        await trial.work()
    told = _warnings(await trial.told())
    assert sorted(told) == sorted(
        [
            "By hand: look has taken 0:24 of its 0:30",
            "By hand: look is over its budget of 0:30",
            "Stage “Back” has taken 3:12 of its 4:00",
            "The rollback has taken 4:00 of its 5:00",
            "Stage “Back” is over its budget of 4:00",
            "The rollback is over its budget of 5:00",
        ]
    )


async def test_a_step_that_acts_is_warned_of_while_it_acts(trial: Trial) -> None:
    async def take_long(value: str) -> None:
        for _ in range(13):
            await trial.clock.asleep(2.0)
            trial.clock.advance(2)
        while not _warnings(await trial.told()):
            await trial.clock.asleep(2.0)

    trial.action.during = take_long
    await trial.started(as_plan(scripted("stop")))
    await trial.work()
    assert _warnings(await trial.told()) == ["Do stop has taken 0:24 of its 0:30"]


async def test_a_budget_spent_while_the_bot_was_away_is_told_once(
    trial: Trial,
) -> None:
    await trial.started(as_plan(manual("look")))
    await trial.work()
    trial.clock.advance(45)
    await trial.work()
    assert _warnings(await trial.told()) == ["By hand: look is over its budget of 0:30"]
