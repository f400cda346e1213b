"""What a person may decide about a step, and what becomes of the step."""

from typing import get_args

import pytest

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.run import Run, RunStatus
from bot.domain.step_decision import NEEDS_REASON, StepDecision, decide
from bot.domain.step_state import StepState
from tests.unit.domain.ledger import ANA, NOW, SAM, after, run_of

ALLOWED: dict[str, set[StepDecision]] = {
    "waiting": {"manual-done", "skip"},
    "failed": {"retry", "mark-done", "skip"},
    "unknown": {"retry", "mark-done", "skip"},
}


def stopped(status: str, **more: object) -> Run:
    state = {"status": status, "attempt": 2, "started_at": NOW, "summary": "why", **more}
    return run_of(state, status="waiting" if status == "waiting" else "asking")


def decided(run: Run, decision: StepDecision, *, reason: str = "so", attempt: int = 2) -> StepState:
    return decide(run, step="stop", attempt=attempt, decision=decision, reason=reason, by=ANA, at=after(9))


@pytest.mark.parametrize("status", ALLOWED)
@pytest.mark.parametrize("decision", get_args(StepDecision))
def test_a_step_takes_the_decisions_that_fit_how_it_stopped(status: str, decision: StepDecision) -> None:
    run = stopped(status)
    if decision in ALLOWED[status]:
        state = decided(run, decision)
        assert (state.decided_by, state.reason) == (ANA, "so")
    else:
        with pytest.raises(RefusedError, match=f"A step that is {status} cannot be decided by “{decision}”"):
            decided(run, decision)


@pytest.mark.parametrize(
    ("status", "decision", "becomes", "ended"),
    [
        ("waiting", "manual-done", "done", True),
        ("unknown", "mark-done", "done", True),
        ("failed", "skip", "skipped", True),
        ("failed", "retry", "pending", False),
    ],
)
def test_a_decision_settles_the_step_or_sends_it_to_be_done_again(
    status: str, decision: StepDecision, becomes: str, ended: bool
) -> None:
    state = decided(stopped(status), decision)
    assert (state.status, state.ended_at is not None) == (becomes, ended)


def test_a_retry_begins_with_nothing_of_the_attempt_before() -> None:
    evidence = ({"name": "exit", "text": "1"},)
    state = decided(stopped("failed", ended_at=after(3), evidence=evidence), "retry")
    assert (state.started_at, state.ended_at, state.summary, state.evidence) == (None, None, "", ())


@pytest.mark.parametrize("decision", NEEDS_REASON)
def test_a_decision_that_needs_a_reason_is_refused_without_one(decision: StepDecision) -> None:
    with pytest.raises(RefusedError, match="takes a reason") as refused:
        decided(stopped("unknown"), decision, reason=" \n ")
    assert refused.value.field == "reason"


def test_a_reason_is_kept_without_the_space_around_it() -> None:
    assert decided(stopped("failed"), "skip", reason="  done before \n").reason == "done before"


@pytest.mark.parametrize("attempt", [1, 3])
def test_a_decision_about_another_attempt_comes_too_late(attempt: int) -> None:
    with pytest.raises(SupersededError, match=r"Step “Do stop” was decided already$"):
        decided(stopped("failed"), "retry", attempt=attempt)


@pytest.mark.parametrize(
    ("status", "did"),
    [("done", "done"), ("skipped", "skipped"), ("running", "started again"), ("pending", "started again")],
)
def test_who_comes_second_is_told_what_happened_and_by_whom(status: str, did: str) -> None:
    run = run_of({"status": status, "attempt": 2, "decided_by": SAM})
    with pytest.raises(SupersededError, match=f"Step “Do stop” was {did} already by Sam"):
        decided(run, "skip")


@pytest.mark.parametrize("status", ["done", "aborted", "aborting", "replaced"])
def test_a_run_that_is_over_takes_no_decision(status: RunStatus) -> None:
    with pytest.raises(SupersededError, match="This run is over"):
        decided(run_of({"status": "failed", "attempt": 2}, status=status), "retry")


def test_nobody_can_have_done_by_hand_what_waits_for_a_time() -> None:
    with pytest.raises(RefusedError, match="cannot be decided by “manual-done”"):
        decided(stopped("waiting", due=after(60)), "manual-done")
    assert decided(stopped("waiting", due=after(60)), "skip").status == "skipped"
