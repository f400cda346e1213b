"""Reads rows over ADBC: what the readers of SQLite and PostgreSQL share."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pyarrow as pa
from adbc_driver_manager import Error, dbapi

from bot.domain.errors import SourceError
from bot.reconcile.rows.reader import RowReader


class AdbcReader(RowReader):
    """One connection, one transaction. A subclass says how to connect, and what to select."""

    _connection: dbapi.Connection | None = None

    @abstractmethod
    def _connect(self) -> dbapi.Connection:
        """A connection in a read-only transaction."""

    def open(self) -> None:
        """Connect, and begin the snapshot."""
        with self._told():
            self._connection = self._connect()

    def cancel(self) -> None:
        """End what is under way; SQLite's driver cannot, and ends with its batch."""
        if self._connection is not None:
            with suppress(Error):
                self._connection.adbc_cancel()

    def close(self) -> None:
        """Give back the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Error):
                connection.close()

    def _rows(self, sql: str) -> list[tuple[object, ...]]:
        """The few rows of a question about the side."""
        with self._told(), self._connected.cursor() as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()]

    def _stream(self, sql: str, **options: str) -> Iterator[pa.RecordBatch]:
        with self._told(), self._connected.cursor() as cursor:
            cursor.adbc_statement.set_options(**options)
            cursor.execute(sql)
            reader = cursor.fetch_record_batch()
            while (batch := next(reader, None)) is not None:
                yield batch

    @property
    def _connected(self) -> dbapi.Connection:
        if self._connection is None:
            raise self.place.problem("not connected")
        return self._connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The driver's errors as ours, without a password."""
        try:
            yield
        except (Error, pa.ArrowException, OSError) as error:
            raise self._telling(error) from None

    def _telling(self, error: Exception) -> SourceError:
        return self.place.problem(self.place.identity.first_line(error))
