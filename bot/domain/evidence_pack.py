"""The evidence of a migration's decisions in one piece, for people who were not there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from bot.domain.audit import AuditAnchor
from bot.domain.decision import Decision
from bot.domain.gates.evaluation import Evaluation
from bot.domain.messages.timeline import TimelineEntry
from bot.domain.person import Actor
from bot.domain.phase_move import PhaseMove
from bot.domain.rehearsal import Rehearsed
from bot.domain.run import Run, RunStatus
from bot.domain.statement import Statement
from bot.domain.step_state import Proof, StepState, StepStatus

MOST_OF_A_PROOF = 2000
"""Characters of one piece of evidence of a step."""


class PackPart(BaseModel):
    """A part of the pack."""

    model_config = ConfigDict(frozen=True)


class EvaluationLine(PackPart):
    """An evaluation of the gates that was kept; `digest` is that of its evidence."""

    id: str
    at: datetime
    cause: str
    passes: bool
    failing: tuple[str, ...]
    digest: str
    playbook_digest: str


class StepRecord(PackPart):
    """A step of a run: how it ended, who decided about it, and what shows it."""

    step: str
    stage: str
    title: str
    uses: str
    status: StepStatus
    attempt: int
    started_at: datetime | None
    ended_at: datetime | None
    summary: str
    decided_by: Actor | None
    reason: str
    evidence: tuple[Proof, ...]


class RunRecord(PackPart):
    """A run: what was confirmed by whom, and each of its steps. `kind` is that of its incident."""

    id: str
    kind: Literal["cutover", "phase"] | None
    environment: str
    plan_id: str
    plan: str
    playbook_digest: str
    status: RunStatus
    confirmed_by: Actor
    confirmed_at: datetime
    approved_by: tuple[Actor, ...]
    broke_glass: str
    ended_at: datetime | None
    ended_by: Actor | None
    end_reason: str
    steps: tuple[StepRecord, ...]


class IncidentRecord(PackPart):
    """An incident, a cutover or a move to another phase, with every line of its timeline."""

    id: str
    kind: Literal["cutover", "phase"] | None
    environment: str
    severity: str | None
    opened_at: datetime
    opened_by: Actor
    closed_at: datetime | None
    timeline: tuple[TimelineEntry, ...]


class PlaybookLine(PackPart):
    """A text of the playbook by which was decided, from `loaded_at` on."""

    number: int
    digest: str
    loaded_at: datetime
    replica: str
    changes: tuple[str, ...]


class KeptEntry(PackPart):
    """An entry of the audit log as it is recorded."""

    number: int
    at: str
    actor: str
    kind: str
    subject: str
    facts: Mapping[str, JsonValue]
    previous: str
    digest: str


class AuditPart(PackPart):
    """The audit log: its end, whether it is whole, and the entries of this migration.

    `entries_in_all` are those of every migration; `problems` say what is wrong with the chain, and which
    of the daily `anchors` it does not go through.
    """

    entries_in_all: int
    head: str
    problems: tuple[str, ...]
    anchors: tuple[AuditAnchor, ...]
    entries: tuple[KeptEntry, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was found wrong with it."""
        return not self.problems


class EvidencePack(PackPart):
    """Everything at `made_at`. Times are UTC.

    `boards` are the evaluations of gates in full that somebody saw who decided or voted, and the last one;
    what a decision rests on stands in it. Values of rows are not in here.
    """

    format: Literal["switchback-evidence/1"] = "switchback-evidence/1"
    migration: str
    title: str
    made_at: datetime
    made_by: str
    phases: tuple[PhaseMove, ...]
    decisions: tuple[Decision, ...]
    evaluations: tuple[EvaluationLine, ...]
    boards: tuple[Evaluation, ...]
    statements: tuple[Statement, ...]
    runs: tuple[RunRecord, ...]
    incidents: tuple[IncidentRecord, ...]
    rehearsals: tuple[Rehearsed, ...]
    playbooks: tuple[PlaybookLine, ...]
    audit: AuditPart


def run_record(run: Run, kind: Literal["cutover", "phase"] | None) -> RunRecord:
    """What is kept of a run, without its plan's parameters."""
    return RunRecord(
        id=run.id,
        kind=kind,
        environment=run.environment,
        plan_id=run.plan_id,
        plan=run.plan.title,
        playbook_digest=run.playbook_digest,
        status=run.status,
        confirmed_by=run.confirmed_by,
        confirmed_at=run.confirmed_at,
        approved_by=run.approved_by,
        broke_glass=run.broke_glass,
        ended_at=run.ended_at,
        ended_by=run.ended_by,
        end_reason=run.end_reason,
        steps=tuple(_step_record(run, state) for state in run.steps),
    )


def _step_record(run: Run, state: StepState) -> StepRecord:
    step = run.step(state.step)
    return StepRecord(
        step=state.step,
        stage=state.stage,
        title=step.title,
        uses=step.uses,
        status=state.status,
        attempt=state.attempt,
        started_at=state.started_at,
        ended_at=state.ended_at,
        summary=state.summary,
        decided_by=state.decided_by,
        reason=state.reason,
        evidence=tuple(
            Proof(name=proof.name, text=_excerpt(proof.text, MOST_OF_A_PROOF)) for proof in state.evidence
        ),
    )


def _excerpt(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def evaluation_line(evaluation: Evaluation) -> EvaluationLine:
    """An evaluation in short."""
    board = evaluation.board
    return EvaluationLine(
        id=evaluation.id,
        at=board.at,
        cause=evaluation.cause,
        passes=board.passes,
        failing=tuple(gate.title for gate in board.failing),
        digest=board.digest(),
        playbook_digest=board.playbook_digest,
    )
