"""A run: one execution of a plan, as a chain of segments that each end in a wait or an end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.errors import SupersededError
from bot.domain.person import Actor
from bot.domain.playbook.plans import Plan, Step

RunStatus = Literal["running", "waiting", "asking", "done", "aborted"]
StepStatus = Literal["pending", "running", "waiting", "done", "failed", "unknown", "skipped"]
ACTIVE_RUNS: tuple[RunStatus, ...] = ("running", "waiting", "asking")
SETTLED: tuple[StepStatus, ...] = ("done", "skipped")
QUESTIONS: tuple[StepStatus, ...] = ("failed", "unknown")


class Proof(BaseModel):
    """A named piece of evidence of a step, bounded text."""

    model_config = ConfigDict(frozen=True)
    name: str
    text: str


class StepState(BaseModel):
    """Where one step stands. `nonce` is new with each attempt; `due` is when a wait ends."""

    model_config = ConfigDict(frozen=True)
    step: str
    stage: str
    status: StepStatus = "pending"
    attempt: int = 0
    nonce: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    due: datetime | None = None
    summary: str = ""
    evidence: tuple[Proof, ...] = ()
    decided_by: Actor | None = None
    reason: str = ""

    def elapsed(self, now: datetime) -> timedelta:
        """How long it took, or has taken so far."""
        return (self.ended_at or now) - self.started_at if self.started_at else timedelta()


class Run(BaseModel):
    """One execution. `plan` is frozen: it is what was previewed and confirmed; `title` and `folder` are
    the playbook's at that time, so that a changed or removed playbook does not touch a run.

    `segment` counts the durable jobs that drove it; a job of an older segment does nothing.
    `broke_glass` is the reason of `confirmed_by` to go on without the approvals that it should have had.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    incident: str
    migration: str
    environment: str
    title: str
    folder: Path
    plan_id: str
    plan: Plan
    playbook_digest: str
    status: RunStatus
    confirmed_by: Actor
    confirmed_at: datetime
    detected_at: datetime
    ended_at: datetime | None = None
    ended_by: Actor | None = None
    end_reason: str = ""
    segment: int = 1
    steps: tuple[StepState, ...]
    approved_by: tuple[Actor, ...] = ()
    broke_glass: str = ""

    def state(self, step_id: str) -> StepState:
        """Where the step stands. Raises SupersededError for a step this run does not have."""
        for state in self.steps:
            if state.step == step_id:
                return state
        raise SupersededError(f"This run has no step “{step_id}”")

    def step(self, step_id: str) -> Step:
        """The step as planned."""
        return next(step for step in self.plan.steps if step.id == step_id)

    @property
    def current(self) -> StepState | None:
        """The first step that is not settled; None when all are."""
        return next((state for state in self.steps if state.status not in SETTLED), None)

    @property
    def settled(self) -> int:
        """How many steps are done or skipped."""
        return sum(state.status in SETTLED for state in self.steps)

    def progress(self) -> str:
        """How far it is: `7 of 9 steps`, and how many were skipped instead of done."""
        skipped = sum(state.status == "skipped" for state in self.steps)
        apart = f", {skipped} skipped" if skipped else ""
        return f"{self.settled - skipped} of {len(self.steps)} steps{apart}"

    def elapsed(self, now: datetime) -> timedelta:
        """From the confirmation to the end, or to now."""
        return (self.ended_at or now) - self.confirmed_at

    def stage_elapsed(self, stage: str, now: datetime) -> timedelta:
        """From the start of the stage's first step to the end of its last, or to now."""
        states = [state for state in self.steps if state.stage == stage]
        starts = [state.started_at for state in states if state.started_at]
        if not starts:
            return timedelta()
        ends = [state.ended_at for state in states if state.ended_at]
        settled = all(state.status in SETTLED for state in states)
        return (max(ends) if settled and ends else self.ended_at or now) - min(starts)


@dataclass(frozen=True)
class Act:
    """The next move: record the intent for this step and act."""

    step: str


@dataclass(frozen=True)
class Settle:
    """The next move: an intent without an outcome; find out whether it was done."""

    step: str


@dataclass(frozen=True)
class Rest:
    """The next move: none; the run waits for a person or a time, or is over."""


@dataclass(frozen=True)
class Finish:
    """The next move: every step is settled, the run is done."""


Move = Act | Settle | Rest | Finish


def next_move(run: Run, now: datetime) -> Move:
    """What the interpreter does next with a run as it stands."""
    if run.status not in ("running", "waiting"):
        return Rest()
    state = run.current
    if state is None:
        return Finish()
    if state.status == "pending":
        return Act(state.step)
    if state.status == "running":
        return Settle(state.step)
    if state.status == "waiting" and state.due is not None and state.due <= now:
        return Act(state.step)
    return Rest()


def first_states(plan: Plan) -> tuple[StepState, ...]:
    """All steps of a plan, pending, in order."""
    return tuple(StepState(step=step.id, stage=stage.id) for stage in plan.stages for step in stage.steps)
