"""What the sql adapter promises, on a real PostgreSQL."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from pydantic import JsonValue
from sqlalchemy import make_url

from tests.contract.actions.case import Case, Given, until
from tests.contract.actions.losing_proxy import losing_proxy

URL: JsonValue = {"env": "ROUTES_URL"}


@pytest.fixture
def database(statements: Case, postgres_database: str) -> str:
    statements.secrets["ROUTES_URL"] = postgres_database
    plain = make_url(postgres_database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.execute("CREATE TABLE routes (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)")
    return plain


def count(database: str, query: str = "SELECT count(*) FROM routes") -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    found: int = row[0]
    return found


def sleeping(database: str) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep'"
    return count(database, query) > 0


async def test_the_whole_of_the_contract_holds(statements: Case, database: str) -> None:
    assert (await statements.preview(INSERT)).ready
    assert (await statements.probe(INSERT)).done == "no"
    assert count(database) == 0
    outcome = await statements.act(INSERT)
    assert (outcome.status, count(database)) == ("succeeded", 1)
    assert (await statements.probe(INSERT)).done == "yes"


INSERT: Given = {
    "url": URL,
    "statement": "INSERT INTO routes VALUES (:id)",
    "parameters": {"id": 7},
    "expect_rows": 1,
    "probe": {"query": "SELECT count(*) FROM routes WHERE id = :id", "equals": 1},
}


async def test_another_number_of_rows_than_expected_is_rolled_back(statements: Case, database: str) -> None:
    outcome = await statements.act({**INSERT, "expect_rows": 2})
    assert (outcome.status, count(database)) == ("failed", 0)


async def test_a_constraint_that_is_checked_at_the_commit_is_a_failure(
    statements: Case, database: str
) -> None:
    given: Given = {"url": URL, "statement": "INSERT INTO routes VALUES (1), (1)"}
    outcome = await statements.act(given)
    assert (outcome.status, count(database)) == ("failed", 0)
    assert "nothing was changed" in outcome.summary


async def test_a_probe_cannot_write(statements: Case, database: str) -> None:
    probe: JsonValue = {"query": "INSERT INTO routes VALUES (3) RETURNING 1", "equals": 1}
    given: Given = {"url": URL, "statement": "SELECT 1", "probe": probe}
    assert (await statements.probe(given)).done == "unknown"
    assert count(database) == 0


SLOW: Given = {"url": URL, "statement": "INSERT INTO routes SELECT 1 FROM pg_sleep(600)"}


async def test_a_statement_that_takes_too_long_is_ended_in_the_server_too(
    statements: Case, database: str
) -> None:
    outcome = await statements.act(SLOW, statements.context(seconds=0.5))
    assert outcome.status == "failed"
    assert "the time allowed was over" in outcome.summary
    await until(lambda: not sleeping(database))
    assert count(database) == 0


async def test_a_statement_that_is_cancelled_is_ended_in_the_server_too(
    statements: Case, database: str
) -> None:
    cancelled = asyncio.Event()
    running = asyncio.create_task(statements.act(SLOW, statements.context(seconds=60, cancelled=cancelled)))
    await until(lambda: sleeping(database))
    cancelled.set()
    outcome = await asyncio.wait_for(running, timeout=5)
    assert outcome.status == "failed"
    assert "it was cancelled" in outcome.summary
    await until(lambda: not sleeping(database))
    assert count(database) == 0


@pytest.mark.parametrize("arrived", [True, False], ids=["committed", "not-committed"])
async def test_a_connection_lost_at_the_commit_is_unknown_and_the_probe_finds_out(
    statements: Case, database: str, tmp_path: Path, arrived: bool
) -> None:
    direct = make_url(statements.secrets["ROUTES_URL"])
    host = direct.query["host"]
    assert isinstance(host, str)
    through = direct.update_query_dict({"host": str(tmp_path)})
    server = Path(host) / ".s.PGSQL.5432"
    async with losing_proxy(server, tmp_path, at=b"COMMIT", arrives=arrived):
        statements.secrets["ROUTES_URL"] = through.render_as_string(hide_password=False)
        outcome = await statements.act(INSERT)
    assert outcome.status == "unknown"
    assert "not known whether the database committed" in outcome.summary
    statements.secrets["ROUTES_URL"] = direct.render_as_string(hide_password=False)
    assert (await statements.probe(INSERT)).done == ("yes" if arrived else "no")


async def test_a_connection_lost_before_the_commit_is_a_failure(
    statements: Case, database: str, tmp_path: Path
) -> None:
    direct = make_url(statements.secrets["ROUTES_URL"])
    server = Path(str(direct.query["host"])) / ".s.PGSQL.5432"
    through = direct.update_query_dict({"host": str(tmp_path)})
    async with losing_proxy(server, tmp_path, at=b"INSERT", arrives=False):
        statements.secrets["ROUTES_URL"] = through.render_as_string(hide_password=False)
        outcome = await statements.act(INSERT)
    assert outcome.status == "failed"
    assert count(database) == 0


async def test_the_password_of_a_server_that_is_not_there_turns_up_nowhere(statements: Case) -> None:
    statements.secrets["ROUTES_URL"] = "postgresql://ana:geheim123@127.0.0.1:1/db"
    parts = [await statements.preview(INSERT), await statements.act(INSERT), await statements.probe(INSERT)]
    assert "geheim" not in repr(parts)
    assert not getattr(parts[0], "ready", True)
