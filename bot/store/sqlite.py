"""Our tables in an SQLite file.

SQLite works inside this process: a statement of ours takes it some microseconds, less than handing it to
a thread and back takes. So statements run where they are called. What can wait for others does not: the
write lock is asked for again and again, and the commit, which waits for the disk, has a thread.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from bot.store.turns import Turns

BUSY_TIMEOUT_MS = 30_000
# Between two looks at a write lock that another process, or the engine's bookkeeping, holds for a moment.
LOOK_SECONDS = 0.001

T = TypeVar("T")


class SqliteConnection:
    """Implements `bot.store.connection.Connection`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    async def execute(
        self,
        statement: sa.Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        /,
    ) -> sa.CursorResult[Any]:
        """Execute a statement here and now."""
        return self._connection.execute(statement, parameters)

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        """A savepoint."""
        with self._connection.begin_nested():
            yield

    async def run_sync(self, function: Callable[[sa.Connection], T], /) -> T:
        """Call the function here and now."""
        return function(self._connection)


class SqliteDatabase:
    """Implements `bot.store.connection.Database`. Within a process one writes after the other.

    The file is in WAL mode, which `migrate` has put it into.
    """

    dialect = "sqlite"

    def __init__(self, url: sa.URL) -> None:
        # No limit to the pool: a full one would make the event loop wait.
        self.engine = sa.create_engine(url, pool_size=0, connect_args={"check_same_thread": False})
        sa.event.listen(self.engine, "connect", _prepare)
        self._turns = Turns()

    @asynccontextmanager
    async def writing(self, *, later: bool) -> AsyncIterator[SqliteConnection]:
        """A transaction that has the write lock from its beginning.

        A deferred one that reads and then writes can fail at once with "database is locked".
        """
        async with self._turns.turn(later=later):
            with await _patiently(self.engine.connect) as connection, connection.begin() as transaction:
                await _patiently(partial(_begin, connection, "BEGIN IMMEDIATE"))
                yield SqliteConnection(connection)
                await _seen_to_its_end(transaction.commit)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqliteConnection]:
        """A snapshot; it holds up nobody."""
        # Nothing in it waits, so that a loop of readings would let no other task go on.
        await asyncio.sleep(0)
        with await _patiently(self.engine.connect) as connection, connection.begin():
            # The first look takes the snapshot; the start or the end of another process can be in its way.
            await _patiently(partial(_begin, connection, "BEGIN", "SELECT 1 FROM sqlite_schema LIMIT 1"))
            yield SqliteConnection(connection)

    async def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        # To wait for a lock is ours: SQLite's way of waiting would stop the event loop.
        "busy_timeout=0",
        # A commit is on disk before a press is acknowledged, a power cut included.
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: sa.Connection, *statements: str) -> None:
    """Execute what begins a transaction, all of it or nothing."""
    try:
        for statement in statements:
            connection.exec_driver_sql(statement).close()
    except OperationalError:
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.rollback()
        raise


async def _patiently(step: Callable[[], T]) -> T:
    """Do it, again and again while somebody else's lock is in the way."""
    loop = asyncio.get_running_loop()
    end = loop.time() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            return step()
        except OperationalError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
            if code != sqlite3.SQLITE_BUSY or loop.time() > end:
                raise
        await asyncio.sleep(LOOK_SECONDS)


async def _seen_to_its_end(commit: Callable[[], None]) -> None:
    """Commit in a thread. One that was begun is waited for even when the task is cancelled."""
    committing = asyncio.ensure_future(asyncio.to_thread(commit))
    try:
        await asyncio.shield(committing)
    except asyncio.CancelledError:
        await asyncio.wait({committing})
        committing.result()
        raise
