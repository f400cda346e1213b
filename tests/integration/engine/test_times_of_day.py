"""A run that waits for times of a day: kept current while it rests, for the time by whatever clock."""

from datetime import timedelta

from bot.engine.clock_watch import ClockWatch
from tests.fakes.clock import START
from tests.integration.ledger import SAM, as_plan, manual, scripted
from tests.integration.trial import Trial

EIGHT = START.replace(hour=8, minute=0)


async def _waiting(trial: Trial, **changes: object) -> None:
    wait = {"id": "eight", "title": "Until eight", "uses": "wait-until", "with": {"at": "08:00"}}
    await trial.started(as_plan(wait, scripted("sync"), manual("check")))
    async with trial.store.transaction() as tx:
        run = await tx.runs.get("run-1")
        day = {"day": START.date(), "purpose": "cutover", **changes}
        assert await tx.runs.change(run, run.model_copy(update=day))
    await trial.work()


async def _shown(trial: Trial) -> list[object]:
    return [row.facts["at"] for row in await trial.messages("run")]


async def test_it_goes_on_at_its_time_and_not_before(trial: Trial) -> None:
    await _waiting(trial)
    trial.clock.advance((EIGHT - START).total_seconds() - 1)
    await trial.work()
    assert trial.action.acts == []
    trial.clock.advance(1)
    await trial.work()
    assert (trial.action.acts, (await trial.run()).state("eight").summary) == (["sync"], "waited")


async def test_its_message_is_kept_current_while_nobody_drives_it(trial: Trial) -> None:
    await _waiting(trial)
    assert {job.job for job in await trial.waiting_jobs()} >= {"countdown", "run"}
    before = await _shown(trial)
    trial.clock.advance(hours=1, minutes=48)
    await trial.work()
    after = await _shown(trial)
    assert (len(before), len(after), before == after) == (1, 1, False)


async def test_nobody_is_warned_of_a_budget_while_it_waits_and_then_of_what_is_spent(trial: Trial) -> None:
    await _waiting(trial)
    trial.clock.advance((EIGHT - START).total_seconds())
    await trial.work()
    assert [line for line in await trial.told() if "budget" in line or "has taken" in line] == []
    trial.clock.advance(minutes=4)
    await trial.work()
    assert any("The cutover has taken 4:00 of its 5:00" in line for line in await trial.told())


async def test_a_clock_that_is_set_back_moves_no_time_of_day(trial: Trial) -> None:
    await _waiting(trial)
    watch = ClockWatch(store=trial.store, clock=trial.clock)
    trial.clock.set_by(-timedelta(hours=1))
    await watch.look()
    assert (await trial.run()).state("eight").due == EIGHT


async def test_a_rehearsal_waits_for_no_time_of_day(trial: Trial) -> None:
    await _waiting(trial, rehearsal="rehearsal-1")
    state = (await trial.run()).state("eight")
    assert (state.status, state.summary) == ("done", "a rehearsal waits for no time of day")
    assert trial.action.acts == ["sync"]


async def test_a_person_may_skip_the_wait_with_a_reason(trial: Trial) -> None:
    await _waiting(trial)
    await trial.services.steering.decide(
        "run-1", step="eight", attempt=1, decision="skip", reason="all are here", actor=SAM
    )
    await trial.work()
    assert trial.action.acts == ["sync"]
