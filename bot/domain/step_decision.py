"""What a person may decide about a step that stopped its run, and what each decision makes of it."""

from datetime import datetime
from typing import Literal

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.domain.step_state import QUESTIONS, StepState

StepDecision = Literal["manual-done", "retry", "skip", "mark-done"]

# Which decisions a step in a status takes; everything else comes too late or too early.
_OPEN_TO: dict[str, tuple[StepDecision, ...]] = {
    "waiting": ("manual-done", "skip"),
    "failed": ("retry", "skip", "mark-done"),
    "unknown": ("retry", "mark-done", "skip"),
}
NEEDS_REASON: tuple[StepDecision, ...] = ("skip", "mark-done")
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
    if not run.active or run.status == "aborting":
        who = f" by {run.ended_by.name}" if run.ended_by else ""
        raise SupersededError(f"This run is over: it was aborted{who}" if who else "This run is over")
    waits_for_a_time = state.due is not None and decision == "manual-done"
    if decision not in _OPEN_TO[state.status] or waits_for_a_time:
        raise RefusedError(f"A step that is {state.status} cannot be decided by “{decision}”")
    if decision in NEEDS_REASON and not reason.strip():
        raise RefusedError("This decision takes a reason", field="reason")
    return state.model_copy(
        update={**_changes(state, decision, at), "decided_by": by, "reason": reason.strip()}
    )


def _changes(state: StepState, decision: StepDecision, at: datetime) -> dict[str, object]:
    if decision == "retry":
        spent = state.spent + state.elapsed(at)
        return {
            "status": "pending",
            "started_at": None,
            "ended_at": None,
            "due": None,
            "retried": 0,
            "spent": spent,
            "summary": "",
            "evidence": (),
        }
    return {"status": "skipped" if decision == "skip" else "done", "ended_at": at, "due": None}
