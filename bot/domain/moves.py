"""What a run does next, as it stands: pure, so that every order of events can be tried."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.playbook.plans import Stage, Step
from bot.domain.run import Run
from bot.domain.step_state import StepState


@dataclass(frozen=True)
class Act:
    """Record the intent for this step, and act."""

    step: str


@dataclass(frozen=True)
class Settle:
    """An intent without an outcome; find out whether it was done."""

    step: str


@dataclass(frozen=True)
class Omit:
    """Its condition does not hold: it is not needed."""

    step: str


@dataclass(frozen=True)
class EndWait:
    """The time that this step waited for has come."""

    step: str


Move = Act | Settle | Omit | EndWait


def next_moves(run: Run, now: datetime) -> tuple[Move, ...]:
    """Everything that can be done now, in the order of the plan; nothing when the run waits or is over.

    While a question is open, or the run is paused or gives way to another, nothing new begins; what was begun
    is brought to its end.
    """
    stage = run.stage
    if not run.active or stage is None:
        return ()
    moves = list(_moves(run, stage, now))
    if run.status in ("asking", "paused", "aborting") or run.gives_way:
        return tuple(move for move in moves if isinstance(move, Settle))
    return tuple(moves)


def next_due(run: Run, now: datetime) -> datetime | None:
    """When a run that rests goes on by itself; None when it waits for a person alone."""
    if run.status not in ("running", "waiting") or run.gives_way or run.stage is None:
        return None
    states = [state for state in run.states(run.stage) if state.status in ("pending", "waiting")]
    dues = [state.due for state in states if state.due is not None and state.due > now]
    return min(dues, default=None)


def is_over(run: Run) -> bool:
    """Whether every step is settled and the run is to be called done."""
    return run.active and run.status not in ("paused", "aborting") and run.stage is None


def can_go_on(run: Run, now: datetime) -> bool:
    """Whether there is something to do now for whoever drives the run."""
    return bool(next_moves(run, now)) or is_over(run) or run.status == "aborting"


def _moves(run: Run, stage: Stage, now: datetime) -> Iterator[Move]:
    states = {state.step: state for state in run.steps}
    for step in stage.steps:
        state = states[step.id]
        if all(states[needed].settled for needed in step.needs) and (move := _move(run, step, state, now)):
            yield move
        if not stage.parallel and not state.settled:
            return


def _move(run: Run, step: Step, state: StepState, now: datetime) -> Move | None:
    """What is next of a step that has nothing before it any more."""
    if state.status == "running":
        return Settle(step.id)
    if state.due is not None and state.due > now:
        return None
    if state.status == "waiting" and state.due is not None:
        return EndWait(step.id)
    if state.status != "pending":
        return None
    return Act(step.id) if _holds(run, step) else Omit(step.id)


def _holds(run: Run, step: Step) -> bool:
    return step.when is None or ending(run.state(step.when.step)) in step.when.ended


def ending(state: StepState) -> str:
    """How a step ended, in a playbook's words; one that failed and was gone past has failed."""
    return "failed" if state.status == "tolerated" else state.status
