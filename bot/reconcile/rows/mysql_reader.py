"""Reads the rows of a MySQL or MariaDB side over asyncmy, in one consistent snapshot.

Decimals, dates and times are asked for as text: exact, with zero dates, and several times faster than the
driver makes objects of them.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeVar

import pyarrow as pa
from sqlalchemy import Connection, CursorResult
from sqlalchemy.engine.interfaces import DBAPICursor

from bot.domain.errors import SourceError
from bot.reconcile.catalogue import columns_of
from bot.reconcile.rows.batch import Cells, joined_cells, tag
from bot.reconcile.rows.key_condition import key_condition
from bot.reconcile.rows.kinds import Kind, SideColumn
from bot.reconcile.rows.mysql_session import MysqlSession
from bot.reconcile.rows.place import RowPlace
from bot.reconcile.rows.reader import BATCH_BYTES, BATCH_ROWS, RowReader
from bot.reconcile.rows.time_filter import let_through

T = TypeVar("T")

_ROWS = 1 << 13
_LARGEST = (1 << 63) - 1
_AS_TEXT = ("decimal", "date", "timestamp", "timestamptz", "time", "json")
_ARROW: dict[Kind, pa.DataType] = {
    "integer": pa.int64(),
    "boolean": pa.int64(),
    "float": pa.float64(),
    "bytes": pa.binary(),
}
# Types of a query's columns in the protocol; those that are missing are text or bytes, as the values tell.
_PROTOCOL: dict[int, Kind] = {
    **dict.fromkeys((1, 2, 3, 8, 9, 13), "integer"),
    **dict.fromkeys((0, 246), "decimal"),
    **dict.fromkeys((4, 5), "float"),
    7: "timestamptz",
    10: "date",
    11: "time",
    12: "timestamp",
    16: "boolean",
    245: "json",
}


def mysql_columns(place: RowPlace) -> tuple[SideColumn, ...]:
    """The columns of a table or query. Raises SourceError."""
    session = MysqlSession(place)
    try:
        return session.call(lambda connection: _columns(connection, place))
    finally:
        session.close()


class MysqlReader(RowReader):
    """One connection; InnoDB's snapshot, and of tables of other engines what is there when they are read."""

    _session: MysqlSession | None = None
    _only = ""

    def open(self) -> None:
        """Connect, and begin the snapshot."""
        self._session = MysqlSession(self.place)
        self._session.call(lambda _: None)

    def orders_keys(self) -> bool:
        """By bytes of UTF-8, and by whole numbers that Arrow has."""
        names = [(_quoted(column.name), column.kind) for column in self.key_columns]
        odd = [f"{name} IS NULL" for name, _ in names]
        odd += [f"{name} > {_LARGEST}" for name, kind in names if kind == "integer"]
        statement = "\n".join(("SELECT 1 FROM", _from(self.place), "WHERE", " OR ".join(odd), "LIMIT 1"))
        return not self._connected.call(lambda connection: _plainly(connection, statement).all())

    def narrow(self, keys: Sequence[tuple[object, ...]]) -> None:
        """Only rows of these keys, and of those that are equal in the column's collation."""
        self._only = key_condition([_quoted(column.name) for column in self.key_columns], keys, _literal)

    def batches(self, *, ordered: bool) -> Iterator[tuple[Cells, ...]]:
        """The columns of all rows; without an order tagged, since their types must then stay the same."""
        statement, session = self._statement(ordered=ordered), self._connected
        cursor = session.call(lambda connection: _streamed(connection, statement))
        times = [SideColumn(name=one.column, kind="untyped") for one in self.place.filters]
        kinds = [None if not ordered else one.kind for one in (*self.columns, *times)]
        while cells := session.call(lambda _: _fetched(cursor, kinds)):
            yield from let_through(self.place, cells)

    def cancel(self) -> None:
        """End what is under way."""
        if self._session is not None:
            self._session.interrupt()

    def close(self) -> None:
        """Give back the connection."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    @property
    def _connected(self) -> MysqlSession:
        if self._session is None:
            raise self.place.problem("not connected")
        return self._session

    def _statement(self, *, ordered: bool) -> str:
        zone = self.place.declared.zone
        times = [f"CAST({_quoted(one.column)} AS CHAR)" for one in self.place.filters]
        selected = ", ".join([*(_selected(column, zone) for column in self.columns), *times])
        parts = ["SELECT", selected, "FROM", _from(self.place)]
        where = self.place.declared.where
        conditions = [
            *(("\n".join(("(", where, ")")),) if where else ()),
            *((self._only,) if self._only else ()),
        ]
        if conditions:
            parts.append("WHERE " + " AND ".join(conditions))
        if ordered:
            parts.append("ORDER BY " + ", ".join(map(_ordered, self.key_columns)))
        return "\n".join(parts)


def _columns(connection: Connection, place: RowPlace) -> tuple[SideColumn, ...]:
    if place.query is None:
        try:
            found = columns_of(connection, ".".join(place.table))
        except SourceError as error:
            raise place.problem(error.what, do=error.do) from None
        return tuple(SideColumn(one.name, _instant(one.kind, one.declared), one.declared) for one in found)
    result = _plainly(connection, "\n".join(("SELECT * FROM", _from(place), "LIMIT 0")))
    described = (result.cursor.description if result.cursor else None) or ()
    return tuple(SideColumn(str(one[0]), _PROTOCOL.get(int(str(one[1])), "untyped")) for one in described)


def _instant(kind: Kind | None, declared: str) -> Kind | None:
    """A TIMESTAMP is an instant there, given in the session's zone, which is UTC."""
    return "timestamptz" if kind == "timestamp" and declared.upper().startswith("TIMESTAMP") else kind


