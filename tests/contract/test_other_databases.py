"""A database that only SQLAlchemy knows: scalar and grouped checks, bounded by the wait for them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from bot.domain.errors import SourceError
from bot.domain.playbook.checks import Figure
from bot.reconcile import sql_source
from bot.reconcile.databases.database import Limits
from bot.reconcile.sql_source import SqlSource
from tests.contract.people import sqlite_url
from tests.contract.test_source import BY_LEVEL, COUNT, NO_TABLE, TWO_ROWS

# About a second on the machine that runs the tests; it ends by itself, as nothing else ends it.
SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000000) SELECT COUNT(*) FROM n"


class Tally(SQLiteDialect_pysqlite):
    """A dialect that we know nothing of."""

    name = "tally"
    supports_statement_cache = True


registry.register("tally", __name__, "Tally")


def tally(folder: Path, *, seconds: float = 10) -> SqlSource:
    url = URL.create("tally", database=sqlite_url(folder).database)
    return SqlSource(name="legacy", url=url, limits=Limits(seconds=seconds, connections=1))


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[SqlSource]:
    source = tally(tmp_path)
    yield source
    await source.close()


async def test_numbers_groups_and_figures_are_read(source: SqlSource) -> None:
    assert await source.scalar(COUNT) == 4
    assert await source.grouped(BY_LEVEL) == {("L1",): 2, (None,): 1, ("NULL",): 1}
    (count,) = await source.figures([Figure(table="people", count="rows")])
    assert count.number == 4


async def test_it_has_no_snapshot(source: SqlSource) -> None:
    assert not await source.snapshot()


@pytest.mark.parametrize("query", [NO_TABLE, TWO_ROWS, "DELETE FROM people", "SELECT 1; SELECT 2"])
async def test_what_fails_is_an_error_and_harms_nothing(source: SqlSource, query: str) -> None:
    with pytest.raises(SourceError, match="legacy"):
        await source.scalar(query)
    assert await source.scalar(COUNT) == 4


async def test_a_query_that_nothing_ends_is_given_up_and_asked_no_more_until_it_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_source, "_GRACE", 0.05)
    source = tally(tmp_path, seconds=0.05)
    with pytest.raises(SourceError, match=r"no answer within 0\.05 s"):
        await source.scalar(SLOW)
    with pytest.raises(SourceError, match="what was asked before has not ended yet"):
        await source.scalar(COUNT)
    async with asyncio.timeout(30):
        while True:
            try:
                assert await source.scalar(COUNT) == 4
                break
            except SourceError:
                await asyncio.sleep(0.01)
    await source.close()
