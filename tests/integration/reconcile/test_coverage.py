"""What no check compares, of two real files."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.ports.coverage import Coverage, Uncompared
from bot.reconcile.coverage import PlaybookCoverageReader
from tests.fakes.clock import FakeClock
from tests.integration.reconcile.playbook import declared_check, loaded_playbook, scalar_check
from tests.integration.reconcile.test_reconciler import no_setting

LEGACY = """
    CREATE TABLE people (id INTEGER, name TEXT, pay INTEGER, state TEXT);
    CREATE TABLE jobs (id INTEGER, state TEXT);
    CREATE TABLE scratch (id INTEGER);
    CREATE VIEW paid AS SELECT * FROM people WHERE pay > 0;
"""
NEW = """
    CREATE TABLE employees (id INTEGER, full_name TEXT, pay INTEGER);
    CREATE TABLE batches (loaded_at TEXT);
"""
ROWS = declared_check(
    "rows",
    rows={
        "key": ["id"],
        "legacy": {"table": "people", "where": "state = 'A'"},
        "new": {"query": "SELECT id, full_name, pay FROM employees"},
        "columns": {"name": {"new": "full_name"}},
        "ignore": ["pay", "state"],
    },
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, script in (("legacy.db", LEGACY), ("new.db", NEW)):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.executescript(script)
    return tmp_path


async def covered(folder: Path, *checks: dict[str, object], **reconcile: object) -> Coverage:
    loaded = loaded_playbook(folder, list(checks), reconcile=reconcile)
    return await PlaybookCoverageReader(clock=FakeClock(), secret=no_setting).read(loaded)


async def test_tables_and_columns_that_no_check_compares_are_named(folder: Path) -> None:
    coverage = await covered(
        folder, scalar_check("pay", "SELECT SUM(pay) FROM people", "SELECT SUM(pay) FROM employees")
    )
    assert coverage.uncompared == (
        Uncompared("legacy", "jobs", ("id", "state"), whole=True),
        Uncompared("legacy", "people", ("id", "name", "state"), whole=False),
        Uncompared("legacy", "scratch", ("id",), whole=True),
        Uncompared("new", "batches", ("loaded_at",), whole=True),
        Uncompared("new", "employees", ("id", "full_name"), whole=False),
    )
    assert (coverage.tables, coverage.columns, coverage.problems) == (5, 11, ())
    assert sum(coverage.columns_of.values()) == coverage.columns


async def test_a_row_check_covers_the_columns_that_it_has_matched(folder: Path) -> None:
    coverage = await covered(folder, ROWS)
    left = {(one.side, one.table): one.columns for one in coverage.uncompared}
    assert left["legacy", "people"] == ("pay",)
    assert left["new", "employees"] == ("pay",)


async def test_figures_and_rules_cover_by_name_and_a_schema_only_touches_its_tables(folder: Path) -> None:
    coverage = await covered(
        folder,
        declared_check(
            "total",
            scalar={
                "legacy": {"table": "people", "sum": "pay", "where": "state = 'A'"},
                "new": {"table": "employees", "count": "rows"},
            },
        ),
        declared_check("rules", rules={"source": "legacy", "table": "jobs", "unique": [["id"]]}),
        declared_check("schema", schema={"tables": {"legacy": "jobs", "new": "employees"}}),
    )
    left = {one.table: (one.columns, one.whole) for one in coverage.uncompared}
    assert left == {
        "jobs": (("state",), False),
        "people": (("id", "name"), False),
        "scratch": (("id",), True),
        "batches": (("loaded_at",), True),
        "employees": (("id", "full_name", "pay"), False),
    }


async def test_what_is_ignored_on_purpose_is_neither_named_nor_counted(folder: Path) -> None:
    coverage = await covered(folder, ROWS, coverage={"ignore": ["scratch", "jobs", "batches"]})
    assert (coverage.tables, coverage.columns) == (2, 7)
    assert {one.table for one in coverage.uncompared} == {"people", "employees"}


async def test_a_query_that_cannot_be_followed_is_a_problem_that_names_its_check(folder: Path) -> None:
    coverage = await covered(
        folder, scalar_check("view", "SELECT COUNT(*) FROM paid", "SELECT COUNT(*) FROM employees")
    )
    assert coverage.problems == (
        "view: its SQL on legacy does not say what it reads: paid is no table of it: what a view shows is"
        " not followed",
    )
    assert "people" in {one.table for one in coverage.uncompared}


async def test_a_row_check_whose_columns_do_not_match_is_a_problem(folder: Path) -> None:
    side = {"table": "people"}
    coverage = await covered(
        folder, declared_check("rows", rows={"key": ["id"], "legacy": side, "new": side})
    )
    assert len(coverage.problems) == 1
    assert coverage.problems[0].startswith("rows: new (sqlite")


async def test_a_side_that_cannot_be_read_is_a_problem_and_the_other_is_told(folder: Path) -> None:
    (folder / "new.db").unlink()
    coverage = await covered(folder, scalar_check("c", "SELECT SUM(pay) FROM people", "SELECT 1"))
    assert coverage.problems == (f"new (sqlite:///{folder}/new.db): there is no such file",)
    assert {one.side for one in coverage.uncompared} == {"legacy"}


async def test_the_query_of_a_batch_is_no_gap(folder: Path) -> None:
    coverage = await covered(folder, ROWS, ready_when={"new": {"sql": "SELECT MAX(loaded_at) FROM batches"}})
    assert "batches" not in {one.table for one in coverage.uncompared}
