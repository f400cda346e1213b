"""One PostgreSQL side of a row check: its connections, all on one snapshot, read only and bounded."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psycopg
from psycopg import AsyncConnection, sql

from bot.domain.errors import SourceError
from bot.domain.quantities import format_duration
from bot.ports.clock import Clock
from bot.reconcile.rows.place import RowPlace
from bot.reconcile.rows.postgres_pipeline import given_up
from bot.reconcile.rows.postgres_session import READ_ONLY, connect_arguments, session_settings, setting

Query = sql.SQL | sql.Composed
Answer = list[tuple[object, ...]]

_GRACE = 2.0
_CANCELED = "57014"
_LOCKED = "55P03"


@dataclass
class _Lane:
    """A connection in the snapshot, with what it was set to."""

    connection: AsyncConnection
    settings: Mapping[str, str]


class PostgresSide:
    """Asks one database, at most `connections` queries at once, all in one snapshot.

    A query that is given up (its task cancelled) is cancelled on the server at once. After each query the
    lane that asked it rests, so that the source is busy for no more than the throttle's share of the time.
    """

    def __init__(self, *, place: RowPlace, clock: Clock) -> None:
        self.place = place
        self._clock = clock
        self._settings = session_settings(place)
        self._lanes = asyncio.Semaphore(place.spec.connections)
        self._idle: list[_Lane] = []
        self._coming: list[asyncio.Future[_Lane]] = []
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
            info = first.connection.info
            self.version = info.server_version
            self.encoding = info.parameter_status("server_encoding") or ""
            self._idle.append(first)
        if not snapshot:
            # The others connect while the first is asked what the catalog says.
            others = range(self.place.spec.connections - 1)
            self._coming = [asyncio.ensure_future(self._joined()) for _ in others]

    async def ask(self, query: Query) -> Answer:
        """The rows of a query in the snapshot. Raises SourceError."""
        async with self._lane() as connection:
            return await self._asked(connection, query)

    async def ask_all(self, queries: Sequence[Query]) -> list[Answer]:
        """The rows of some queries of the catalog, in one message: a source may be far away."""
        async with self._lane() as connection:
            cursor = await connection.execute(sql.SQL("; ").join(queries))
            answers: list[Answer] = [await cursor.fetchall()]
            while cursor.nextset():
                answers.append(await cursor.fetchall())
            return answers

    async def attempt(self, query: Query, *, unless: type[psycopg.Error]) -> Answer:
        """As `ask`, and nothing where the database gives that error. The query takes next to no time."""
        async with self._lane() as connection:
            try:
                cursor = await connection.execute(sql.SQL("SAVEPOINT attempt; {}").format(query))
                cursor.nextset()
                return await cursor.fetchall()
            except unless:
                await connection.execute("ROLLBACK TO SAVEPOINT attempt")
                return []

    async def ask_now(self, query: Query) -> Answer:
        """The rows of a query as they are now. Raises SourceError."""
        async with self._lanes, self._told_as_source_error():
            if self._fresh is None:
                self._fresh = await self._connected()
                await self._fresh.execute(setting(self._settings))
            return await self._asked(self._fresh, query)

    async def describe(self, query: Query) -> list[tuple[str, int, int]]:
        """The columns of a query: name, type's number, type's modifier (-1: none). Raises SourceError."""
        async with self._lane() as connection:
            cursor = await connection.execute(query)
            result = cursor.pgresult
        if result is None:
            return []
        names = [(result.fname(index) or b"").decode() for index in range(result.nfields)]
        return [(name, result.ftype(index), result.fmod(index)) for index, name in enumerate(names)]

    def tune(self, settings: Mapping[str, str]) -> None:
        """Settings of the planner, for each query that is asked from now on."""
        self._settings = {**self._settings, **settings}

    async def close(self) -> None:
        """Give back every connection."""
        await given_up(self._coming)
        for connection in self._opened:
            await connection.close()
        self._opened.clear()
        self._idle.clear()
        self._coming.clear()
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

    @asynccontextmanager
    async def _lane(self) -> AsyncIterator[AsyncConnection]:
        async with self._lanes, self._told_as_source_error():
            lane = self._idle.pop() if self._idle else await self._another()
            try:
                if lane.settings is not self._settings:
                    lane.settings = self._settings
                    await lane.connection.execute(setting(lane.settings))
                yield lane.connection
            finally:
                self._idle.append(lane)

    async def _another(self) -> _Lane:
        return await (self._coming.pop() if self._coming else self._joined())

    async def _joined(self) -> _Lane:
        settings, snapshot = self._settings, self.snapshot
        parts: list[Query] = [READ_ONLY]
        if snapshot:
            parts.append(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
        parts.append(setting(settings))
        if not snapshot:
            parts.append(sql.SQL("SELECT pg_export_snapshot()"))
        connection = await self._connected()
        cursor = await connection.execute(sql.SQL("; ").join(parts))
        if not snapshot:
            while cursor.nextset():
                pass
            self.snapshot = str((await cursor.fetchone() or ("",))[0])
        return _Lane(connection, settings)

    async def _connected(self) -> AsyncConnection:
        connection = await AsyncConnection.connect(**connect_arguments(self.place), autocommit=True)
        self._opened.append(connection)
        connection.prepare_threshold = None
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
