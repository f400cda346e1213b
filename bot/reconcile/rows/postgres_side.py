"""One PostgreSQL side of a row check: its connections, all on one snapshot, read only and bounded."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql

from bot.domain.errors import SourceError
from bot.domain.quantities import format_duration
from bot.ports.clock import Clock
from bot.reconcile.rows.place import RowPlace

Query = sql.SQL | sql.Composed
Answer = list[tuple[object, ...]]

_GRACE = 2.0
_LONGEST_CONNECT = 10
_CANCELED = "57014"
_LOCKED = "55P03"


class UnsuitedError(Exception):
    """This check is not one for the fast plans, though another plan can do it."""


class PostgresSide:
    """Asks one database, at most `connections` queries at once, all in one snapshot.

    A query that is given up (its task cancelled) is cancelled on the server at once. After each query the
    lane that asked it rests, so that the source is busy for no more than the throttle's share of the time.
    """

    def __init__(self, *, place: RowPlace, clock: Clock) -> None:
        self.place = place
        self._clock = clock
        self._settings = _session(place)
        self._lanes = asyncio.Semaphore(place.spec.connections)
        self._idle: list[AsyncConnection] = []
        self._opened: list[AsyncConnection] = []
        self._fresh: AsyncConnection | None = None
        self.snapshot = ""
        self.version = 0
        self.encoding = ""

    async def open(self, *, snapshot: str = "") -> None:
        """Take a snapshot, or the given one of the same database. Raises SourceError."""
        async with self._told_as_source_error():
            self.snapshot = snapshot
            first = await self._joined()
            self.version = first.info.server_version
            self.encoding = first.info.parameter_status("server_encoding") or ""
            if not snapshot:
                cursor = await first.execute("SELECT pg_export_snapshot()")
                row = await cursor.fetchone()
                self.snapshot = str(row[0]) if row else ""
            self._idle.append(first)

    async def ask(self, query: Query) -> Answer:
        """The rows of a query in the snapshot. Raises SourceError."""
        async with self._lanes, self._told_as_source_error():
            connection = self._idle.pop() if self._idle else await self._joined()
            try:
                return await self._asked(connection, query)
            finally:
                self._idle.append(connection)

    async def ask_now(self, query: Query) -> Answer:
        """The rows of a query as they are now. Raises SourceError."""
        async with self._lanes, self._told_as_source_error():
            if self._fresh is None:
                self._fresh = await self._connected()
            return await self._asked(self._fresh, query)

    async def try_now(self, query: Query, *, unless: type[psycopg.Error]) -> Answer:
        """As `ask_now`, and nothing where the database gives that error."""
        try:
            async with self._lanes:
                self._fresh = self._fresh or await self._connected()
                return await self._asked(self._fresh, query)
        except unless:
            return []
        except psycopg.Error as error:
            raise self._told(error) from None

    async def describe(self, query: Query) -> list[tuple[str, int, int]]:
        """The columns of a query: name, type's number, type's modifier (-1: none). Raises SourceError."""
        async with self._lanes, self._told_as_source_error():
            connection = self._idle.pop() if self._idle else await self._joined()
            try:
                cursor = await connection.execute(query)
                result = cursor.pgresult
            finally:
                self._idle.append(connection)
        if result is None:
            return []
        names = [(result.fname(index) or b"").decode() for index in range(result.nfields)]
        return [(name, result.ftype(index), result.fmod(index)) for index, name in enumerate(names)]

    async def tune(self, settings: Mapping[str, str]) -> None:
        """Settings of the planner, for the connections there are and those to come."""
        self._settings = {**self._settings, **settings}
        async with self._told_as_source_error():
            for connection in self._idle:
                await _set(connection, settings)

    async def close(self) -> None:
        """Give back every connection."""
        for connection in self._opened:
            await connection.close()
        self._opened.clear()
        self._idle.clear()
        self._fresh = None

    async def _asked(self, connection: AsyncConnection, query: Query) -> Answer:
        began = self._clock.monotonic()
        async with asyncio.timeout(self.place.seconds + _GRACE):
            cursor = await connection.execute(query)
            rows: Answer = await cursor.fetchall()
        share = float(self.place.spec.throttle.value) / 100
        if share < 1:
            await self._clock.sleep((self._clock.monotonic() - began) * (1 - share) / share)
        return rows

    async def _joined(self) -> AsyncConnection:
        connection = await self._connected()
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if self.snapshot:
            snapshot = sql.Literal(self.snapshot)
            await connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(snapshot))
        return connection

    async def _connected(self) -> AsyncConnection:
        connection = await AsyncConnection.connect(**_arguments(self.place), autocommit=True)
        self._opened.append(connection)
        connection.prepare_threshold = None
        await _set(connection, self._settings)
        return connection

    @asynccontextmanager
    async def _told_as_source_error(self) -> AsyncIterator[None]:
        try:
            yield
        except TimeoutError:
            raise self._too_slow() from None
        except psycopg.Error as error:
            raise self._told(error) from None

    def _told(self, error: psycopg.Error) -> SourceError:
        if error.sqlstate == _CANCELED:
            return self._too_slow()
        if error.sqlstate == _LOCKED:
            waited = format_duration(self.place.spec.lock_timeout)
            return self.place.problem(f"a lock was not free within {waited}")
        return self.place.problem(self.place.identity.first_line(error))

    def _too_slow(self) -> SourceError:
        return self.place.problem(f"no answer within {self.place.seconds:g} s")


async def _set(connection: AsyncConnection, settings: Mapping[str, str]) -> None:
    calls = [
        sql.SQL("set_config({}, {}, false)").format(sql.Literal(name), sql.Literal(value))
        for name, value in settings.items()
    ]
    await connection.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls)))


def _arguments(place: RowPlace) -> dict[str, Any]:
    if place.url is None:
        raise place.problem("there is no database")
    url = place.url.set(drivername="postgresql+psycopg")
    _, arguments = url.get_dialect()().create_connect_args(url)
    return {
        **arguments,
        "application_name": "switchback-reconcile",
        "connect_timeout": max(2, min(round(place.seconds), _LONGEST_CONNECT)),
        "tcp_user_timeout": round(place.seconds * 1000),
    }


def _session(place: RowPlace) -> dict[str, str]:
    """Everything that a text, a comparison or a wait depends on; off is what costs more than it gives."""
    return {
        "statement_timeout": str(round(place.seconds * 1000)),
        "lock_timeout": str(round(place.spec.lock_timeout.total_seconds() * 1000)),
        "idle_in_transaction_session_timeout": "0",
        "default_transaction_read_only": "on",
        "TimeZone": "UTC",
        "DateStyle": "ISO, YMD",
        "bytea_output": "hex",
        "extra_float_digits": "1",
        "jit": "off",
    }
