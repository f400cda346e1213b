"""Reads which columns a side of a row check has, and of which kind."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import SourceError, nearest
from bot.reconcile.engines import read_only_engine
from bot.reconcile.rows.file_reader import file_columns
from bot.reconcile.rows.kinds import SideColumn, declared_kind
from bot.reconcile.rows.mysql_reader import mysql_columns
from bot.reconcile.rows.place import RowPlace
from bot.reconcile.rows.postgres_session import read_only_session

Columns = tuple[SideColumn, ...]

_POSTGRES_TYPES = """
    SELECT t.oid, CASE WHEN t.typtype = 'e' THEN 'enum' WHEN t.typtype = 'd'
        THEN format_type(t.typbasetype, NULL) ELSE format_type(t.oid, NULL) END
    FROM pg_type t WHERE t.oid = ANY(%s)
"""

_POSTGRES_TABLES = (
    "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'p', 'f') AND relnamespace"
    " NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
)


async def read_columns(place: RowPlace) -> Columns:
    """The columns, in their order. Raises SourceError; for a table that is not there with the nearest."""
    readers: dict[str, Callable[[RowPlace], Columns]] = {
        "file": file_columns,
        "mysql": mysql_columns,
        "mariadb": mysql_columns,
        "sqlite": _sqlite,
        "postgresql": _postgres,
    }
    reader = readers.get(place.backend)
    if reader is None:
        raise place.problem(f"rows of {place.backend} are not read")
    columns = await asyncio.to_thread(reader, place)
    if not columns:
        raise place.problem("there are no columns")
    return columns


def quoted(name: str) -> str:
    """A name as standard SQL quotes it."""
    return '"' + name.replace('"', '""') + '"'


def from_clause(place: RowPlace) -> str:
    """What stands behind FROM, in standard SQL: the table, or the query as a table."""
    if place.query is not None:
        return "\n".join(("(", place.query, ") AS compared"))
    return ".".join(map(quoted, place.table))


@contextmanager
def _connected(place: RowPlace) -> Iterator[Connection]:
    if place.url is None:
        raise place.problem("there is no database")
    try:
        engine = read_only_engine(place.url, seconds=place.seconds)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()
    except SQLAlchemyError as error:
        told = place.identity.first_line(getattr(error, "orig", None) or error)
        raise place.problem(told) from None
    except SourceError as error:
        raise place.problem(error.what, do=error.do) if not error.where else error from None


def _sqlite(place: RowPlace) -> Columns:
    if place.url is None or not Path(place.url.database or "").is_file():
        raise place.problem("there is no such file")
    with _connected(place) as connection:
        if place.query is not None:
            return tuple(
                SideColumn(name=str(one[0]), kind="untyped") for one in _described(connection, place)
            )
        name, schema = place.table[-1], place.table[:-1]
        pragma = f"PRAGMA {''.join(f'{quoted(part)}.' for part in schema)}table_xinfo({quoted(name)})"
        rows = connection.exec_driver_sql(pragma).all()
        if not rows:
            known = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            )
            raise _no_table(place, [str(row[0]) for row in known])
        # Of a virtual table's hidden columns (1) nobody knows the values.
        return tuple(
            SideColumn(name=row[1], kind=declared_kind(row[2] or ""), declared=row[2] or "")
            for row in rows
            if row[6] != 1
        )


def _postgres(place: RowPlace) -> Columns:
    with read_only_session(place) as connection:
        if place.query is None:
            found = connection.execute("SELECT to_regclass(%s)", (from_clause(place),)).fetchone()
            if found == (None,):
                known = connection.execute(_POSTGRES_TABLES)
                raise _no_table(place, [str(row[0]) for row in known])
        described = connection.execute(_nothing_of(place).encode()).description or ()
        oids = sorted({one.type_code for one in described})
        names = dict(connection.execute(_POSTGRES_TYPES, (oids,)).fetchall())
        return tuple(
            SideColumn(name=one.name, kind=declared_kind(names[one.type_code]), declared=names[one.type_code])
            for one in described
        )


def _described(connection: Connection, place: RowPlace) -> Sequence[Sequence[object]]:
    plainly = connection.execution_options(no_parameters=True)
    cursor = plainly.exec_driver_sql(_nothing_of(place)).cursor
    return (cursor.description if cursor else None) or ()


def _nothing_of(place: RowPlace) -> str:
    return "\n".join(("SELECT * FROM", from_clause(place), "LIMIT 0"))


def _no_table(place: RowPlace, known: list[str]) -> SourceError:
    name = ".".join(place.table)
    alike = nearest(name, known)
    return place.problem(f"there is no table {name}", do=f"Did you mean {alike}?" if alike else "")
