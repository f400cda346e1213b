"""What every source promises: SQLite, PostgreSQL and the one in memory."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.errors import SourceError
from bot.domain.playbook.checks import Figure
from bot.domain.playbook.table_checks import Rules
from bot.domain.rules_comparison import Duplicates, RulesCounted
from bot.domain.table_shape import TableColumn
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
TIME = "SELECT '2026-03-14 03:12:00' FROM people WHERE id = 1"
ZONED = "SELECT '2026-03-14T03:12:00+01:00' FROM people WHERE id = 1"
DAY = "SELECT '2026-03-14' FROM people WHERE id = 1"
NO_TIME = "SELECT MAX(name) FROM people WHERE id = 99"

PAID = "level IS NOT NULL AND name NOT LIKE '%e:e'"
FIGURES: dict[Figure, tuple[object, object]] = {
    Figure(table="people", count="rows"): (4, 4),
    Figure(table="people", count="grade"): (3, 3),
    Figure(table="people", sum="pay"): (Decimal(9007199254741035), 9007199254741035),
    Figure(table="people", average="pay", where="id < 3"): (21, 21),
    Figure(table="people", maximum="pay", where=PAID): (32, 32),
    Figure(table="people", minimum="pay"): (0, 0),
    Figure(table="people", sum="pay", where="id = 99"): (None, "NULL"),
    Figure(table="people", maximum="name"): (None, "text"),
}
NO_COLUMN = Figure(table="people", sum="nothing")
SHAPE = (
    TableColumn("id", "integer", "INTEGER", nullable=True),
    TableColumn("level", "text", "TEXT", nullable=True),
    TableColumn("grade", "integer", "INTEGER", nullable=True),
    TableColumn("pay", "decimal", "NUMERIC(20, 2)", nullable=True),
    TableColumn("name", "text", "TEXT", nullable=True),
)
RULES = Rules(source="new", table="people", unique=(("id",), ("grade",)), not_null=("name", "level"))
BROKEN = RulesCounted(
    rows=4,
    nulls={"name": 0, "level": 1},
    duplicates=(Duplicates(("id",), 0, ()), Duplicates(("grade",), 1, ((("1",), 2),))),
)

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
    TIME: [("2026-03-14 03:12:00",)],
    ZONED: [("2026-03-14T03:12:00+01:00",)],
    DAY: [("2026-03-14",)],
    NO_TIME: [(None,)],
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
            cells = {figure: cell if cell is not None else says for figure, (cell, says) in FIGURES.items()}
            source = FakeSource(
                ANSWERS, name="legacy", figures=cells, shapes={"people": SHAPE}, counted=BROKEN
            )
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


@pytest.mark.parametrize("figure", FIGURES, ids=str)
async def test_a_figure_is_the_same_alone_and_with_others(source: Source, figure: Figure) -> None:
    wanted, says = FIGURES[figure]
    (alone,) = await source.figures([figure])
    together = await source.figures(list(FIGURES))
    for read in (alone, together[list(FIGURES).index(figure)]):
        assert read.number == wanted
        if wanted is None:
            assert read.problem is not None
            assert read.problem.where.startswith("legacy")
            assert str(says) in read.problem.what or "number is wanted" in read.problem.what


async def test_a_figure_that_fails_harms_no_other_of_its_scan(source: Source) -> None:
    count = Figure(table="people", count="rows")
    reads = await source.figures([count, NO_COLUMN, Figure(table="people", maximum="pay", where=PAID)])
    assert [read.number for read in reads] == [4, None, 32]
    assert reads[1].problem is not None
    assert reads[1].problem.where.startswith("legacy")


async def test_a_time_is_given_with_its_zone_where_it_has_one(source: Source) -> None:
    naive, zoned, day = await source.newest(TIME), await source.newest(ZONED), await source.newest(DAY)
    assert (naive.isoformat(), zoned.isoformat(), day.isoformat()) == (
        "2026-03-14T03:12:00",
        "2026-03-14T03:12:00+01:00",
        "2026-03-14",
    )


@pytest.mark.parametrize("query", [NO_TIME, TEXT, COUNT, TWO_ROWS, TWO_COLUMNS, NO_ROW])
async def test_what_is_not_one_time_is_an_error_that_names_the_source(source: Source, query: str) -> None:
    with pytest.raises(SourceError, match="legacy"):
        await source.newest(query)


async def test_the_columns_of_a_table_are_told_by_kind(source: Source) -> None:
    columns = await source.columns("people")
    assert [(one.name, one.kind, one.nullable) for one in columns] == [
        (one.name, one.kind, one.nullable) for one in SHAPE
    ]
    with pytest.raises(SourceError, match=r"legacy.*there is no table nobody"):
        await source.columns("nobody")


async def test_all_tables_are_told_with_their_columns(source: Source) -> None:
    (people,) = await source.tables()
    assert (people.name, people.columns) == ("people", ("id", "level", "grade", "pay", "name"))


async def test_what_breaks_a_rule_is_counted_and_named(source: Source) -> None:
    assert await source.broken(RULES) == BROKEN


async def test_a_failed_query_does_not_harm_the_next_one_in_a_snapshot(source: Source) -> None:
    await source.snapshot()
    for _ in range(3):
        with pytest.raises(SourceError):
            await source.scalar(NO_TABLE)
        assert await source.scalar(COUNT) == 4
