"""What the new system got since the cutover is exported by a rollback, and in its rehearsal."""

import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import cast

from actions.export_since import ExportSinceAction
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from bot.ports.action import Action, Parameters
from bot.services.confirmation import Confirmation
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.cutting_over import (
    BOARD,
    cutover_playbook,
    day_plan,
    in_grace,
    local,
    move_to,
    moves,
    phase,
    phases,
    ran,
)
from tests.integration.ledger import KIM, SAM, Document, plan, scripted
from tests.integration.trial import Trial, joined

EXPORT: Document = {
    "id": "export",
    "title": "Export what was written since",
    "uses": "export-since",
    "with": {"to": "{environment.out}"},
}
ORDERS = "SELECT id AS ORDER_NO FROM orders WHERE at >= :since ORDER BY id"


@asynccontextmanager
async def _trial(
    store: Store, clock: FakeClock, jobs: FakeJobs, folder: Path, **changes: object
) -> AsyncIterator[Trial]:
    declared = cutover_playbook(folder).playbook.cutover
    assert declared is not None
    cutover = declared.model_dump(mode="json")
    cutover["since_cutover"] = [{"id": "orders", "title": "Orders", "sql": ORDERS}]
    plans = {
        "immediate": plan(EXPORT, scripted("reopen-legacy")),
        "cutover": day_plan(),
        "to-legacy": plan(EXPORT, title="Back to legacy"),
    }
    kept: Mapping[str, object] = {
        "plans": plans,
        "cutover": cutover,
        "environments": {"production": {"out": "out"}, "staging": {"out": "rehearsed"}},
        "rehearsal": {"environment": "staging", "since": "2h"},
        "phases": [{**one, "forward": None, "back": None} for one in phases()],
        **changes,
    }
    playbook = cutover_playbook(folder, **kept)
    with closing(sqlite3.connect(folder / "new.db")) as connection, connection:
        connection.execute("CREATE TABLE orders (id INTEGER, at TEXT)")
        rows = [(1, "2026-03-14 00:00:00"), (2, "2026-03-14 02:30:00"), (3, "2026-03-20 22:59:59")]
        connection.executemany("INSERT INTO orders VALUES (?, ?)", [*rows, (4, "2026-03-21 07:10:00")])
    more = [cast(Action[Parameters], ExportSinceAction())]
    async with joined(
        store=store, clock=clock, jobs=jobs, folder=folder, playbook=playbook, more=more
    ) as trial:
        yield trial


async def _asked(trial: Trial) -> StartRequest | Run:
    walk = await trial.services.walks.open("ledger", actor=KIM)
    walk = await trial.services.walks.answer(walk.id, version=1, answer="outage", actor=KIM)
    walk = await trial.services.walks.answer(walk.id, version=2, answer="yes", actor=KIM)
    await trial.work()
    shown = await trial.services.confirmation.shown(walk.id, actor=KIM)
    confirmation = Confirmation(walk.id, preview_id=shown.id, digest=shown.digest(), typed="ledger")
    return await trial.services.confirmation.submit(confirmation, actor=KIM)


async def test_a_rollback_in_grace_exports_what_was_written_since_the_cutover_began(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    async with _trial(store, clock, jobs, tmp_path) as trial:
        await in_grace(trial)
        request = await _asked(trial)
        assert isinstance(request, StartRequest)
        run = await trial.approve(request, by=BOARD)
        assert isinstance(run, Run)
        await trial.work()
        run = await trial.run(run.id)
        assert (run.status, run.since) == ("done", local(0))
        assert (tmp_path / "out" / "orders.csv").read_text() == "ORDER_NO\n4\n"
        evidence = {proof.name: proof.text for proof in run.state("export").evidence}
        assert evidence["orders.csv"].startswith("Orders: 1 rows, SHA-256 ")
        assert (await moves(trial))[-1] == (4, "parallel")


async def test_one_alone_in_grace_exports_it_as_well(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    async with _trial(store, clock, jobs, tmp_path) as trial:
        await in_grace(trial)
        request = await _asked(trial)
        assert isinstance(request, StartRequest)
        await trial.services.break_glass.go_on_alone(request.id, reason="nobody answers", actor=KIM)
        await trial.work()
        assert (tmp_path / "out" / "orders.csv").exists()
        assert await phase(trial) == "parallel"


async def test_before_the_assessment_it_is_known_since_when_without_a_phase_of_the_day(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    listed = [{**one, "forward": None, "back": None} for one in phases(cutover=False)]
    async with _trial(store, clock, jobs, tmp_path, phases=listed) as trial:
        await ran(trial)
        assert await phase(trial) == "parallel"
        run = await _asked(trial)
        assert isinstance(run, Run)
        await trial.work()
        assert (tmp_path / "out" / "orders.csv").read_text() == "ORDER_NO\n4\n"


async def test_a_rehearsal_before_the_cutover_exports_what_its_playbook_says(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    async with _trial(store, clock, jobs, tmp_path) as trial:
        await trial.services.phases.begin()
        seen = await trial.services.rehearsals.preview("ledger", plan_id="immediate", actor=SAM)
        assert seen.back.since == clock.now() - timedelta(hours=2)
        await trial.services.rehearsals.start(seen.bound, actor=SAM)
        await trial.work()
        assert (tmp_path / "rehearsed" / "orders.csv").read_text() == "ORDER_NO\n2\n3\n4\n"


async def test_a_rollback_before_the_cutover_exports_nothing(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    async with _trial(store, clock, jobs, tmp_path) as trial:
        await trial.services.phases.begin()
        move_to(trial, local(0))
        run = await _asked(trial)
        assert isinstance(run, Run)
        await trial.work()
        state = (await trial.run(run.id)).state("export")
        assert state.summary == "nothing to export: the migration has not been cut over"
        assert not (tmp_path / "out").exists()
