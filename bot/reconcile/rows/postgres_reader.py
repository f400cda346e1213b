"""Reads the rows of a PostgreSQL side over ADBC, in one repeatable-read snapshot."""

from collections.abc import Iterator, Sequence

import adbc_driver_postgresql.dbapi as postgres
import pyarrow as pa
from adbc_driver_manager import dbapi
from psycopg.conninfo import make_conninfo

from bot.reconcile.rows.adbc_reader import AdbcReader
from bot.reconcile.rows.batch import Cells
from bot.reconcile.rows.columns import from_clause, quoted
from bot.reconcile.rows.key_condition import key_condition
from bot.reconcile.rows.kinds import SideColumn
from bot.reconcile.rows.place import TimeFilter

_BATCH_BYTES = 4 << 20
_LONGEST_CONNECT = 10
_AS_THEY_ARE = ("integer", "float", "boolean", "bytes", "date", "timestamp", "timestamptz", "time")


class PostgresReader(AdbcReader):
    """A whole scan is one COPY, so that statement_timeout does not bound it: each batch is waited for."""

    _only = ""

    def orders_keys(self) -> bool:
        """In the collation C, which orders by bytes: the order of characters where those are UTF-8."""
        if any(column.declared in ("character", "citext", "name") for column in self.key_columns):
            return False
        if self._rows("SELECT current_setting('server_encoding')") != [("UTF8",)]:
            return False
        without = " OR ".join(f"{quoted(column.name)} IS NULL" for column in self.key_columns)
        parts = ("SELECT 1 FROM", from_clause(self.place), "WHERE", without, "LIMIT 1")
        return not self._rows("\n".join(parts))

    def estimate(self) -> int | None:
        """What ANALYZE counted last, for a table that is read whole."""
        place = self.place
        if not place.table or place.declared.where or place.filters:
            return None
        name = from_clause(place).replace("'", "''")
        rows = self._rows(f"SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass('{name}')")  # noqa: S608
        count = int(str(rows[0][0])) if rows else -1
        return count if count >= 0 else None

    def narrow(self, keys: Sequence[tuple[object, ...]]) -> None:
        """Only rows of these keys."""
        columns = [quoted(column.name) for column in self.key_columns]
        self._only = key_condition(columns, keys, _literal)

    def batches(self, *, ordered: bool) -> Iterator[tuple[Cells, ...]]:
        """The columns of all rows, some at a time."""
        for batch in self._stream(
            self._statement(ordered=ordered), **{"adbc.postgresql.batch_size_hint_bytes": str(_BATCH_BYTES)}
        ):
            if batch.num_rows:
                yield tuple(Cells(_plain(column)) for column in batch.columns)

    def _connect(self) -> dbapi.Connection:
        spec, url = self.place.spec, self.place.url
        if url is None:
            raise self.place.problem("there is no database")
        seconds = self.place.seconds
        options = (
            "-c default_transaction_read_only=on -c TimeZone=UTC -c DateStyle=ISO -c statement_timeout=0"
            f" -c lock_timeout={round(spec.lock_timeout.total_seconds() * 1000)}"
        )
        parts = {"host": url.host, "port": url.port, "user": url.username, "password": url.password}
        settings = {
            "application_name": "switchback-reconcile",
            "connect_timeout": str(max(2, min(round(seconds), _LONGEST_CONNECT))),
            "tcp_user_timeout": str(round(seconds * 1000)),
            "options": options,
        }
        named = {**parts, "dbname": url.database, **url.query}
        known = {name: str(value) for name, value in named.items() if value is not None}
        where = make_conninfo("", **{**known, **settings})
        connection: dbapi.Connection = postgres.connect(where, autocommit=True)
        try:
            with connection.cursor() as cursor:
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        except BaseException:
            connection.close()
            raise
        return connection

    def _statement(self, *, ordered: bool) -> str:
        selected = ", ".join(f"{_selected(column)} AS c{index}" for index, column in enumerate(self.columns))
        parts = ["SELECT", selected, "FROM", from_clause(self.place)]
        conditions = [_condition(one, self.place.declared.zone) for one in self.place.filters]
        if self.place.declared.where:
            conditions.append("\n".join(("(", self.place.declared.where, ")")))
        if self._only:
            conditions.append(self._only)
        if conditions:
            parts.append("WHERE " + " AND ".join(conditions))
        if ordered:
            parts.append("ORDER BY " + ", ".join(map(_ordered, self.key_columns)))
        return "\n".join(parts)


def _literal(value: object) -> str:
    if isinstance(value, bytes):
        return f"decode('{value.hex()}', 'hex')"
    # In hexadecimal no text can end its literal.
    return (
        f"convert_from(decode('{value.encode().hex()}', 'hex'), 'UTF8')"
        if isinstance(value, str)
        else str(value)
    )


def _selected(column: SideColumn) -> str:
    name = quoted(column.name)
    if column.kind == "integer":
        return f"{name}::bigint"
    # As text a character(5) would lose its spaces, and of a bit the driver knows nothing. Of a numeric the
    # driver makes the same text as the server, in five times the time.
    plain = column.kind in _AS_THEY_ARE and column.declared != "bit"
    return name if plain or column.declared in ("character", "character varying", "text") else f"{name}::text"


def _ordered(column: SideColumn) -> str:
    name = quoted(column.name)
    return f'{name}::text COLLATE "C"' if column.kind == "text" else name


def _condition(one: TimeFilter, zone: str) -> str:
    column = quoted(one.column)
    # The moment is ours and the zone's pattern has no quote: neither can end its literal.
    moment = f"'{one.moment.isoformat()}'::timestamptz"
    if zone != "UTC":
        column = (
            f"CASE WHEN pg_typeof({column}) = 'timestamptz'::regtype THEN {column}::timestamptz"
            f" ELSE {column}::timestamp AT TIME ZONE '{zone}' END"
        )
    if one.at_least:
        return f"{column} >= {moment}"
    return f"({quoted(one.column)} IS NULL OR {column} <= {moment})"


def _plain(array: pa.Array) -> pa.Array:
    return array.storage if isinstance(array.type, pa.BaseExtensionType) else array
