"""What the sql adapter promises beyond the contract, on SQLite."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import JsonValue, ValidationError

from actions.sql_parameters import SqlParameters
from tests.contract.actions.case import Case, Given, until
from tests.contract.actions.cases import ENDLESS

URL: JsonValue = {"env": "ROUTES_URL"}
INSERT_TWO = "INSERT INTO routes VALUES ('a'), ('b')"


def statement(text: str, **more: JsonValue) -> Given:
    return {"url": URL, "statement": text, **more}


def content(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("expected", "status"),
    [
        (2, "succeeded"),
        (1, "failed"),
        ({"min": 1}, "succeeded"),
        ({"max": 1}, "failed"),
        ({"min": 3}, "failed"),
    ],
)
async def test_another_number_of_rows_than_expected_is_rolled_back(
    statements: Case, expected: JsonValue, status: str
) -> None:
    outcome = await statements.act(statement(INSERT_TWO, expect_rows=expected))
    assert outcome.status == status
    assert statements.effects() == (2 if status == "succeeded" else 0)
    assert ("rows affected", "2") in {(piece.name, piece.text) for piece in outcome.evidence}


async def test_a_statement_whose_rows_the_database_does_not_count_is_not_taken_as_expected(
    statements: Case,
) -> None:
    outcome = await statements.act(statement("CREATE TABLE more (id)", expect_rows=0))
    assert outcome.status == "failed"
    with closing(sqlite3.connect(statements.folder / "routes.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("routes",)]


async def test_a_statement_that_fails_changes_nothing_and_says_why(statements: Case) -> None:
    outcome = await statements.act(statement("INSERT INTO rotues VALUES ('a')"))
    assert outcome.status == "failed"
    assert "Rolled back, nothing was changed: no such table: rotues" in outcome.summary


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM routes; DROP TABLE routes",
        "COMMIT",
        "begin immediate",
        " -- nothing\n ; ",
        "SELECT ';' ; SELECT 1",
        "SELECT $$ ; $$ ; SELECT 1",
        "UPDATE routes SET route = :unknown",
    ],
)
def test_what_is_not_one_statement_with_its_values_is_an_error(text: str) -> None:
    with pytest.raises(ValidationError):
        SqlParameters.model_validate(statement(text))


@pytest.mark.parametrize(
    "text",
    ["SELECT ';';", "SELECT 1 -- a; b", "/* a; b */ SELECT 1", "SELECT $x$ a; 'b $x$", "SELECT ':a'::text;"],
)
def test_a_semicolon_in_a_string_or_comment_is_no_second_statement(text: str) -> None:
    if ":a" in text:
        text = text.replace(":a", "a")
    assert SqlParameters.model_validate(statement(text)).statement == text


@pytest.mark.parametrize(
    "given",
    [
        {"url": "postgresql://user:geheim@host/db", "statement": "SELECT 1"},
        {"url": "postgresql://host/db?password=geheim", "statement": "SELECT 1"},
        {"url": URL, "statement": "SELECT 1", "parameters": {"surplus": 1}},
        {"url": URL, "statement": "SELECT 1", "expect_rows": {"min": 2, "max": 1}},
        {"url": URL, "statement": "SELECT 1", "expect_rows": True},
    ],
)
def test_parameters_that_make_no_sense_are_an_error_that_shows_no_password(given: Given) -> None:
    with pytest.raises(ValidationError) as caught:
        SqlParameters.model_validate(given)
    assert "geheim" not in str(caught.value)


async def test_a_value_is_bound_and_never_part_of_the_statement(statements: Case) -> None:
    value = "'); DROP TABLE routes; --"
    given = statement("INSERT INTO routes VALUES (:route)", parameters={"route": value})
    assert (await statements.act(given)).status == "succeeded"
    assert statements.state() == [(value,)]


async def test_a_relative_path_counts_from_the_playbooks_folder(statements: Case) -> None:
    given: Given = {"url": "sqlite:///routes.db", "statement": INSERT_TWO}
    assert (await statements.preview(given)).ready
    assert (await statements.act(given)).status == "succeeded"
    assert statements.effects() == 2


@pytest.mark.parametrize(
    "url", ["sqlite:///absent.db", "sqlite://", "mysql://host/db", "postgresql://h:port/db"]
)
async def test_a_database_that_cannot_be_used_is_told_and_not_made(
    statements: Case, tmp_path: Path, url: str
) -> None:
    given: Given = {"url": url, "statement": "SELECT 1", "probe": {"query": "SELECT 1", "equals": 1}}
    preview, outcome, probe = await asyncio.gather(
        statements.preview(given), statements.act(given), statements.probe(given)
    )
    assert (preview.ready, outcome.status, probe.done) == (False, "failed", "unknown")
    assert preview.problem
    assert content(tmp_path) == ["routes.db"]


async def test_it_waits_for_another_writer_and_then_does_its_work(statements: Case) -> None:
    with closing(sqlite3.connect(statements.folder / "routes.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        running = asyncio.create_task(statements.act(statement(INSERT_TWO)))
        done, _ = await asyncio.wait({running}, timeout=0.3)
        assert not done
        other.execute("COMMIT")
        assert (await running).status == "succeeded"
    assert statements.effects() == 2


async def test_it_waits_with_its_commit_for_a_reader(statements: Case) -> None:
    with closing(sqlite3.connect(statements.folder / "routes.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM routes").fetchall()
        running = asyncio.create_task(statements.act(statement(INSERT_TWO)))
        done, _ = await asyncio.wait({running}, timeout=0.3)
        assert not done
        other.execute("COMMIT")
        assert (await running).status == "succeeded"
    assert statements.effects() == 2


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN"])
async def test_a_lock_that_is_not_given_back_in_time_is_a_failure_and_nothing_is_changed(
    statements: Case, begin: str
) -> None:
    with closing(sqlite3.connect(statements.folder / "routes.db", isolation_level=None)) as other:
        other.execute(begin)
        other.execute("SELECT * FROM routes").fetchall()
        outcome = await statements.act(statement(INSERT_TWO), statements.context(seconds=0.5))
        assert outcome.status == "failed"
        assert "the time allowed was over" in outcome.summary
    assert statements.effects() == 0


@pytest.mark.parametrize("milliseconds", range(80, 280, 10))
async def test_time_that_runs_out_at_any_moment_of_a_commit_leaves_neither_a_lock_nor_a_doubt(
    statements: Case, milliseconds: int
) -> None:
    with closing(sqlite3.connect(statements.folder / "routes.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM routes").fetchall()
        context = statements.context(seconds=milliseconds / 1000)
        assert (await statements.act(statement(INSERT_TWO), context)).status == "failed"
    assert statements.effects() == 0


@pytest.mark.parametrize(
    ("query", "equals", "done"),
    [
        ("SELECT count(*) FROM routes", 0, "yes"),
        ("SELECT count(*) FROM routes", 1, "no"),
        ("SELECT max(route) FROM routes", None, "yes"),
        ("SELECT route FROM routes", None, "yes"),
        ("SELECT 'legacy'", "legacy", "yes"),
        ("SELECT 1", True, "yes"),
        ("SELECT 0.1", 0.1, "yes"),
        ("SELECT 1, 2", 1, "unknown"),
        ("SELECT 1 UNION SELECT 2", 1, "unknown"),
        ("SELECT * FROM absent", 1, "unknown"),
        (ENDLESS, 1, "unknown"),
    ],
)
async def test_the_value_of_the_probe_answers(
    statements: Case, query: str, equals: JsonValue, done: str
) -> None:
    given = statement("SELECT 1", probe={"query": query, "equals": equals})
    assert (await statements.probe(given, statements.context(seconds=0.6))).done == done


@pytest.mark.parametrize("how", ["cancelled", "task ended"])
async def test_a_statement_that_is_ended_gives_the_lock_back_at_once(statements: Case, how: str) -> None:
    cancelled = asyncio.Event()
    context = statements.context(seconds=100, cancelled=cancelled)
    running = asyncio.create_task(statements.act(statements.slow, context))
    await until(statements.under_way)
    if how == "cancelled":
        cancelled.set()
    else:
        running.cancel()
    await asyncio.wait({running}, timeout=1)
    assert running.done()
    await until(lambda: not statements.under_way(), seconds=1)


async def test_a_probe_cannot_write(statements: Case) -> None:
    probe: JsonValue = {"query": "INSERT INTO routes VALUES ('x') RETURNING 1", "equals": 1}
    assert (await statements.probe(statement("SELECT 1", probe=probe))).done == "unknown"
    assert statements.effects() == 0
