"""The row comparison and the slow, obvious one find the same, on random tables."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from tests.integration.reconcile.rows.comparing import compare
from tests.integration.reconcile.rows.obvious import TEXTS, Row, differences, in_order, two_sides
from tests.postgres import fresh_database

SQLITE = (
    "CREATE TABLE t (id INTEGER, code TEXT, amount TEXT, name TEXT, flag BOOLEAN, ratio REAL,"
    " moment TIMESTAMP, data BLOB)"
)
POSTGRES = (
    "CREATE TABLE t (id bigint, code text, amount numeric, name varchar, flag boolean, ratio float8,"
    " moment timestamptz, data bytea)"
)
quickly = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def zeros(row: Row) -> Row:
    """The amount with more zeros than it needs."""
    return tuple(
        f"{cell:f}" + ("00" if "." in f"{cell:f}" else "") if isinstance(cell, Decimal) else cell
        for cell in row
    )


def in_sqlite(row: Row) -> Row:
    return tuple(
        cell.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(cell, datetime) else cell for cell in zeros(row)
    )


class SqliteTable:
    """A table that is filled anew for each example."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(SQLITE)

    def fill(self, rows: Sequence[Row]) -> None:
        self._connection.execute("BEGIN")
        self._connection.execute("DELETE FROM t")
        self._connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(in_sqlite, rows))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class PostgresTable:
    """The same in PostgreSQL."""

    def __init__(self, url: str) -> None:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(plain)
        self._connection.execute(POSTGRES)
        self._connection.commit()

    def fill(self, rows: Sequence[Row]) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("TRUNCATE t")
            cursor.executemany("INSERT INTO t VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", rows)

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True)
class Pair:
    """A table on each side."""

    folder: Path
    legacy: SqliteTable
    new: SqliteTable | PostgresTable
    url: str = "sqlite:///new.db"

    def check(self, legacy: list[Row], new: list[Row], key: list[str]) -> None:
        """Both comparisons find the same, and tell of it in the order of the keys."""
        self.legacy.fill(legacy)
        self.new.fill(new)
        declared = {
            "key": key,
            "legacy": {"table": "t"},
            "new": {"table": "t"},
            "columns": {"amount": {"cast": "decimal"}},
            "may_be_empty": True,
        }
        sources = {"legacy": {"url": "sqlite:///legacy.db"}, "new": {"url": {"env": "NEW_URL"}}}
        result, followed = asyncio.run(
            compare(self.folder, declared, sources=sources, secrets={"NEW_URL": self.url})
        )
        assert result.rows is not None, result.problem
        expected = differences(legacy, new, key=len(key))
        assert {(row.kind, row.key) for row in followed.rows} == {
            (kind, tuple(map(str, name))) for kind, name in expected
        }
        assert len(followed.rows) == len(expected) == result.rows.total
        assert in_order([(int(str(row.key[0])), *row.key[1:]) for row in followed.rows])
        assert (result.rows.legacy, result.rows.new) == (len(legacy), len(new))


@pytest.fixture(scope="module")
def two_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("rows")
    pair = Pair(folder, SqliteTable(folder / "legacy.db"), SqliteTable(folder / "new.db"))
    yield pair
    pair.legacy.close()
    pair.new.close()


@pytest.fixture(scope="module")
def file_and_server(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("rows")
    with fresh_database(postgres_url) as url:
        pair = Pair(folder, SqliteTable(folder / "legacy.db"), PostgresTable(url), url)
        yield pair
        pair.legacy.close()
        pair.new.close()


@settings(quickly, max_examples=60)
@given(sides=two_sides())
@pytest.mark.parametrize("key", [["id"], ["id", "code"]])
def test_two_sqlite_tables_differ_where_the_obvious_comparison_says(
    two_files: Pair, key: list[str], sides: tuple[list[Row], list[Row]]
) -> None:
    assert two_files.check(*sides, key) is None


@settings(quickly, max_examples=12)
@given(sides=two_sides())
@pytest.mark.parametrize("key", [["id"], ["id", "code"]])
def test_sqlite_and_postgresql_differ_where_the_obvious_comparison_says(
    file_and_server: Pair, key: list[str], sides: tuple[list[Row], list[Row]]
) -> None:
    assert file_and_server.check(*sides, key) is None


KEYS = (st.none(), st.sampled_from(TEXTS), st.integers(-2, 2), st.floats(-2, 2), st.binary(max_size=2))


@settings(quickly, max_examples=60)
@given(
    legacy=st.lists(st.tuples(st.one_of(*KEYS), st.one_of(*KEYS)), max_size=30),
    lost=st.sets(st.integers(0, 29)),
)
def test_values_of_any_type_in_any_column_of_sqlite_are_compared_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, legacy: list[Row], lost: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("mixed")
    new = [row for place, row in enumerate(legacy) if place not in lost]
    for name, rows in (("legacy", legacy), ("new", new)):
        with closing(sqlite3.connect(folder / f"{name}.db")) as connection:
            connection.execute("CREATE TABLE t (id, x)")
            connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
            connection.commit()
    declared = {"key": ["id"], "legacy": {"table": "t"}, "new": {"table": "t"}, "may_be_empty": True}
    result, followed = asyncio.run(compare(folder, declared))
    assert result.rows is not None, result.problem
    expected = differences(
        [(in_type(row[0]), *row) for row in legacy], [(in_type(row[0]), *row) for row in new], key=1
    )
    assert sorted(row.kind for row in followed.rows) == sorted(kind for kind, _ in expected)
    assert result.rows.total == len(expected)


def in_type(value: object) -> Row:
    """A value that equals another of its own type alone; 1 and 1.0 are both numbers."""
    return ("number" if isinstance(value, (int, float)) else type(value).__name__, value)
