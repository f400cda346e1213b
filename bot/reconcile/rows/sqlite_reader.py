"""Reads the rows of an SQLite side over ADBC, in one read transaction.

What the driver would change without a word (`sqlite_values`) is an error, or is seen in the batch. There, and
where a later batch does not fit the types of the first one, the rest is read again behind a first row of our
own that settles the types; where that is not enough, as tagged text, which can hold whatever there is. Those
before have been read well.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import adbc_driver_sqlite.dbapi as sqlite
from adbc_driver_manager import dbapi

from bot.domain.errors import SourceError
from bot.reconcile.rows.adbc_reader import AdbcReader
from bot.reconcile.rows.batch import Cells
from bot.reconcile.rows.columns import from_clause, quoted
from bot.reconcile.rows.key_condition import key_condition
from bot.reconcile.rows.kinds import SideColumn
from bot.reconcile.rows.reader import BATCH_BYTES, BATCH_ROWS, FEWEST_ROWS
from bot.reconcile.rows.sqlite_values import FIRST, ODD, STORED, as_stored, literal, only_even, tagged
from bot.reconcile.rows.time_filter import let_through

_SAMPLED = 1000


class SqliteReader(AdbcReader):
    """One side in an SQLite file."""

    _only = ""
    _written: int | None = None

    def _connect(self) -> dbapi.Connection:
        path = Path((self.place.url.database if self.place.url else None) or "")
        if not path.is_file():
            raise self.place.problem("there is no such file")
        connection = sqlite.connect(f"file:{quote(str(path))}?mode=ro", autocommit=True)
        wait = round(min(self.place.spec.lock_timeout.total_seconds(), self.place.seconds) * 1000)
        with connection.cursor() as cursor:
            for statement in (f"PRAGMA busy_timeout = {wait}", "PRAGMA query_only = ON", "BEGIN"):
                cursor.execute(statement)
            # The snapshot begins with the first read.
            cursor.execute("SELECT COUNT(*) FROM sqlite_master")
            cursor.fetchall()
            cursor.execute("PRAGMA journal_mode")
            in_wal_mode = cursor.fetchall() == [("wal",)]
        self._written = None if in_wal_mode else path.stat().st_mtime_ns
        return connection

    @cached_property
    def _batch_rows(self) -> int:
        """Rows of a batch, by how wide the first ones are: the driver counts rows, and memory bytes."""
        width = " + ".join(f"COALESCE(LENGTH(CAST({quoted(one.name)} AS BLOB)), 0)" for one in self._columns)
        first = ("SELECT AVG(width) FROM (SELECT", width, "AS width FROM", from_clause(self.place))
        rows = self._rows("\n".join((*first, f"LIMIT {_SAMPLED})")))
        average = rows[0][0] if rows and isinstance(rows[0][0], float) else 0.0
        return max(FEWEST_ROWS, min(BATCH_ROWS, round(BATCH_BYTES / max(1.0, average))))

    def _see_unwritten(self) -> None:
        """Raises SourceError for a file that was written under the snapshot.

        Outside WAL mode its lock keeps writers waiting; but locks of a file are those of a process, and the
        other SQLite library in ours, Python's, gives them all back whenever it closes the file.
        """
        path = Path((self.place.url.database if self.place.url else None) or "")
        if self._written is not None and path.stat().st_mtime_ns != self._written:
            raise self.place.problem("the file was written while it was read", do="Run it again")

    def orders_keys(self) -> bool:
        """By bytes, where the file is UTF-8 and every value of the key is of the type it should be."""
        if self._rows("PRAGMA encoding") != [("UTF-8",)]:
            return False
        if self._key_is_row_number:
            return True
        types = [STORED.get(column.kind or "text", "text") for column in self.key_columns]
        odd = " OR ".join(
            f"typeof({quoted(column.name)}) <> '{stored}'"
            for column, stored in zip(self.key_columns, types, strict=True)
        )
        return not self._rows("\n".join(("SELECT 1 FROM", from_clause(self.place), "WHERE", odd, "LIMIT 1")))

    def estimate(self) -> int | None:
        """The highest row id of a table that is read whole: near, and found at once."""
        place = self.place
        if not self._is_table or place.declared.where or place.filters:
            return None
        try:
            rows = self._rows("\n".join(("SELECT MAX(rowid) FROM", from_clause(place))))
        except SourceError:
            return None  # WITHOUT ROWID
        return max(0, rows[0][0]) if rows and isinstance(rows[0][0], int) else None

    def narrow(self, keys: Sequence[tuple[object, ...]]) -> None:
        """Only rows of these keys."""
        columns = [quoted(column.name) for column in self.key_columns]
        self._only = key_condition(columns, keys, literal, values="VALUES ")

    def batches(self, *, ordered: bool) -> Iterator[tuple[Cells, ...]]:
        """The columns of all rows; without an order tagged, since their types must then stay the same."""
        yield from self._batches(ordered=ordered)
        self._see_unwritten()

    def _batches(self, *, ordered: bool) -> Iterator[tuple[Cells, ...]]:
        read = 0
        for settled in (False, True) if ordered else ():
            failed = False
            for cells in self._typed(skip=read, settled=settled):
                if cells is None:
                    failed = True
                    break
                read += len(cells[0].array)
                yield from let_through(self.place, cells)
            if not failed:
                return
        yield from self._tagged(ordered=ordered, skip=read)

    def _typed(self, *, skip: int, settled: bool) -> Iterator[tuple[Cells, ...] | None]:
        """Batches of plain types, past so many rows; None, and nothing after it, where they do not do.

        `settled`: by a first row of our own, which costs some time; otherwise by the first batch.
        """
        stored = self._stored
        selected = [quoted(column.name) for column in self._columns]
        even = only_even(list(zip(self._columns, stored, strict=True)), in_table=self._is_table)
        statement = self._select(selected, ordered=True, even=even)
        if skip or settled:
            # A limit also keeps the order of a subquery, which SQLite may otherwise drop.
            statement = "\n".join((statement, f"LIMIT -1 OFFSET {skip}"))
        if settled:
            first = ", ".join(FIRST[one] for one in stored)
            statement = "\n".join(("SELECT", first, "UNION ALL SELECT * FROM (", statement, ")"))
        own = int(settled)
        try:
            for batch in self._stream(statement, **{"adbc.sqlite.query.batch_rows": str(self._batch_rows)}):
                arrays = [column.slice(own) for column in batch.columns]
                cells = [as_stored(*pair) for pair in zip(arrays, stored, strict=True)]
                if None in cells:
                    yield None
                    return
                own = 0
                if len(arrays[0]):
                    yield tuple(one for one in cells if one is not None)
        except SourceError as error:
            if "Type mismatch" not in error.what and ODD not in error.what:
                raise
            yield None

    def _tagged(self, *, ordered: bool, skip: int) -> Iterator[tuple[Cells, ...]]:
        selected = [tagged(quoted(column.name)) for column in self._columns]
        first = ", ".join("''" for _ in selected)
        limit = f"LIMIT -1 OFFSET {skip}"
        statement = "\n".join(
            (
                "SELECT",
                first,
                "UNION ALL SELECT * FROM (",
                self._select(selected, ordered=ordered),
                limit,
                ")",
            )
        )
        own = 1
        for batch in self._stream(statement, **{"adbc.sqlite.query.batch_rows": str(self._batch_rows)}):
            arrays = [column.slice(own) for column in batch.columns]
            own = 0
            if len(arrays[0]):
                yield from let_through(self.place, tuple(Cells(array, tagged=True) for array in arrays))

    def _select(self, selected: list[str], *, ordered: bool, even: str = "") -> str:
        parts = ["SELECT", ", ".join(selected), "FROM", from_clause(self.place)]
        where = self.place.declared.where
        conditions = [
            *(("\n".join(("(", where, ")")),) if where else ()),
            *(one for one in (self._only, even) if one),
        ]
        if conditions:
            parts.append("WHERE " + " AND ".join(conditions))
        if ordered:
            keys = ", ".join(f"{quoted(column.name)} COLLATE BINARY" for column in self.key_columns)
            parts.append(f"ORDER BY {keys}")
        return "\n".join(parts)

    @property
    def _columns(self) -> tuple[SideColumn, ...]:
        """Those of the definition, and behind them those of a window or watermark."""
        times = tuple(SideColumn(name=one.column, kind="untyped") for one in self.place.filters)
        return (*self.columns, *times)

    @cached_property
    def _stored(self) -> list[str]:
        """How each column's values are stored, by its kind, or by the first rows where that does not say."""
        untyped = [index for index, one in enumerate(self._columns) if one.kind in ("untyped", None)]
        stored = [STORED.get(one.kind or "text", "text") for one in self._columns]
        if untyped:
            types = ", ".join(f"typeof({quoted(self._columns[index].name)})" for index in untyped)
            sample = self._rows(
                "\n".join(("SELECT", types, "FROM", from_clause(self.place), f"LIMIT {_SAMPLED}"))
            )
            for place, index in enumerate(untyped):
                seen = [str(row[place]) for row in sample if row[place] != "null"]
                stored[index] = max(set(seen), key=seen.count) if seen else "text"
        return stored

    @property
    def _key_is_row_number(self) -> bool:
        """Whether every key is a whole number because it is what SQLite knows the row by.

        That is the one primary key without an index: an INTEGER PRIMARY KEY, but for its few exceptions.
        """
        if not self._is_table or len(self.key_columns) != 1:
            return False
        schema, name = (["main", *self.place.table])[-2:]
        table = ", ".join(f"CAST(x'{part.encode().hex()}' AS TEXT)" for part in (name, schema))
        primary = self._rows(
            f"SELECT lower(name) FROM pragma_table_info({table}) WHERE pk > 0"  # noqa: S608
            f" AND NOT EXISTS (SELECT 1 FROM pragma_index_list({table}) WHERE origin = 'pk')"
        )
        return primary == [(self.key_columns[0].name.lower(),)]

    @cached_property
    def _is_table(self) -> bool:
        """Whether columns have the affinity that they declare; those of views and virtual tables need not."""
        if self.place.query is not None:
            return False
        name = self.place.table[-1].replace("'", "''").lower()
        master = ".".join((*map(quoted, self.place.table[:-1]), "sqlite_master"))
        statement = (
            "SELECT 1 FROM",
            master,
            f"WHERE type = 'table' AND lower(name) = '{name}' AND rootpage > 0",
        )
        return bool(self._rows("\n".join(statement)))
