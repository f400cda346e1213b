"""Facts of a run's live message."""

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.hold import Hold, next_hold
from bot.domain.messages.facts import Facts
from bot.domain.person import Actor
from bot.domain.playbook.people import Contact
from bot.domain.playbook.plans import Stage, Step
from bot.domain.run import Run, RunStatus
from bot.domain.run_clock import projected_end
from bot.domain.run_purpose import Purpose, described
from bot.domain.run_replacement import undo_plan
from bot.domain.step_state import QUESTIONS, Proof, StepState, StepStatus

StageStatus = Literal["pending", "running", "done", "stopped"]


class StepLine(BaseModel):
    """One step with its stopwatch and budget, both in seconds."""

    model_config = ConfigDict(frozen=True)
    id: str
    title: str
    uses: str
    status: StepStatus
    attempt: int
    elapsed: timedelta
    budget: timedelta
    summary: str
    decided_by: Actor | None
    reason: str
    evidence: tuple[Proof, ...]
    started_at: datetime | None
    due: datetime | None
    instructions: str

    @property
    def asks(self) -> bool:
        """Whether a person can settle it: decide, do it by hand, or skip a wait for a time."""
        return self.status in (*QUESTIONS, "waiting")


class StageLine(BaseModel):
    """One stage with its stopwatch and budget."""

    model_config = ConfigDict(frozen=True)
    id: str
    title: str
    status: StageStatus
    elapsed: timedelta
    budget: timedelta
    steps: tuple[StepLine, ...]


class RunFacts(Facts):
    """A run as it stands at `at`.

    `asks` are the steps that a person can settle: what failed or is not known, then what is done by
    hand, then waits for a time.
    `emergency` is the title of the plan that a person may take when it fails, `undoes` counts the steps
    that an aborted run could take back. `budget_until` is when the budget is spent, waits for times
    of day not counted; `hold` is the next of these. `back` is the title of the plan that leads back to
    legacy where a person may take it, `past_no_return` whether that is to be asked about once more;
    `gives_way` whether another run waits for the end of the step that acts.
    """

    kind: ClassVar[str] = "run"
    id: str
    title: str
    migration: str
    environment: str
    plan_title: str
    status: RunStatus
    at: datetime
    confirmed_by: str
    confirmed_at: datetime
    detected_at: datetime
    elapsed: timedelta
    budget: timedelta
    projected: timedelta | None
    stages: tuple[StageLine, ...]
    current: StepLine | None
    asks: tuple[StepLine, ...]
    progress: str
    paused_by: str
    ended_by: str
    end_reason: str
    emergency: str
    escalation: tuple[Contact, ...]
    undoes: int
    approved_by: tuple[str, ...] = ()
    broke_glass: str = ""
    inputs: dict[str, str] = Field(default_factory=dict)
    rehearsal: bool = False
    purpose: Purpose = "rollback"
    to_phase: str = ""
    budget_until: datetime | None = None
    hold: Hold | None = None
    back: str = ""
    past_no_return: bool = False
    gives_way: bool = False

    @property
    def described(self) -> str:
        """What it is for: `rollback`, `cutover`, `move to pilot`."""
        return described(self.purpose, self.to_phase)


def run_facts(run: Run, *, now: datetime) -> RunFacts:
    """The facts of a run's live message, now."""
    stages = tuple(_stage(run, stage, now) for stage in run.plan.stages)
    lines = {step.id: step for stage in stages for step in stage.steps}
    takes_back = undo_plan(run) if run.status == "aborted" and not run.replaced_by else None
    return RunFacts(
        id=run.id,
        title=run.title,
        migration=run.migration,
        environment=run.environment,
        plan_title=run.plan.title,
        status=run.status,
        at=now,
        confirmed_by=run.confirmed_by.name,
        confirmed_at=run.confirmed_at,
        detected_at=run.detected_at,
        elapsed=run.elapsed(now),
        budget=run.plan.budget,
        projected=projected_end(run, now) if run.status == "running" else None,
        stages=stages,
        current=lines[run.current.step] if run.current else None,
        asks=tuple(sorted((line for line in lines.values() if line.asks), key=_open_questions_first)),
        progress=run.progress(),
        paused_by=run.paused_by.name if run.paused_by else "",
        ended_by=run.ended_by.name if run.ended_by else "",
        end_reason=run.end_reason,
        emergency=run.fallbacks[run.emergency].title if run.emergency else "",
        escalation=run.escalation,
        undoes=len(takes_back.steps) if takes_back else 0,
        approved_by=tuple(actor.name for actor in run.approved_by),
        broke_glass=run.broke_glass,
        inputs=run.inputs,
        rehearsal=bool(run.rehearsal),
        purpose=run.purpose,
        to_phase=run.to_phase,
        budget_until=run.confirmed_at + run.plan.budget + run.held(),
        hold=next_hold(run),
        back=run.fallbacks[run.back].title if run.back and run.active and not run.gives_way else "",
        past_no_return=run.past_no_return,
        gives_way=run.gives_way,
    )


def _open_questions_first(line: StepLine) -> tuple[int, bool]:
    return (*QUESTIONS, "waiting").index(line.status), line.due is not None


def _stage(run: Run, stage: Stage, now: datetime) -> StageLine:
    states = run.states(stage)
    return StageLine(
        id=stage.id,
        title=stage.title,
        status=_stage_status(states, over=not run.active),
        elapsed=run.stage_elapsed(stage.id, now),
        budget=stage.budget,
        steps=tuple(
            _step(step, state, run.ended_at or now) for step, state in zip(stage.steps, states, strict=True)
        ),
    )


def _step(step: Step, state: StepState, now: datetime) -> StepLine:
    return StepLine(
        id=step.id,
        title=step.title,
        uses=step.uses,
        status=state.status,
        attempt=state.attempt,
        elapsed=state.elapsed(now),
        budget=step.budget,
        summary=state.summary,
        decided_by=state.decided_by,
        reason=state.reason,
        evidence=state.evidence,
        started_at=state.started_at,
        due=state.due,
        instructions=str(step.with_.get("instructions", "")),
    )


def _stage_status(states: tuple[StepState, ...], *, over: bool) -> StageStatus:
    statuses = {state.status for state in states}
    if all(state.settled for state in states):
        return "done"
    if statuses == {"pending"}:
        return "pending"
    return "stopped" if over or statuses & set(QUESTIONS) else "running"
