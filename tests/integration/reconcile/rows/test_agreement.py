"""The row comparison and the slow, obvious one find the same, on random tables."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import make_url

from tests.integration.reconcile.rows.comparing import compare
from tests.integration.reconcile.rows.obvious import Row, differences, in_order, two_sides
from tests.postgres import fresh_database

COLUMNS = "id, code, amount, name, flag, ratio, moment, data"
SQLITE = (
    "CREATE TABLE t (id INTEGER, code TEXT, amount TEXT, name TEXT, flag BOOLEAN, ratio REAL,"
    " moment TIMESTAMP, data BLOB)"
)
POSTGRES = (
    "CREATE TABLE t (id bigint, code text, amount numeric, name varchar, flag boolean, ratio float8,"
    " moment timestamptz, data bytea)"
)
RULES = {"amount": {"cast": "decimal"}}
quickly = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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


def check(
    folder: Path,
    fill: Callable[[list[Row], list[Row]], None],
    rules: dict[str, object],
    sides: tuple[list[Row], list[Row]],
    key: list[str],
    sources: object = None,
    secrets: dict[str, str] | None = None,
) -> None:
    legacy, new = sides
    fill(legacy, new)
    declared = {"key": key, "may_be_empty": True, **rules}
    result, followed = asyncio.run(compare(folder, declared, sources=sources, secrets=secrets))
    assert result.rows is not None, result.problem
    expected = differences(legacy, new, key=len(key))
    assert {(kind, name) for kind, name in ((row.kind, row.key) for row in followed.rows)} == {
        (kind, tuple(map(str, name))) for kind, name in expected
    }
    assert len(followed.rows) == len(expected) == result.rows.total
    names = [tuple(cell for cell in row.key) for row in followed.rows]
    assert in_order([(int(str(name[0])), *name[1:]) for name in names])
    assert (result.rows.legacy, result.rows.new) == (len(legacy), len(new))


@pytest.fixture(scope="module")
def two_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, SqliteTable, SqliteTable]]:
    folder = tmp_path_factory.mktemp("rows")
    legacy, new = SqliteTable(folder / "legacy.db"), SqliteTable(folder / "new.db")
    yield folder, legacy, new
    legacy.close()
    new.close()


@quickly
@given(sides=two_sides())
@pytest.mark.parametrize("key", [["id"], ["id", "code"]])
def test_two_sqlite_tables_differ_where_the_obvious_comparison_says(
    two_files: tuple[Path, SqliteTable, SqliteTable], key: list[str], sides: tuple[list[Row], list[Row]]
) -> None:
    folder, one, other = two_files
    rules = {"legacy": {"table": "t"}, "new": {"table": "t"}, "columns": RULES}
    check(folder, lambda a, b: (one.fill(a), other.fill(b))[0], rules, sides, key)


@pytest.fixture(scope="module")
def file_and_server(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[Path, SqliteTable, PostgresTable, str]]:
    folder = tmp_path_factory.mktemp("rows")
    with fresh_database(postgres_url) as url:
        legacy, new = SqliteTable(folder / "legacy.db"), PostgresTable(url)
        yield folder, legacy, new, url
        legacy.close()
        new.close()


@quickly
@given(sides=two_sides())
@pytest.mark.parametrize("key", [["id"], ["id", "code"]])
def test_sqlite_and_postgresql_differ_where_the_obvious_comparison_says(
    file_and_server: tuple[Path, SqliteTable, PostgresTable, str],
    key: list[str],
    sides: tuple[list[Row], list[Row]],
) -> None:
    folder, one, other, url = file_and_server
    rules = {"legacy": {"table": "t"}, "new": {"table": "t"}, "columns": RULES}
    sources = {"legacy": {"url": "sqlite:///legacy.db"}, "new": {"url": {"env": "NEW_URL"}}}
    check(folder, lambda a, b: (one.fill(a), other.fill(b))[0], rules, sides, key, sources, {"NEW_URL": url})
