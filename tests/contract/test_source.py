"""What every source promises: SQLite, PostgreSQL and the one in memory."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.errors import SourceError
from bot.ports.source import Source
from bot.reconcile.databases.database import Limits
from bot.reconcile.sql_source import SqlSource
from tests.contract.people import sqlite_url
from tests.fakes.source import FakeSource, Rows

COUNT = "SELECT COUNT(*) FROM people"
SUM = "SELECT SUM(pay) FROM people"
NO_ROW = "SELECT pay FROM people WHERE id = 99"
NULL = "SELECT SUM(pay) FROM people WHERE id = 99"
TEXT = "SELECT name FROM people WHERE id = 1"
TWO_COLUMNS = "SELECT id, pay FROM people WHERE id = 1"
TWO_ROWS = "SELECT id FROM people WHERE id < 3 ORDER BY id"
NO_TABLE = "SELECT COUNT(*) FROM nobody"
BY_LEVEL = "SELECT level, COUNT(*) FROM people GROUP BY level"
BY_BOTH = "SELECT level, grade, COUNT(*) FROM people GROUP BY level, grade"
NO_GROUP = "SELECT level, COUNT(*) FROM people WHERE id = 99 GROUP BY level"
TWICE = "SELECT 'a', id FROM people WHERE id < 3 ORDER BY id"
NULL_NUMBER = "SELECT 'a', NULL FROM people WHERE id = 1"

ANSWERS: dict[str, Rows] = {
    COUNT: [(4,)],
    SUM: [(9007199254741035,)],
    NO_ROW: [],
    NULL: [(None,)],
    TEXT: [("Ana",)],
    TWO_COLUMNS: [(1, 10)],
    TWO_ROWS: [(1,), (2,)],
    BY_LEVEL: [("L1", 2), (None, 1), ("NULL", 1)],
    BY_BOTH: [("L1", 1, 1), ("L1", None, 1), (None, 1, 1), ("NULL", 2, 1)],
    NO_GROUP: [],
    TWICE: [("a", 1), ("a", 2)],
    NULL_NUMBER: [("a", None)],
}


@pytest.fixture(params=["sqlite", "postgresql", "fake"])
async def source(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Source]:
    source: Source
    match request.param:
        case "sqlite":
            source = SqlSource(name="legacy", url=sqlite_url(tmp_path), limits=Limits(seconds=10))
        case "postgresql":
            url = request.getfixturevalue("people_in_postgres")
            source = SqlSource(name="legacy", url=url, limits=Limits(seconds=10))
        case _:
            source = FakeSource(ANSWERS, name="legacy")
    yield source
    await source.close()


async def test_a_scalar_is_one_exact_number(source: Source) -> None:
    assert await source.scalar(COUNT) == 4
    assert await source.scalar(SUM) == Decimal("9007199254741035")


@pytest.mark.parametrize("query", [NO_ROW, NULL, TEXT, TWO_COLUMNS, TWO_ROWS, NO_TABLE])
async def test_what_is_not_one_number_is_an_error_that_names_the_source(source: Source, query: str) -> None:
    with pytest.raises(SourceError) as raised:
        await source.scalar(query)
    assert raised.value.where.startswith("legacy")
    assert raised.value.what


async def test_groups_are_keyed_by_text_and_null_is_apart(source: Source) -> None:
    assert await source.grouped(BY_LEVEL) == {("L1",): 2, (None,): 1, ("NULL",): 1}
    assert await source.grouped(BY_BOTH) == {
        ("L1", "1"): 1,
        ("L1", None): 1,
        (None, "1"): 1,
        ("NULL", "2"): 1,
    }


async def test_no_group_is_an_empty_answer_and_not_an_error(source: Source) -> None:
    assert await source.grouped(NO_GROUP) == {}


@pytest.mark.parametrize("query", [TWICE, NULL_NUMBER, COUNT, NO_TABLE])
async def test_groups_that_cannot_be_told_apart_or_counted_are_an_error(source: Source, query: str) -> None:
    with pytest.raises(SourceError, match="legacy"):
        await source.grouped(query)


async def test_a_failed_query_does_not_harm_the_next_one(source: Source) -> None:
    for _ in range(3):
        with pytest.raises(SourceError):
            await source.scalar(NO_TABLE)
    assert await source.scalar(COUNT) == 4