def _plainly(connection: Connection, statement: str) -> CursorResult[tuple[object, ...]]:
    return connection.execution_options(no_parameters=True).exec_driver_sql(statement)


def _streamed(connection: Connection, statement: str) -> DBAPICursor:
    """The driver's own cursor: to make a row of SQLAlchemy's takes as long again as the driver's tuple."""
    cursor = connection.connection.cursor(server_side=True)
    cursor.execute(statement)
    return cursor


def _fetched(cursor: DBAPICursor, kinds: Sequence[Kind | None]) -> tuple[Cells, ...] | None:
    """The next batch; None after the last. Large ones, since each costs several waits for Python's lock."""
    parts: list[tuple[Cells, ...]] = []
    count = size = 0
    while count < BATCH_ROWS and size < BATCH_BYTES and (rows := cursor.fetchmany(_ROWS)):
        # A slice of all values is twice as fast as zip.
        values, width = list(chain.from_iterable(rows)), len(kinds)
        parts.append(tuple(_cells(values[index::width], kind) for index, kind in enumerate(kinds)))
        count += len(rows)
        size += sum(cells.array.nbytes for cells in parts[-1])
    return tuple(map(joined_cells, zip(*parts, strict=True))) if parts else None


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _from(place: RowPlace) -> str:
    if place.query is not None:
        return "\n".join(("(", place.query, ") AS compared"))
    return ".".join(map(_quoted, place.table))


def _selected(column: SideColumn, zone: str) -> str:
    name = _quoted(column.name)
    if column.kind == "boolean":
        return f"{name} + 0"
    if column.kind == "timestamptz" and zone != "UTC":
        return f"CONCAT(CAST({name} AS CHAR), 'Z')"
    return f"CAST({name} AS CHAR)" if column.kind in _AS_TEXT else name


def _ordered(column: SideColumn) -> str:
    name = _quoted(column.name)
    return f"CAST(CONVERT({name} USING utf8mb4) AS BINARY)" if column.kind == "text" else name


def _literal(value: object) -> str:
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    # In hexadecimal no text can end its literal.
    return f"_utf8mb4 x'{value.encode().hex()}'" if isinstance(value, str) else str(value)


def _cells(values: Sequence[object], kind: Kind | None) -> Cells:
    if kind is not None and kind != "untyped":
        try:
            return Cells(pa.array(values, _ARROW.get(kind, pa.string())))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
            pass
    return Cells(pa.array([tag(value) for value in values], pa.string()), tagged=True)
