"""Steering a run that waits or asks: each decision once, by who may, with its reason."""

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError, UnknownNameError
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.domain.step_decision import StepDecision
from bot.ports.outcome import Outcome
from tests.integration.ledger import EVE, KIM, SAM, as_plan, manual, scripted, wait
from tests.integration.trial import Trial

FAILED = Outcome("failed", "port closed")
UNKNOWN = Outcome("unknown", "no answer")


async def _asking(trial: Trial, outcome: Outcome) -> None:
    trial.action.outcomes["stop"].append(outcome)
    await trial.started(as_plan(scripted("stop"), scripted("restore")))
    await trial.work()


async def _decide(
    trial: Trial,
    decision: StepDecision,
    *,
    step: str = "stop",
    attempt: int = 1,
    reason: str = "",
    actor: Actor = KIM,
) -> Run:
    return await trial.services.steering.decide(
        "run-1", step=step, attempt=attempt, decision=decision, reason=reason, actor=actor
    )


async def test_done_by_hand_lets_the_run_go_on(trial: Trial) -> None:
    await trial.started(as_plan(manual("look"), scripted("stop")))
    await trial.work()
    trial.clock.advance(40)
    await _decide(trial, "manual-done", step="look")
    await trial.work()
    run = await trial.run()
    assert (run.status, trial.action.acts) == ("done", ["stop"])
    assert run.state("look").decided_by == KIM
    assert run.state("look").elapsed(trial.clock.now()).total_seconds() == 40
    assert "Kim: did by hand “By hand: look”" in await trial.told()


async def test_a_retry_is_a_new_attempt_with_a_new_nonce(trial: Trial) -> None:
    await _asking(trial, FAILED)
    await _decide(trial, "retry")
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("stop").attempt) == ("done", 2)
    assert trial.action.acts == ["stop", "stop", "restore"]
    assert len({acted.nonce for acted in trial.action.ledger}) == 3


async def test_a_skip_with_a_reason_goes_on_with_the_next_step(trial: Trial) -> None:
    await _asking(trial, FAILED)
    await _decide(trial, "skip", reason=" it is down already ")
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("stop").status) == ("done", "skipped")
    assert (run.state("stop").reason, run.state("stop").decided_by) == ("it is down already", KIM)
    assert trial.action.acts == ["stop", "restore"]
    assert "Kim: skips “Do stop”. Reason: it is down already" in await trial.told()


async def test_what_may_have_been_done_can_be_marked_as_done(trial: Trial) -> None:
    await _asking(trial, UNKNOWN)
    await _decide(trial, "mark-done", reason="the unit is inactive")
    await trial.work()
    assert (await trial.run()).state("stop").status == "done"
    assert trial.action.acts == ["stop", "restore"]


async def test_an_abort_ends_the_run_and_its_incident_and_nothing_more_is_done(trial: Trial) -> None:
    await _asking(trial, FAILED)
    trial.clock.advance(30)
    run = await trial.services.steering.abort("run-1", reason="legacy is broken too", actor=KIM)
    assert (run.status, run.ended_by, run.end_reason) == ("aborted", KIM, "legacy is broken too")
    assert run.elapsed(trial.clock.now()).total_seconds() == 30
    assert not await trial.incident_is_open()
    assert [job.job for job in await trial.waiting_jobs()] == ["warn"]
    before = await trial.counts()
    trial.clock.advance(hours=1)
    await trial.work()
    await trial.interpreter.drive("run-1")
    assert await trial.counts() == before
    assert trial.action.acts == ["stop"]
    with pytest.raises(SupersededError, match="This run is over: it was aborted"):
        await _decide(trial, "retry")


async def test_a_step_that_waits_for_a_time_can_be_skipped_and_its_timer_then_does_nothing(
    trial: Trial,
) -> None:
    await trial.started(as_plan(wait("settle", "10m"), manual("look")))
    await trial.work()
    with pytest.raises(RefusedError):
        await _decide(trial, "manual-done", step="settle")
    await _decide(trial, "skip", step="settle", reason="no time")
    trial.clock.advance(minutes=10)
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("settle").status, run.state("look").attempt) == ("waiting", "skipped", 1)


@pytest.mark.parametrize("decision", ["skip", "mark-done"])
async def test_what_leaves_a_step_undone_takes_a_reason(trial: Trial, decision: StepDecision) -> None:
    await _asking(trial, UNKNOWN)
    before = await trial.counts()
    with pytest.raises(RefusedError, match="takes a reason") as error:
        await _decide(trial, decision, reason="  ")
    assert error.value.field == "reason"
    assert await trial.counts() == before


async def test_a_failed_step_that_was_put_right_by_hand_can_be_marked_as_done(trial: Trial) -> None:
    await _asking(trial, FAILED)
    await _decide(trial, "mark-done", reason="stopped it by hand")
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("stop").status, run.state("stop").decided_by) == ("done", "done", KIM)
    assert trial.action.acts == ["stop", "restore"]


async def test_a_decision_about_an_earlier_attempt_is_told_what_happened(trial: Trial) -> None:
    trial.action.outcomes["stop"].extend([FAILED, FAILED])
    await trial.started(as_plan(scripted("stop")))
    await trial.work()
    await _decide(trial, "retry", actor=SAM)
    await trial.work()
    with pytest.raises(SupersededError, match="by Sam"):
        await _decide(trial, "skip", attempt=1, reason="x")
    await _decide(trial, "skip", attempt=2, reason="x")


async def test_a_second_decision_is_told_who_made_the_first(trial: Trial) -> None:
    await _asking(trial, FAILED)
    await _decide(trial, "skip", reason="x", actor=SAM)
    with pytest.raises(SupersededError, match="Step “Do stop” was skipped already by Sam"):
        await _decide(trial, "retry")
    assert [kind for kind, _ in await trial.audited() if kind.startswith("step.")][-1] == "step.skip"


async def test_an_outsider_decides_nothing_and_is_audited(trial: Trial) -> None:
    await _asking(trial, FAILED)
    with pytest.raises(NotAllowedError):
        await _decide(trial, "retry", actor=EVE)
    assert (await trial.run()).status == "asking"
    assert (await trial.audited())[-1] == ("refused", "U0EVE (Eve)")


async def test_a_run_or_step_that_does_not_exist_is_told(trial: Trial) -> None:
    await _asking(trial, FAILED)
    with pytest.raises(UnknownNameError, match="Did you mean run-1"):
        await trial.services.steering.decide(
            "run-2", step="stop", attempt=1, decision="retry", reason="", actor=SAM
        )
    with pytest.raises(SupersededError, match="no step “stap”"):
        await _decide(trial, "retry", step="stap")


async def test_the_latest_runs_are_listed_newest_first(trial: Trial) -> None:
    await _asking(trial, FAILED)
    run = await trial.run()
    async with trial.store.transaction() as tx:
        await tx.runs.add(run.model_copy(update={"id": "run-0", "status": "done"}))
    async with trial.store.reading() as tx:
        listed = await tx.runs.latest(migration="ledger", count=10)
        assert await tx.runs.latest(migration="other", count=10) == ()
    assert [found.id for found in listed] == ["run-1", "run-0"]
