"""Every kind of check over two real files, figures that share a scan, rows, and calling off."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.check_result import CheckResult
from bot.domain.check_verdict import result_of
from bot.domain.errors import CalledOffError
from bot.domain.playbook.checks import Check, Figure
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.sources import SourceSpec
from bot.ports.reconciler import Unwatched, Watch
from bot.ports.source import Source
from bot.reconcile.opening import Secrets
from bot.reconcile.reconciler import PlaybookReconciler
from tests.fakes.clock import FakeClock
from tests.fakes.source import FakeSource
from tests.integration.reconcile.playbook import declared_check, loaded_playbook, scalar_check
from tests.integration.reconcile.test_reconciler import BOTH, no_setting

NOW = datetime(2026, 3, 14, 3, 12, tzinfo=UTC)
TABLE = """
    PRAGMA journal_mode = wal;
    CREATE TABLE people (id INTEGER NOT NULL, email TEXT, pay INTEGER, seen TEXT, state TEXT);
    INSERT INTO people VALUES (1, 'a@x', 10, '2026-03-14 03:00:00', 'done'),
        (2, NULL, 20, '2026-03-14 03:05:00', 'done'), (2, 'b@x', 30, '2026-03-14 03:10:00', 'failed');
"""


def pay(figure: str, **more: object) -> dict[str, object]:
    one = {"table": "people", figure: "pay"} | more
    return {"legacy": one, "new": one}


KINDS = [
    declared_check("total", scalar=pay("sum")),
    declared_check("average", scalar=pay("average")),
    declared_check("nobody", scalar=pay("sum", where="id = 99")),
    declared_check("no-column", scalar={"legacy": {"table": "people", "sum": "wages"}, "new": "SELECT 1"}),
    declared_check(
        "growth",
        growth={"current": pay("sum"), "previous": pay("sum", where="id = 1")},
        tolerance="0.5pp",
    ),
    declared_check("schema", schema={"tables": {"legacy": "people", "new": "people"}}),
    declared_check(
        "no-table", schema={"tables": {"legacy": "people", "new": "persons"}, "ignore": ["email"]}
    ),
    declared_check("fresh", freshness={"new": "SELECT MAX(seen) FROM people", "at_most": "5m"}),
    declared_check("stale", freshness={"legacy": "SELECT MIN(seen) FROM people", "at_most": "5m"}),
    declared_check(
        "lag",
        lag={
            "legacy": "SELECT MAX(seen) FROM people",
            "new": "SELECT MIN(seen) FROM people",
            "at_most": "9m",
        },
    ),
    declared_check(
        "jobs",
        success_rate={
            "source": "new",
            "query": "SELECT state, COUNT(*) FROM people GROUP BY state",
            "succeeded": ["done"],
            "at_least": "99%",
        },
    ),
    declared_check(
        "rules", rules={"source": "legacy", "table": "people", "unique": [["id"]], "not_null": ["email"]}
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("legacy.db", "new.db"):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.executescript(TABLE)
    return tmp_path


async def test_every_kind_gives_its_verdict_and_one_error_ends_no_other(folder: Path) -> None:
    reconciler = PlaybookReconciler(clock=FakeClock(NOW), secret=no_setting)
    reconciled = await reconciler.run(loaded_playbook(folder, KINDS))
    results = {one.check: one for one in reconciled.results}
    assert {name: one.status for name, one in results.items()} == {
        "total": "passed",
        "average": "passed",
        "nobody": "error",
        "no-column": "error",
        "growth": "passed",
        "schema": "passed",
        "no-table": "error",
        "fresh": "passed",
        "stale": "failed",
        "lag": "failed",
        "jobs": "failed",
        "rules": "failed",
    }
    assert (results["total"].legacy, results["average"].new) == ("60", "20")
    assert "the number is NULL" in results["nobody"].problem
    assert "no such column: people.wages" in results["no-column"].problem
    assert "new (sqlite" in results["no-table"].problem
    assert results["lag"].difference == "10m behind"
    assert [one.name for one in results["rules"].found] == ["NULL in email", "id = 2"]
    assert reconciled.snapshot_at == NOW


async def test_files_that_keep_no_snapshot_are_said_to_have_none(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "new.db")) as connection:
        connection.execute("PRAGMA journal_mode = delete")
    reconciler = PlaybookReconciler(clock=FakeClock(NOW), secret=no_setting)
    assert (await reconciler.run(loaded_playbook(folder, KINDS[:1]))).snapshot_at is None


async def test_figures_of_one_table_are_read_in_one_scan_a_source(tmp_path: Path) -> None:
    figures = [Figure(table="people", sum="pay"), Figure(table="people", sum="pay", where="id = 1")]
    other = Figure(table="jobs", count="rows")
    checks = [
        declared_check("a", scalar={"legacy": figures[0].model_dump(exclude_none=True), "new": "SELECT 1"}),
        declared_check("b", scalar={"legacy": figures[0].model_dump(exclude_none=True), "new": "SELECT 1"}),
        declared_check("c", scalar={"legacy": figures[1].model_dump(exclude_none=True), "new": "SELECT 1"}),
        declared_check("d", scalar={"legacy": other.model_dump(exclude_none=True), "new": "SELECT 1"}),
    ]
    legacy = FakeSource(BOTH, figures={figures[0]: 1, figures[1]: 1, other: 1})
    loaded = loaded_playbook(tmp_path, checks)
    assert (await over(legacy, FakeSource(BOTH)).run(loaded)).clean
    assert sorted(legacy.scans, key=len) == [(other,), tuple(figures)]


def over(legacy: Source, new: Source, rows: "RowsDone | None" = None) -> PlaybookReconciler:
    def open_source(name: str, spec: SourceSpec, folder: Path, secret: Secrets) -> Source:
        return legacy if name == "legacy" else new

    return PlaybookReconciler(clock=FakeClock(NOW), secret=no_setting, open_source=open_source, rows=rows)


class RowsDone:
    """Compares rows without looking; notes whether the sources were given back by then."""

    def __init__(self, *sources: FakeSource) -> None:
        self._sources = sources
        self.closed: list[bool] = []

    async def compare(self, check: Check, loaded: LoadedPlaybook, watch: Watch) -> CheckResult:
        self.closed.append(all(source.closed for source in self._sources))
        return result_of(check, status="passed")


async def test_row_checks_come_last_when_the_snapshots_have_been_given_back(tmp_path: Path) -> None:
    side = {"table": "people"}
    rows = declared_check("rows", rows={"key": ["id"], "legacy": side, "new": side})
    legacy, new = FakeSource(BOTH), FakeSource(BOTH)
    done = RowsDone(legacy, new)
    loaded = loaded_playbook(tmp_path, [rows, scalar_check("c", "SELECT 1", "SELECT 1")])
    reconciled = await over(legacy, new, done).run(loaded)
    assert [(one.check, one.status) for one in reconciled.results] == [("rows", "passed"), ("c", "passed")]
    assert done.closed == [True]


class Waits(FakeSource):
    """A source whose answer never comes."""

    def __init__(self) -> None:
        super().__init__(BOTH)
        self.asked_for_it = asyncio.Event()

    async def snapshot(self) -> bool:
        self.asked_for_it.set()
        await asyncio.Event().wait()
        return False


async def test_a_reconciliation_that_is_called_off_ends_soon_and_gives_its_connections_back(
    tmp_path: Path,
) -> None:
    watch, legacy, new = Unwatched(), Waits(), FakeSource(BOTH)
    loaded = loaded_playbook(tmp_path, [scalar_check("c", "SELECT 1", "SELECT 1")])
    running = asyncio.create_task(over(legacy, new).run(loaded, watch=watch))
    await legacy.asked_for_it.wait()
    watch.cancelled.set()
    with pytest.raises(CalledOffError, match="called off"):
        async with asyncio.timeout(5):
            await running
    assert (legacy.closed, new.closed) == (True, True)
