"""The record of a rehearsal: a real rollback in another environment than production."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.domain.step_state import StepStatus
from bot.domain.table_state import TableState

RehearsalStatus = Literal["before", "back", "compare", "forward", "compare-again", "ended"]
"""What goes on: reading data, the way back, reading again, the way forward, reading once more; or over."""
MOST_OF_A_COMMENT = 500


class RehearsedStep(BaseModel):
    """How one step of it ended."""

    model_config = ConfigDict(frozen=True)
    step: str
    title: str
    status: StepStatus
    seconds: float
    summary: str = ""


class RehearsedRun(BaseModel):
    """One of its runs that is over: the way back, or the way forward again. The status is that of its run."""

    model_config = ConfigDict(frozen=True)
    run: str
    plan_id: str
    status: Literal["done", "aborted", "replaced"]
    seconds: float
    steps: tuple[RehearsedStep, ...]

    @property
    def failures(self) -> tuple[RehearsedStep, ...]:
        """The steps that were passed over, or did not do what they should; not what the plan tolerates."""
        fine = ("done", "omitted", "tolerated")
        return tuple(step for step in self.steps if step.status not in fine)


class Issue(BaseModel):
    """What somebody noted while it ran."""

    model_config = ConfigDict(frozen=True)
    by: Actor
    at: datetime
    text: str


class SignOff(BaseModel):
    """A person's signature for a role."""

    model_config = ConfigDict(frozen=True)
    role: str
    by: Actor
    at: datetime
    comment: str = ""


class Rehearsed(BaseModel):
    """A rehearsal and all that is kept of it.

    `back` and `forward` are ids of previews, and of the runs made of them; `forward` is empty where the
    way forward is not rehearsed. `within_seconds` is what the way back may take. `sign_off` are the roles
    that are to sign. `problem` says why it came to nothing. `version` counts the changes.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    incident: str
    migration: str
    title: str
    environment: str
    plan_id: str
    playbook_digest: str
    within_seconds: float
    back: str
    forward: str = ""
    forward_plan: str = ""
    inputs: dict[str, str]
    compared: bool
    sign_off: tuple[str, ...]
    status: RehearsalStatus = "before"
    started_by: Actor
    started_at: datetime
    ended_at: datetime | None = None
    problem: str = ""
    before: tuple[TableState, ...] = ()
    after: tuple[TableState, ...] = ()
    after_forward: tuple[TableState, ...] = ()
    runs: tuple[RehearsedRun, ...] = ()
    issues: tuple[Issue, ...] = ()
    signed: tuple[SignOff, ...] = ()
    version: int = 1

    @property
    def subject(self) -> str:
        """What its audit entries and its message are filed under."""
        return f"rehearsal:{self.id}"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it but signatures."""
        return self.status == "ended"

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The roles that have not signed."""
        done = {one.role for one in self.signed}
        return tuple(role for role in self.sign_off if role not in done)

    def changed(self, **changes: object) -> "Rehearsed":
        """The next version of it."""
        return self.model_copy(update={**changes, "version": self.version + 1})

    def after_runs(self, *runs: Run) -> "Rehearsed":
        """What follows when a way is over: its run, or the runs that went on in each other's place."""
        last = runs[-1]
        kept = (*self.runs, *map(rehearsed_run, runs))
        if last.status != "done":
            why = f"plan {last.plan_id} was aborted{f': {last.end_reason}' if last.end_reason else ''}"
            return self.changed(runs=kept, status="ended", ended_at=last.ended_at, problem=why)
        return self.changed(runs=kept, status="compare" if self.status == "back" else "compare-again")

    def ended(self, at: datetime, *, problem: str = "", **changes: object) -> "Rehearsed":
        """The end of it."""
        return self.changed(status="ended", ended_at=at, problem=problem, **changes)

    def noted(self, text: str, *, by: Actor, at: datetime) -> "Rehearsed":
        """With what somebody noted."""
        return self.changed(issues=(*self.issues, Issue(by=by, at=at, text=text)))

    def sign(self, role: str, *, by: Actor, comment: str, at: datetime) -> "Rehearsed":
        """A signature. Raises SupersededError when the role has signed, RefusedError for what cannot be."""
        if not self.over:
            raise RefusedError("It is still going on", do="Sign when it has ended")
        if role not in self.sign_off:
            raise RefusedError(f"The playbook of this rehearsal wants no signature of “{role}”")
        for one in self.signed:
            if one.role == role:
                raise SupersededError(f"{one.by.name} signed as {role} already")
            if one.by.id == by.id:
                raise RefusedError(f"You signed as {one.role} already", do="One person signs for one role")
        kept = comment.strip()[:MOST_OF_A_COMMENT]
        return self.changed(signed=(*self.signed, SignOff(role=role, by=by, at=at, comment=kept)))


def rehearsed_run(run: Run) -> RehearsedRun:
    """What a record keeps of a run that is over."""
    end = run.ended_at or run.confirmed_at
    return RehearsedRun(
        run=run.id,
        plan_id=run.plan_id,
        status="replaced" if run.status == "replaced" else "done" if run.status == "done" else "aborted",
        seconds=round(run.elapsed(end).total_seconds(), 1),
        steps=tuple(
            RehearsedStep(
                step=state.step,
                title=run.step(state.step).title,
                status=state.status,
                seconds=round(state.elapsed(end) / timedelta(seconds=1), 1),
                summary=state.summary[:500],
            )
            for state in run.steps
        ),
    )
