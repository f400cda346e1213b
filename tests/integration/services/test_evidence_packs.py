"""The pack holds what was recorded of one migration, and tells of a log that was tampered with."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.errors import UnknownNameError
from bot.domain.evidence_pack import EvidencePack
from bot.domain.gates.evaluation import evaluated
from bot.domain.person import Actor
from bot.domain.statement import Statement
from bot.services.evidence_packs import evidence_pack
from bot.store.decision_tables import decision_approvals, decisions
from bot.store.store import Store
from bot.store.tables import audit
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import KIM, SAM, ledger
from tests.integration.trial import Trial, joined
from tests.unit.evidence_samples import board, decision


@pytest.fixture
async def rolled_back(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    """A ledger that was rolled back with the approval of another person."""
    playbook = ledger(tmp_path, quorum=1)
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as trial:
        await trial.services.phases.begin()
        await trial.services.playbook_trace.begin()
        await trial.approve(await trial.asked(by=SAM), by=KIM)
        await trial.work()
        yield trial


async def packed(trial: Trial, migration: str = "ledger") -> EvidencePack:
    async with trial.store.reading() as tx:
        return await evidence_pack(
            tx, migration, titles={"ledger": "General ledger"}, made_by="auditor", at=trial.clock.now()
        )


async def test_a_run_is_in_it_with_who_approved_it_and_what_each_step_did(rolled_back: Trial) -> None:
    pack = await packed(rolled_back)
    (run,) = pack.runs
    assert (run.plan_id, run.status, run.kind) == ("immediate", "done", None)
    assert (run.confirmed_by, run.approved_by) == (SAM, (KIM,))
    assert [(step.step, step.status) for step in run.steps] == [("stop", "done"), ("restore", "done")]
    assert all(step.started_at and step.ended_at for step in run.steps)
    (incident,) = pack.incidents
    assert [entry.actor for entry in incident.timeline][:1] == ["Sam"]
    assert [one.number for one in pack.playbooks] == [1]
    assert [move.phase for move in pack.phases] == ["parallel"]


async def test_its_entries_are_those_of_this_migration_and_the_log_is_verified_whole(
    rolled_back: Trial,
) -> None:
    async with rolled_back.store.transaction() as tx:
        for subject in ("migration:other", "run:another", "discrepancy:1", "rows:ledger-run:accounts"):
            await tx.journal.record(
                at=rolled_back.clock.now(), actor=SAM, kind="trial", subject=subject, facts={}
            )
    await rolled_back.services.anchoring.look()
    pack = await packed(rolled_back)
    kinds = [entry.kind for entry in pack.audit.entries]
    assert {"phase.begun", "playbook.loaded", "start.requested", "start.approved"} <= set(kinds)
    assert "trial" not in kinds
    assert pack.audit.whole
    assert len(pack.audit.anchors) == 1
    entries = len(await rolled_back.audited())
    assert pack.audit.entries_in_all == entries
    assert pack.audit.head.partition(":")[0] == str(entries)


async def test_a_log_that_was_tampered_with_is_told_in_the_pack(rolled_back: Trial) -> None:
    await rolled_back.services.anchoring.look()
    async with rolled_back.store.database.writing(later=False) as connection:
        await connection.execute(sa.update(audit).where(audit.c.number == 2).values(actor="U0EVE (Eve)"))
    assert (await packed(rolled_back)).audit.problems == ("entry 2 was changed after it was written",)
    async with rolled_back.store.database.writing(later=False) as connection:
        await connection.execute(sa.delete(audit))
    told = (await packed(rolled_back)).audit.problems
    assert any("its head says" in problem for problem in told)
    assert any("of the anchor of 2026-03-14 is not in the log" in problem for problem in told)


async def test_decisions_are_in_it_with_void_approvals_and_the_evidence_that_each_saw(
    rolled_back: Trial,
) -> None:
    trial, made = rolled_back, decision("Kim")
    seen, later = board("Kim", "pass", "pass"), board("Kim", "pass", "fail")
    nobody_saw = board("Kim", "unknown", "unknown")
    async with trial.store.transaction() as tx:
        await tx.connection.execute(
            decisions.insert().values(
                id=made.id,
                migration=made.migration,
                kind=made.kind,
                status=made.status,
                version=made.version,
                asked_at=made.asked_at,
                body=made.model_dump(mode="json", exclude={"approvals"}),
            )
        )
        for given in made.approvals:
            await tx.connection.execute(
                decision_approvals.insert().values(
                    id=given.id,
                    decision=made.id,
                    user_id=given.by.id,
                    at=given.at,
                    void_at=given.void_at,
                    body=given.model_dump(mode="json"),
                )
            )
        for number, one in enumerate((seen, nobody_saw, later)):
            at = trial.clock.now() + timedelta(minutes=number)
            kept = evaluated(
                None, one.model_copy(update={"at": at}), evaluation_id=f"e{number}", cause="test"
            )
            await tx.gate_evaluations.add(kept)
        await tx.journal.record(
            at=trial.clock.now(), actor=SAM, kind="decision.go", subject=made.subject, facts={}
        )
    pack = await packed(trial)
    assert pack.decisions == (made,)
    assert [one.id for one in pack.evaluations] == ["e2", "e1", "e0"]
    assert [one.id for one in pack.boards] == ["e2", "e0"]
    assert "decision.go" in [entry.kind for entry in pack.audit.entries]


async def test_statements_that_ended_are_in_it_too(rolled_back: Trial) -> None:
    async with rolled_back.store.transaction() as tx:
        now = rolled_back.clock.now()
        for number, actor in enumerate((SAM, KIM)):
            statement = Statement(
                id=f"statement-{number}",
                migration="ledger",
                gate="board",
                criterion="vote",
                role="operator",
                by=Actor(actor.id, actor.name),
                at=now,
                choice="for",
                shown="f" * 64,
            )
            await tx.statements.add(statement)
        await tx.statements.end(statement, by=KIM, at=now, why="changed my mind")
    pack = await packed(rolled_back)
    assert [(one.by.name, one.stands) for one in pack.statements] == [("Sam", True), ("Kim", False)]
    assert pack.statements[1].ended_why == "changed my mind"


async def test_it_is_the_same_when_it_is_read_again_from_json(rolled_back: Trial) -> None:
    pack = await packed(rolled_back)
    assert EvidencePack.model_validate_json(pack.model_dump_json()) == pack


async def test_a_migration_that_nobody_knows_is_an_error_with_those_that_are_known(trial: Trial) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean ledger"):
        await packed(trial, "leger")
    assert (await packed(trial)).runs == ()
