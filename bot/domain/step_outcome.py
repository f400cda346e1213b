"""What the outcome of an act makes of its step: done, tried again, gone past, or a question."""

from datetime import datetime, timedelta
from typing import Literal

from bot.domain.playbook.plans import OtherPlan, Step
from bot.domain.step_state import Proof, StepState


def begun(state: StepState, *, nonce: str, at: datetime) -> StepState:
    """The step with the intent of a new attempt."""
    return state.model_copy(
        update={
            "status": "running",
            "attempt": state.attempt + 1,
            "nonce": nonce,
            "started_at": at,
            "ended_at": None,
            "due": None,
            "spent": state.spent + state.elapsed(at),
        }
    )


def ended(
    state: StepState,
    step: Step,
    *,
    outcome: Literal["succeeded", "failed", "unknown"],
    summary: str,
    evidence: tuple[Proof, ...],
    idempotent: bool,
    at: datetime,
) -> StepState:
    """The step after its act. What failed is tried again, gone past or asked about, as the playbook says.

    What is not known is always asked about, whatever the playbook says of failures.
    """
    after = state.model_copy(update={"ended_at": at, "summary": summary, "evidence": evidence})
    if outcome == "succeeded":
        # Who had it run again did not do it.
        return after.model_copy(update={"status": "done", "decided_by": None, "reason": ""})
    if outcome == "unknown":
        return after.model_copy(update={"status": "unknown"})
    if step.retries is not None and idempotent and state.retried < step.retries.times:
        pause = step.retries.pause * step.retries.factor**state.retried
        return after.model_copy(update={"status": "pending", "due": at + pause, "retried": state.retried + 1})
    return after.model_copy(update={"status": "tolerated" if step.on_failure == "continue" else "failed"})


def other_plan(state: StepState, step: Step) -> str | None:
    """The plan that a failure of this step goes to by itself, where it has come to that."""
    failed = state.status == "failed" and isinstance(step.on_failure, OtherPlan)
    return step.on_failure.plan if failed and isinstance(step.on_failure, OtherPlan) else None


def pause_before(state: StepState, at: datetime) -> timedelta:
    """How long it is until a failed step is tried again."""
    return max(state.due - at, timedelta()) if state.due else timedelta()
