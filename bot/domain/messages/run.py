"""Facts of a run's live message."""

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.messages.facts import Facts
from bot.domain.person import Actor
from bot.domain.run import ACTIVE_RUNS, QUESTIONS, SETTLED, Proof, Run, StepState, StepStatus

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
    """A run as it stands at `at`."""

    kind: ClassVar[str] = "run"
    id: str
    title: str
    migration: str
    environment: str
    plan_title: str
    status: Literal["running", "waiting", "asking", "done", "aborted"]
    at: datetime
    confirmed_by: str
    confirmed_at: datetime
    detected_at: datetime
    elapsed: timedelta
    budget: timedelta
    stages: tuple[StageLine, ...]
    current: StepLine | None
    instructions: str
    progress: str
    ended_by: str
    end_reason: str
    approved_by: tuple[str, ...] = ()
    broke_glass: str = ""


def run_facts(run: Run, *, now: datetime) -> RunFacts:
    """The facts of a run's live message, now."""
    stages = tuple(_stage(run, index, now) for index in range(len(run.plan.stages)))
    lines = {step.id: step for stage in stages for step in stage.steps}
    current = lines[run.current.step] if run.current else None
    instructions = ""
    if run.current and run.current.status == "waiting":
        instructions = str(run.step(run.current.step).with_.get("instructions", ""))
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
        stages=stages,
        current=current,
        instructions=instructions,
        progress=run.progress(),
        ended_by=run.ended_by.name if run.ended_by else "",
        end_reason=run.end_reason,
        approved_by=tuple(actor.name for actor in run.approved_by),
        broke_glass=run.broke_glass,
    )


def _stage(run: Run, index: int, now: datetime) -> StageLine:
    stage = run.plan.stages[index]
    states = [run.state(step.id) for step in stage.steps]
    return StageLine(
        id=stage.id,
        title=stage.title,
        status=_stage_status(states, over=run.status not in ACTIVE_RUNS),
        elapsed=run.stage_elapsed(stage.id, now),
        budget=stage.budget,
        steps=tuple(
            StepLine(
                id=step.id,
                title=step.title,
                uses=step.uses,
                status=state.status,
                attempt=state.attempt,
                elapsed=state.elapsed(run.ended_at or now),
                budget=step.budget,
                summary=state.summary,
                decided_by=state.decided_by,
                reason=state.reason,
                evidence=state.evidence,
                started_at=state.started_at,
            )
            for step, state in zip(stage.steps, states, strict=True)
        ),
    )


def _stage_status(states: list[StepState], *, over: bool) -> StageStatus:
    statuses = {state.status for state in states}
    if statuses <= set(SETTLED):
        return "done"
    if statuses == {"pending"}:
        return "pending"
    return "stopped" if over or statuses & set(QUESTIONS) else "running"
