"""What a person may decide about a step that stopped its run, and what each decision makes of it."""

from datetime import datetime
from typing import Literal

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.run import ACTIVE_RUNS, QUESTIONS, Run, StepState

StepDecision = Literal["manual-done", "retry", "skip", "mark-done", "abort"]

# Which decisions a step in a status takes; everything else comes too late or too early.
_OPEN_TO: dict[str, tuple[StepDecision, ...]] = {
    "waiting": ("manual-done", "skip", "abort"),
    "failed": ("retry", "skip", "abort"),
    "unknown": ("retry", "mark-done", "skip", "abort"),
}
NEEDS_REASON: tuple[StepDecision, ...] = ("skip", "mark-done", "abort")
_DID = {"done": "done", "skipped": "skipped", "running": "started again", "pending": "started again"}


def decide(
    run: Run, *, step: str, attempt: int, decision: StepDecision, reason: str, by: Actor, at: datetime
) -> StepState:
    """The step's state after the decision of a person.

    `attempt` is the one the person was shown. Raises SupersededError when the step moved on,
    RefusedError when the reason is missing or the decision does not fit the step.
    """
    state = run.state(step)
    if state.attempt != attempt or state.status not in ("waiting", *QUESTIONS):
        who = f" by {state.decided_by.name}" if state.decided_by else ""
        raise SupersededError(
            f"Step “{run.step(step).title}” was {_DID.get(state.status, 'decided')} already{who}"
        )
    if run.status not in ACTIVE_RUNS:
        who = f" by {run.ended_by.name}" if run.ended_by else ""
        raise SupersededError(f"This run is over: it was {run.status}{who}")
    waits_for_a_time = state.due is not None and decision == "manual-done"
    if decision not in _OPEN_TO[state.status] or waits_for_a_time:
        raise RefusedError(f"A step that is {state.status} cannot be decided by “{decision}”")
    if decision in NEEDS_REASON and not reason.strip():
        raise RefusedError("This decision takes a reason", field="reason")
    changes = _changes(state, decision, at)
    return state.model_copy(update={**changes, "decided_by": by, "reason": reason.strip()})


def _changes(state: StepState, decision: StepDecision, at: datetime) -> dict[str, object]:
    if decision == "retry":
        return {"status": "pending", "started_at": None, "ended_at": None, "summary": "", "evidence": ()}
    if decision == "skip":
        return {"status": "skipped", "ended_at": at}
    if decision == "abort":
        return {"ended_at": state.ended_at or at}
    return {"status": "done", "ended_at": at}
