"""What a source over a database promises beside: nothing is written, nothing hangs, no password is told."""

import asyncio
import socket
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Connection, CursorResult, make_url

from bot.domain.errors import SourceError
from bot.reconcile import answers, sql_source
from bot.reconcile.databases.database import Limits
from bot.reconcile.lane import Lane
from bot.reconcile.sql_source import SqlSource
from tests.contract.people import sqlite_url
from tests.contract.test_source import COUNT

SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
    "postgresql": "SELECT 1 FROM pg_sleep(60)",
}


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    url: URL = request.getfixturevalue("people_in_postgres")
    return url


@pytest.fixture
async def source(url: URL) -> AsyncIterator[SqlSource]:
    source = SqlSource(name="new", url=url, limits=Limits(seconds=10))
    yield source
    await source.close()


@pytest.mark.parametrize(
    "write",
    [
        "DELETE FROM people",
        "SELECT 1; DELETE FROM people",
        "WITH gone AS (DELETE FROM people RETURNING id) SELECT COUNT(*) FROM gone",
        "WITH n AS (SELECT 1) DELETE FROM people",
        "SELECT * INTO others FROM people",
        "SET TRANSACTION READ WRITE",
        "PRAGMA query_only = OFF",
        "SELECT 1) AS a; COMMIT; DELETE FROM people; SELECT * FROM (SELECT 1",
        "",
        "-- SELECT 1",
    ],
)
async def test_a_write_is_refused_before_it_is_sent(source: SqlSource, write: str) -> None:
    with pytest.raises(SourceError, match=r"SELECT|one statement|only read"):
        await source.scalar(write)
    assert await source.scalar(COUNT) == 4


@pytest.mark.parametrize(
    "hidden",
    [
        "SELECT 1 /* /* */ ' */) AS a; COMMIT; DELETE FROM people; SELECT * FROM (SELECT 1 --'",
        "SELECT E'\\'') AS a; COMMIT; DELETE FROM people; SELECT 1 FROM (SELECT 1 --'",
        "SELECT 1 FROM pg_notify('a', set_config('transaction_read_only', 'off', false)::text)",
    ],
)
async def test_postgresql_itself_refuses_what_our_reading_of_a_query_misses(
    people_in_postgres: URL, hidden: str
) -> None:
    source = SqlSource(name="new", url=people_in_postgres, limits=Limits(seconds=10))
    with pytest.raises(SourceError, match=r"multiple commands|read-write mode"):
        await source.scalar(hidden)
    assert await source.scalar(COUNT) == 4
    await source.close()


async def test_sqlite_itself_refuses_a_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_source, "bounded_select", lambda sql, *, rows: sql)
    source = SqlSource(name="new", url=sqlite_url(tmp_path), limits=Limits(seconds=10))
    with pytest.raises(SourceError, match="readonly"):
        await source.scalar("DELETE FROM people")
    assert await source.scalar(COUNT) == 4
    await source.close()


async def test_quoted_text_is_not_taken_for_a_write_and_percent_and_colon_are_plain(
    source: SqlSource,
) -> None:
    query = """
        -- how many; DELETE nothing
        SELECT COUNT(*) AS "update" FROM people
        WHERE name <> 'insert; into' AND name NOT LIKE '%s:x%' /* ; */ ;  -- end
    """
    assert await source.scalar(query) == 4


async def test_a_query_that_takes_too_long_ends_as_an_error_and_the_next_one_works(url: URL) -> None:
    source = SqlSource(name="new", url=url, limits=Limits(seconds=0.3))
    started = time.monotonic()
    with pytest.raises(SourceError, match=r"new .*: no answer within 0.3 s"):
        await source.scalar(SLOW[url.get_backend_name()])
    assert time.monotonic() - started < 5
    assert await source.scalar(COUNT) == 4
    await source.close()


async def test_two_queries_of_a_source_run_at_once(
    source: SqlSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=5)
    select = SqlSource._selected

    def met(self: SqlSource, connection: Connection, sql: str, *, most: int) -> CursorResult[Any]:
        both.wait()
        return select(self, connection, sql, most=most)

    monkeypatch.setattr(SqlSource, "_selected", met)
    answers = await asyncio.gather(source.scalar(COUNT), source.scalar(COUNT))
    assert set(answers) == {4}


