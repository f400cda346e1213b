"""MariaDB holds to what every source promises, and to what a snapshot is."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import URL, make_url

from bot.domain.errors import SourceError
from bot.reconcile.databases.database import Limits
from bot.reconcile.sql_source import SqlSource
from tests.contract import test_source as contract
from tests.contract.people import TABLE
from tests.contract.test_snapshots import answer_of
from tests.contract.test_source import COUNT, NO_TABLE
from tests.peers.mariadb import MariaDb

pytestmark = pytest.mark.peers

# Every promise of the contract, asked of the source below.
for _name, _test in vars(contract).copy().items():
    if _name.startswith("test_"):
        globals()[_name] = _test


@pytest.fixture
def url(mariadb_server: MariaDb, mariadb_database: str) -> URL:
    """A database with the table of people, and an account that may only read it."""
    url = make_url(mariadb_database)
    name = url.database or ""
    statements = [
        *TABLE,
        f"CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 's3cret'; GRANT SELECT ON {name}.* TO"
        " reader@'127.0.0.1'",
    ]
    mariadb_server.execute(";\n".join(statements), database=name)
    return url.set(drivername="mariadb", username="reader", password="s3cret")


@pytest.fixture
async def source(url: URL) -> AsyncIterator[SqlSource]:
    """That database as a source."""
    source = SqlSource(name="legacy", url=url, limits=Limits(seconds=10, lock_seconds=3))
    yield source
    await source.close()


@pytest.mark.parametrize("held", [False, True])
async def test_a_session_reads_in_utc_with_time_outs_and_in_full_unicode(
    source: SqlSource, held: bool
) -> None:
    if held:
        await source.snapshot()
    settings = "@@time_zone, @@max_statement_time, @@lock_wait_timeout, @@innodb_lock_wait_timeout"
    groups = await source.grouped(f"SELECT {settings}, @@tx_read_only, @@character_set_client, 1")
    assert list(groups) == [("+00:00", "10", "3", "3", "1", "utf8mb4")]


async def test_the_server_itself_refuses_what_our_reading_of_a_query_misses(source: SqlSource) -> None:
    for hidden in (
        "SELECT 1 FROM people WHERE name = '\\'' ; COMMIT ; DELETE FROM people ; -- '",
        "SELECT 1 FROM people WHERE name = '\\'' ; DELETE FROM people ; -- '",
    ):
        with pytest.raises(SourceError, match="error in your SQL syntax"):
            await source.scalar(hidden)
    assert await source.scalar(COUNT) == 4


async def test_an_account_that_may_write_cannot_write(
    mariadb_database: str, mariadb_server: MariaDb, url: URL
) -> None:
    root = SqlSource(name="new", url=make_url(mariadb_database), limits=Limits(seconds=5))
    mariadb_server.execute(
        "DELIMITER $$\nCREATE FUNCTION hire() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO people (id)"
        " VALUES (5); RETURN 1; END$$\nDELIMITER ;",
        database=url.database or "",
    )
    with pytest.raises(SourceError, match="READ ONLY"):
        await root.scalar("SELECT hire()")
    assert await root.scalar(COUNT) == 4
    await root.close()


async def test_rows_that_arrive_after_the_snapshot_are_not_seen(
    source: SqlSource, url: URL, mariadb_server: MariaDb
) -> None:
    assert await source.snapshot()
    mariadb_server.execute("INSERT INTO people (id) VALUES (5)", database=url.database or "")
    with pytest.raises(SourceError):
        await source.scalar(NO_TABLE)
    assert await source.scalar(COUNT) == 4


async def test_no_table_stays_locked_between_the_queries_of_a_snapshot(
    source: SqlSource, url: URL, mariadb_server: MariaDb
) -> None:
    assert await source.snapshot()
    assert await source.scalar(COUNT) == 4
    mariadb_server.execute(
        "SET lock_wait_timeout = 2; ALTER TABLE people COMMENT 'changed'", database=url.database or ""
    )
    assert await source.scalar("SELECT 1") == 1


async def test_a_query_that_takes_too_long_ends_as_an_error_and_the_next_one_works(url: URL) -> None:
    source = SqlSource(name="new", url=url, limits=Limits(seconds=0.5))
    started = time.monotonic()
    with pytest.raises(SourceError, match=r"new .*: no answer within 0\.5 s"):
        await source.scalar("SELECT SLEEP(20)")
    assert time.monotonic() - started < 5
    assert await source.scalar(COUNT) == 4
    await source.close()


@pytest.mark.parametrize("held", [False, True])
async def test_a_query_given_up_leaves_the_source_able_to_answer(source: SqlSource, held: bool) -> None:
    if held:
        await source.snapshot()
    asking = asyncio.create_task(source.scalar("SELECT SLEEP(60)"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await asking
    async with asyncio.timeout(8):
        assert await answer_of(source) == 4


async def test_a_timestamp_is_an_instant_and_a_datetime_has_no_zone(
    source: SqlSource, url: URL, mariadb_server: MariaDb
) -> None:
    mariadb_server.execute(
        "SET time_zone = '+09:00'; CREATE TABLE loads (at TIMESTAMP, local DATETIME);"
        " INSERT INTO loads VALUES ('2026-03-14 12:12:00', '2026-03-14 12:12:00')",
        database=url.database or "",
    )
    assert await source.newest("SELECT MAX(at) FROM loads") == datetime(2026, 3, 14, 3, 12, tzinfo=UTC)
    local = await source.newest("SELECT MAX(local) FROM loads")
    assert local.isoformat() == "2026-03-14T12:12:00"


async def test_a_connection_that_is_killed_is_an_error_and_the_next_query_works(
    source: SqlSource, mariadb_server: MariaDb
) -> None:
    assert await source.snapshot()
    mariadb_server.execute("KILL USER reader@'127.0.0.1'")
    with pytest.raises(SourceError, match=r"legacy \(mariadb://reader:\*\*\*@127"):
        await source.scalar(COUNT)
    assert await source.scalar(COUNT) == 4


async def test_a_password_is_never_in_an_error(url: URL) -> None:
    source = SqlSource(name="new", url=url.set(password="wr0ng"), limits=Limits(seconds=2))
    with pytest.raises(SourceError, match="Access denied") as raised:
        await source.scalar(COUNT)
    assert "wr0ng" not in repr(raised.value) + str(raised.value)
    await source.close()
