"""Gathers the evidence pack of a migration out of the records, as one transaction sees them."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.audit import GENESIS, AuditEntry, lost_anchors
from bot.domain.decision import Decision
from bot.domain.errors import UnknownNameError
from bot.domain.evidence_pack import (
    AuditPart,
    EvidencePack,
    IncidentRecord,
    KeptEntry,
    PlaybookLine,
    RunRecord,
    evaluation_line,
    run_record,
)
from bot.domain.gates.evaluation import Evaluation
from bot.domain.statement import Statement
from bot.store.store import Transaction

# More than a migration of years has: a pack that leaves something out would be worse than a long one.
_ALL = 100_000


async def evidence_pack(
    tx: Transaction, migration: str, *, titles: Mapping[str, str], made_by: str, at: datetime
) -> EvidencePack:
    """Everything of a migration. `titles` are those of the migrations that have a playbook.

    Raises UnknownNameError for one that has none, and of which nothing is recorded.
    """
    phases, playbooks = await tx.phases.all(migration), await tx.playbook_versions.latest(migration)
    ids = await tx.migration_records.ids(migration)
    if not (ids or phases or playbooks or migration in titles):
        raise UnknownNameError("migration", migration, titles)
    decisions = await tx.decisions.all(migration)
    statements = await tx.statements.all(migration)
    evaluations = await tx.gate_evaluations.latest(migration, count=_ALL)
    return EvidencePack(
        migration=migration,
        title=titles.get(migration, migration),
        made_at=at,
        made_by=made_by,
        phases=phases,
        decisions=decisions,
        evaluations=tuple(evaluation_line(one) for one in evaluations),
        boards=_seen(evaluations, decisions, statements),
        statements=statements,
        runs=await _runs(tx, migration),
        incidents=await _incidents(tx, migration),
        rehearsals=await tx.rehearsals.latest(migration=migration, count=_ALL),
        playbooks=tuple(
            PlaybookLine.model_validate(one.model_dump(include=set(PlaybookLine.model_fields)))
            for one in playbooks
        ),
        audit=await _audit(tx, migration, ids),
    )


def _seen(
    newest_first: tuple[Evaluation, ...],
    decisions: tuple[Decision, ...],
    statements: tuple[Statement, ...],
) -> tuple[Evaluation, ...]:
    """The evaluations that somebody saw who decided or voted, each evidence once, and the last one."""
    wanted = {given.evidence for decision in decisions for given in decision.approvals}
    wanted |= {statement.evidence for statement in statements}
    found: dict[str, Evaluation] = {}
    for number, evaluation in enumerate(newest_first):
        digest = evaluation.board.digest()
        if number == 0 or digest in wanted:
            found.setdefault(digest, evaluation)
    return tuple(found.values())


async def _runs(tx: Transaction, migration: str) -> tuple[RunRecord, ...]:
    """Those that were meant, newest first; a rehearsal has a record of its own."""
    found = [run for run in await tx.runs.latest(migration=migration, count=_ALL) if not run.rehearsal]
    return tuple([run_record(run, (await tx.incidents.place(run.incident)).kind) for run in found])


async def _incidents(tx: Transaction, migration: str) -> tuple[IncidentRecord, ...]:
    return tuple(
        [
            IncidentRecord(
                id=one.id,
                kind=one.kind,
                environment=one.environment,
                severity=one.severity,
                opened_at=one.opened_at,
                opened_by=one.opened_by,
                closed_at=one.closed_at,
                timeline=await tx.incidents.timeline(one.id),
            )
            for one in await tx.incidents.all(migration)
        ]
    )


async def _audit(tx: Transaction, migration: str, ids: frozenset[str]) -> AuditPart:
    chain, problems = await tx.journal.chain()
    anchors = await tx.audit_anchors.all()
    digests = {entry.number: digest for entry, digest in chain}
    last, digest = chain[-1] if chain else (None, GENESIS)
    return AuditPart(
        entries_in_all=len(chain),
        head=f"{last.number if last else 0}:{digest}",
        problems=(*problems, *lost_anchors(digests, [one.anchored for one in anchors])),
        anchors=anchors,
        entries=tuple(
            KeptEntry(**vars(entry), digest=recorded)
            for entry, recorded in chain
            if _is_of(entry, migration, ids)
        ),
    )


def _is_of(entry: AuditEntry, migration: str, ids: frozenset[str]) -> bool:
    """Whether an entry's subject, such as `run:ID` or `migration:NAME`, is one of the migration's."""
    named = entry.subject.split(":")[1:2]
    return named == [migration] or not ids.isdisjoint(named)