@pytest.mark.parametrize("connections", [1, 3])
async def test_no_more_queries_run_at_once_than_the_source_allows(
    url: URL, connections: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, under_way = threading.Lock(), 0
    select = SqlSource._selected

    def counted(self: SqlSource, connection: Connection, sql: str, *, most: int) -> CursorResult[Any]:
        nonlocal under_way
        with lock:
            under_way += 1
            seen.append(under_way)
        try:
            return select(self, connection, sql, most=most)
        finally:
            with lock:
                under_way -= 1

    seen: list[int] = []
    monkeypatch.setattr(SqlSource, "_selected", counted)
    source = SqlSource(name="new", url=url, limits=Limits(seconds=10, connections=connections))
    answers = await asyncio.gather(*(source.scalar(COUNT) for _ in range(12)))
    assert set(answers) == {4}
    assert max(seen) <= connections
    await source.close()


async def test_too_many_groups_are_an_error(source: SqlSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_GROUPS", 3)
    with pytest.raises(SourceError, match="more than 3 groups"):
        await source.grouped("SELECT id, COUNT(*) FROM people GROUP BY id")


async def test_a_number_that_is_not_finite_is_an_error(source: SqlSource, url: URL) -> None:
    query = "SELECT 9e999" if url.get_backend_name() == "sqlite" else "SELECT 'NaN'::numeric"
    with pytest.raises(SourceError, match="finite"):
        await source.scalar(query)


async def test_a_database_without_a_dialect_is_named() -> None:
    with pytest.raises(SourceError, match=r"new .*: there is no SQLAlchemy dialect “abacus”"):
        SqlSource(name="new", url=URL.create("abacus", database="x"), limits=Limits(seconds=1))


async def test_a_dialect_without_its_driver_says_so() -> None:
    with pytest.raises(SourceError, match=r"the driver of oracle is not installed: .*oracledb"):
        SqlSource(name="new", url=make_url("oracle+oracledb://host/x"), limits=Limits(seconds=1))


async def test_without_the_driver_for_mysql_its_installation_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.reconcile.databases.mysql._DRIVER", "no_such_driver")
    with pytest.raises(SourceError, match=r"pip install switchback\[mysql\]"):
        SqlSource(name="new", url=make_url("mariadb://r:s3cret@h/x"), limits=Limits(seconds=1))


async def test_a_float_is_taken_by_its_shortest_text(tmp_path: Path) -> None:
    source = SqlSource(name="new", url=sqlite_url(tmp_path), limits=Limits(seconds=10))
    assert await source.scalar("SELECT 0.1") == Decimal("0.1")
    assert await source.scalar("SELECT 1e22") == Decimal(10) ** 22
    await source.close()


async def test_a_missing_sqlite_file_is_said_to_be_missing_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none" / "legacy.db"
    source = SqlSource(name="legacy", url=URL.create("sqlite", database=str(path)), limits=Limits(seconds=1))
    with pytest.raises(SourceError, match=r"legacy .*legacy\.db\): there is no such file"):
        await source.scalar("SELECT 1")
    assert not path.parent.exists()
    await source.close()


async def test_an_sqlite_file_with_any_name_is_only_that_file(tmp_path: Path) -> None:
    odd = tmp_path / "a?mode=rwc&b#c%20.db"
    sqlite_url(tmp_path)
    (tmp_path / "people.db").rename(odd)
    source = SqlSource(name="legacy", url=URL.create("sqlite", database=str(odd)), limits=Limits(seconds=1))
    assert await source.scalar(COUNT) == 4
    assert names_in(tmp_path) == [odd.name]
    await source.close()


async def test_sqlite_locked_by_a_writer_is_an_error_in_time(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    writer = sqlite3.connect(tmp_path / "people.db", isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    source = SqlSource(name="legacy", url=url, limits=Limits(seconds=0.2))
    with pytest.raises(SourceError, match=r"locked|no answer"):
        await source.scalar(COUNT)
    writer.execute("ROLLBACK")
    writer.close()
    assert await source.scalar(COUNT) == 4
    await source.close()


async def test_postgresql_is_read_in_utc_and_in_a_read_only_transaction(people_in_postgres: URL) -> None:
    url = people_in_postgres
    source = SqlSource(name="new", url=url, limits=Limits(seconds=3, lock_seconds=2))
    settings = await source.grouped(
        "SELECT current_setting('transaction_read_only'), current_setting('TimeZone'),"
        " current_setting('statement_timeout'), current_setting('lock_timeout'), 1"
    )
    assert list(settings) == [("on", "UTC", "3s", "2s")]
    await source.close()


async def test_postgresql_locked_by_a_writer_is_an_error_in_time(people_in_postgres: URL) -> None:
    url = people_in_postgres
    source = SqlSource(name="new", url=url, limits=Limits(seconds=0.3))
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as writer:
        writer.execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(SourceError, match=r"no answer|lock timeout"):
            await source.scalar(COUNT)
    assert await source.scalar(COUNT) == 4
    await source.close()


@pytest.mark.parametrize(
    "url", ["reader:s3cret word@127.0.0.1:{}/ledger", "127.0.0.1:{}/ledger?password=s3cret"]
)
async def test_a_password_is_never_in_an_error(url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        made = make_url(f"postgresql+psycopg://{url.format(port)}")
        source = SqlSource(name="new", url=made, limits=Limits(seconds=2))
        with pytest.raises(SourceError) as raised:
            await source.scalar("SELECT 1")
    text = str(raised.value)
    assert "s3cret" not in text
    assert raised.value.where.startswith("new (postgresql+psycopg://")
    assert f"127.0.0.1:{port}/ledger)" in raised.value.where
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    await source.close()


async def test_a_password_that_the_driver_repeats_is_masked() -> None:
    url = make_url("postgresql://reader@127.0.0.1:1/ledger?password=s3cret&sslmode=s3cret")
    source = SqlSource(name="new", url=url, limits=Limits(seconds=2))
    with pytest.raises(SourceError, match=r'sslmode value: "\*\*\*"'):
        await source.scalar("SELECT 1")
    await source.close()


async def test_no_secret_of_a_urls_query_is_told_however_it_is_called() -> None:
    url = make_url(
        "postgresql://reader@127.0.0.1:1/ledger?sslpassword=s3 cret&options=s3%20cret&sslmode=s3 cret"
    )
    source = SqlSource(name="new", url=url, limits=Limits(seconds=2))
    with pytest.raises(SourceError) as raised:
        await source.scalar("SELECT 1")
    assert "s3" not in str(raised.value)
    await source.close()


async def test_a_server_that_accepts_and_says_nothing_is_an_error_in_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        host, port = silent.getsockname()
        url = URL.create("postgresql", "reader", "pw", host, port=port, database="ledger")
        source = SqlSource(name="new", url=url, limits=Limits(seconds=0.1))
        started = time.monotonic()
        with pytest.raises(SourceError, match="new"):
            await source.scalar("SELECT 1")
        assert time.monotonic() - started < 5
    await source.close()


async def test_a_query_given_up_ends_soon_however_late_it_reaches_its_server(
    url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected, interrupted = threading.Event(), threading.Event()
    select, interrupt = SqlSource._selected, Lane.interrupt

    def late(self: SqlSource, connection: Connection, sql: str, *, most: int) -> CursorResult[Any]:
        connected.set()
        assert interrupted.wait(5)
        return select(self, connection, sql, most=most)

    def told(self: Lane) -> None:
        interrupt(self)
        interrupted.set()

    monkeypatch.setattr(SqlSource, "_selected", late)
    monkeypatch.setattr(Lane, "interrupt", told)
    source = SqlSource(name="legacy", url=url, limits=Limits(seconds=60))
    asking = asyncio.create_task(source.scalar(SLOW[url.get_backend_name()]))
    assert await asyncio.to_thread(connected.wait, 5)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await source.close()
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("source-legacy")]
    for thread in threads:
        await asyncio.to_thread(thread.join, 5)
    assert not any(thread.is_alive() for thread in threads)
