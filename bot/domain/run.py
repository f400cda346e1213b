"""A run: one execution of a plan, driven until it waits, asks, pauses or ends."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.errors import SupersededError
from bot.domain.person import Actor
from bot.domain.playbook.people import Contact
from bot.domain.playbook.plans import WAIT_UNTIL, Plan, Stage, Step
from bot.domain.run_purpose import FORWARD, Purpose
from bot.domain.step_state import QUESTIONS, StepState

RunStatus = Literal[
    "queued", "running", "waiting", "asking", "paused", "aborting", "done", "aborted", "replaced"
]
ACTIVE_RUNS: tuple[RunStatus, ...] = ("running", "waiting", "asking", "paused", "aborting")


class Run(BaseModel):
    """One execution. `plan` is frozen: it is what was previewed and confirmed; `title` and `folder` are
    the playbook's at that time, so that a changed or removed playbook does not touch a run.

    `fallbacks` are the other plans that it may go to, frozen as well, `emergency` the one that a person
    may take when it fails; `undoes` is the run whose steps it takes back.

    `version` counts the changes. `driver` is the replica that drives it now, empty while it rests.
    `warned` names the warnings about time that were given. `replaced_by` is the run of another plan
    that goes on in its place, or will as soon as no step acts any more: until then that one is queued, and
    this one gives way. `broke_glass` is the reason of `confirmed_by` to go on without the
    approvals that it should have had. `inputs` are what was typed at the confirmation, filled into the
    plans. `rehearsal` is the id of the rehearsal that it belongs to; empty for a run that is meant.

    `purpose` is what it is for, `decision` the one that it rests on, and `to_phase` the phase in which the
    migration is when it is done. Of a cutover, `day` is its day in `zone`; beyond the step `no_return` going
    back, by the plan `back` among the fallbacks, is asked about once more. `since` is when the migration
    was cut over.
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
    paused_by: Actor | None = None
    paused_at: datetime | None = None
    replaced_by: str = ""
    undoes: str = ""
    fallbacks: dict[str, Plan] = Field(default_factory=dict)
    emergency: str = ""
    escalation: tuple[Contact, ...] = ()
    inputs: dict[str, str] = Field(default_factory=dict)
    rehearsal: str = ""
    version: int = 1
    driver: str = ""
    warned: tuple[str, ...] = ()
    steps: tuple[StepState, ...]
    approved_by: tuple[Actor, ...] = ()
    broke_glass: str = ""
    purpose: Purpose = "rollback"
    decision: str = ""
    to_phase: str = ""
    day: date | None = None
    zone: str = "UTC"
    no_return: str = ""
    back: str = ""
    since: datetime | None = None

    def state(self, step_id: str) -> StepState:
        """Where the step stands. Raises SupersededError for a step this run does not have."""
        for state in self.steps:
            if state.step == step_id:
                return state
        raise SupersededError(f"This run has no step “{step_id}”")

    def step(self, step_id: str) -> Step:
        """The step as planned."""
        return next(step for stage in self.plan.stages for step in stage.steps if step.id == step_id)

    def states(self, stage: Stage) -> tuple[StepState, ...]:
        """Where the steps of a stage stand."""
        by_id = {state.step: state for state in self.steps}
        return tuple(by_id[step.id] for step in stage.steps)

    @property
    def active(self) -> bool:
        """Whether it is not over."""
        return self.status in ACTIVE_RUNS

    @property
    def over(self) -> bool:
        """Whether nothing will be done in it any more."""
        return not self.active and self.status != "queued"

    @property
    def gives_way(self) -> bool:
        """Whether it ends as soon as no step acts any more, for another run that waits for that."""
        return self.active and self.replaced_by != ""

    @property
    def goes_forward(self) -> bool:
        """Whether it leads to the new system, so that a rollback takes its place."""
        return self.purpose in FORWARD

    @property
    def past_no_return(self) -> bool:
        """Whether its point of no return, or a step after it, has begun."""
        ids = [step.id for step in self.plan.steps]
        if self.no_return not in ids:
            return False
        beyond = set(ids[ids.index(self.no_return) :])
        return any(state.attempt > 0 for state in self.steps if state.step in beyond)

    @property
    def stage(self) -> Stage | None:
        """The stage it is in; None when every step is settled."""
        settled = {state.step for state in self.steps if state.settled}
        return next(
            (stage for stage in self.plan.stages if any(step.id not in settled for step in stage.steps)), None
        )

    @property
    def current(self) -> StepState | None:
        """The step to be looked at first: one that asks, else one that acts or waits, else the next."""
        stage = self.stage
        if stage is None:
            return None
        order = (*QUESTIONS, "waiting", "running", "pending")
        return min(
            (state for state in self.states(stage) if not state.settled),
            key=lambda state: order.index(state.status),
        )

    @property
    def settled(self) -> int:
        """How many steps the run is past."""
        return sum(state.settled for state in self.steps)

    def having(self, *states: StepState) -> "Run":
        """The run with these steps standing so, and the status that follows from them."""
        by_id = {state.step: state for state in states}
        steps = tuple(by_id.get(state.step, state) for state in self.steps)
        return self.model_copy(update={"steps": steps}).settled_status()

    def settled_status(self) -> "Run":
        """The run with the status that follows from its steps; a paused or ended one keeps its own."""
        if not self.active or self.status in ("paused", "aborting"):
            return self
        statuses = {state.status for state in self.steps}
        if statuses & set(QUESTIONS):
            status: RunStatus = "asking"
        elif "running" not in statuses and "waiting" in statuses:
            status = "waiting"
        else:
            status = "running"
        return self.model_copy(update={"status": status})

    def progress(self) -> str:
        """How far it is: `7 of 9 steps`, and how many ended otherwise than done."""
        counts = {
            word: sum(state.status == status for state in self.steps)
            for status, word in (("skipped", "skipped"), ("omitted", "not needed"), ("tolerated", "failed"))
        }
        apart = "".join(f", {count} {word}" for word, count in counts.items() if count)
        return f"{self.settled - sum(counts.values())} of {len(self.steps)} steps{apart}"

    def elapsed(self, now: datetime) -> timedelta:
        """From the confirmation to the end, or to now, without waits for a time of day; never below zero."""
        return max((self.ended_at or now) - self.confirmed_at - self.held(now), timedelta())

    def held(self, now: datetime | None = None, *, stage: str = "") -> timedelta:
        """How long it waited for times of day, in one stage where given: that counts against no budget.

        Until `now`, or else until the waits that have begun are over.
        """
        ids = {step.id for step in self.plan.steps if step.uses == WAIT_UNTIL}
        total = timedelta()
        for state in self.steps if ids else ():
            if state.step in ids and state.started_at is not None and stage in ("", state.stage):
                end = state.ended_at or self.ended_at or now or state.due or state.started_at
                total += max(end - state.started_at, timedelta())
        return total

    def stage_elapsed(self, stage: str, now: datetime) -> timedelta:
        """From the start of the stage's first step to the end of its last, or to now, without waits for a
        time of day."""
        states = [state for state in self.steps if state.stage == stage]
        starts = [state.started_at - state.spent for state in states if state.started_at]
        if not starts:
            return timedelta()
        ends = [state.ended_at for state in states if state.ended_at]
        settled = all(state.settled for state in states)
        end = max(ends) if settled and ends else self.ended_at or now
        return max(end - min(starts) - self.held(now, stage=stage), timedelta())


def first_states(plan: Plan) -> tuple[StepState, ...]:
    """All steps of a plan, pending, in order."""
    return tuple(StepState(step=step.id, stage=stage.id) for stage in plan.stages for step in stage.steps)
