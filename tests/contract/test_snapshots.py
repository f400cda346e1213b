"""One snapshot for all that is asked of a source, where its database can give one."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Connection

from bot.domain.errors import SourceError
from bot.reconcile.databases.database import Limits
from bot.reconcile.databases.postgresql import PostgresqlDatabase
from bot.reconcile.databases.sqlite import SqliteDatabase
from bot.reconcile.sql_source import SqlSource
from tests.contract.people import filled_postgres, sqlite_url
from tests.contract.test_source import COUNT, NO_TABLE
from tests.contract.test_sql_source import SLOW

Execute = Callable[[str], None]
HIRE = "INSERT INTO people (id) VALUES (5)"


def at_postgres(url: URL) -> Execute:
    text = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def execute(statement: str) -> None:
        with psycopg.connect(text, options="-c lock_timeout=2000") as connection:
            connection.execute(statement.encode())

    return execute


def at_sqlite(file: Path) -> Execute:
    def execute(statement: str) -> None:
        with closing(sqlite3.connect(file, timeout=2)) as connection, connection:
            connection.execute(statement)

    return execute


@pytest.fixture(params=["sqlite", "postgresql"])
def moving(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[URL, Execute]:
    """A database that keeps snapshots, and how somebody else changes it."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path, wal=True), at_sqlite(tmp_path / "people.db")
    url = filled_postgres(request.getfixturevalue("postgres_database"))
    return url, at_postgres(url)


@pytest.fixture
async def source(moving: tuple[URL, Execute]) -> AsyncIterator[SqlSource]:
    source = SqlSource(name="legacy", url=moving[0], limits=Limits(seconds=10))
    yield source
    await source.close()


async def test_rows_that_arrive_after_the_snapshot_are_not_seen(
    source: SqlSource, moving: tuple[URL, Execute]
) -> None:
    assert await source.snapshot()
    moving[1](HIRE)
    counts = await asyncio.gather(*(source.scalar(COUNT) for _ in range(4)))
    assert counts == [4, 4, 4, 4]


async def test_a_failed_query_keeps_the_snapshot(source: SqlSource, moving: tuple[URL, Execute]) -> None:
    assert await source.snapshot()
    moving[1](HIRE)
    with pytest.raises(SourceError, match="legacy"):
        await source.scalar(NO_TABLE)
    assert await source.scalar(COUNT) == 4


async def test_without_a_snapshot_each_query_reads_what_is_there(
    source: SqlSource, moving: tuple[URL, Execute]
) -> None:
    assert await source.scalar(COUNT) == 4
    moving[1](HIRE)
    assert await source.scalar(COUNT) == 5


async def test_a_database_that_only_speaks_like_one_with_snapshots_has_none(
    source: SqlSource, moving: tuple[URL, Execute], monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in (SqliteDatabase, PostgresqlDatabase):
        begin = kind.begin

        def refused(
            self: Any, connection: Connection, *, held: bool, snapshot: str | None, begin: Any = begin
        ) -> str | None:
            if held:
                connection.exec_driver_sql("SELECT no_such_function()")
            name: str | None = begin(self, connection, held=held, snapshot=snapshot)
            return name

        monkeypatch.setattr(kind, "begin", refused)
    assert not await source.snapshot()
    moving[1](HIRE)
    assert await source.scalar(COUNT) == 5


async def test_a_query_given_up_in_a_snapshot_leaves_the_source_able_to_answer(
    source: SqlSource, moving: tuple[URL, Execute]
) -> None:
    assert await source.snapshot()
    asking = asyncio.create_task(source.scalar(SLOW[moving[0].get_backend_name()]))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    async with asyncio.timeout(8):
        assert await answer_of(source) == 4


async def answer_of(source: SqlSource) -> int:
    """The count, as soon as what was asked before has ended."""
    while True:
        try:
            return int(await source.scalar(COUNT))
        except SourceError as error:
            if "has not ended yet" not in error.what:
                raise
            await asyncio.sleep(0.01)


async def test_sqlite_without_wal_keeps_no_snapshot_and_no_writer_waiting(tmp_path: Path) -> None:
    source = SqlSource(name="legacy", url=sqlite_url(tmp_path), limits=Limits(seconds=10))
    assert not await source.snapshot()
    at_sqlite(tmp_path / "people.db")(HIRE)
    assert await source.scalar(COUNT) == 5
    await source.close()


async def test_no_table_stays_locked_between_the_queries_of_a_snapshot(postgres_database: str) -> None:
    url = filled_postgres(postgres_database)
    source = SqlSource(name="legacy", url=url, limits=Limits(seconds=10))
    assert await source.snapshot()
    assert await source.scalar(COUNT) == 4
    at_postgres(url)("ALTER TABLE people ADD COLUMN hired date")
    assert await source.scalar(COUNT) == 4
    await source.close()


async def test_what_a_query_sets_is_gone_with_it(postgres_database: str) -> None:
    source = SqlSource(name="legacy", url=filled_postgres(postgres_database), limits=Limits(seconds=10))
    assert await source.snapshot()
    await source.grouped("SELECT set_config('statement_timeout', '0', false), 1")
    settings = "SELECT current_setting('statement_timeout'), current_setting('transaction_isolation'), 1"
    for _ in range(2):
        assert list(await source.grouped(settings)) == [("10s", "repeatable read")]
    await source.close()


async def test_a_connection_that_is_lost_is_an_error_and_the_next_query_takes_a_new_snapshot(
    postgres_database: str,
) -> None:
    url = filled_postgres(postgres_database)
    source = SqlSource(name="legacy", url=url, limits=Limits(seconds=10))
    assert await source.snapshot()
    at_postgres(url)(HIRE)
    at_postgres(url)(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'switchback-%'"
        " AND datname = current_database()"
    )
    with pytest.raises(SourceError, match=r"legacy .*(terminat|closed)"):
        await source.scalar(COUNT)
    assert await source.scalar(COUNT) == 5
    await source.close()
