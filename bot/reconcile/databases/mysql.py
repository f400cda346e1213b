"""MySQL and MariaDB, over asyncmy: the one driver with wheels that reads at the server's speed."""

import asyncio
import importlib.util
from collections.abc import Callable
from socket import SO_RCVBUF, SOL_SOCKET
from threading import Event
from typing import TypeVar

from sqlalchemy import URL, Connection, NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import SourceError
from bot.reconcile.answers import MOST_GROUPS
from bot.reconcile.databases.database import LONGEST_CONNECT, Limits

T = TypeVar("T")

# The command of the protocol that takes back the driver's CLIENT_MULTI_STATEMENTS.
_COM_SET_OPTION, _MULTI_STATEMENTS_OFF = 0x1B, b"\x01\x00"

_RECEIVED_AT_ONCE = 1 << 19
"""Bytes. The driver makes rows of all that has come, however few are asked for: without a bound, 100 MB."""

_DRIVER = "asyncmy"
# ER_QUERY_TIMEOUT of MySQL, ER_STATEMENT_TIMEOUT of MariaDB, ER_QUERY_INTERRUPTED of both.
_TOO_SLOW = frozenset({3024, 1969, 1317})


class MysqlDatabase:
    """Implements `bot.reconcile.databases.database.Database`.

    Two connections cannot read one snapshot, so that one connection reads it, one query after another.
    It is that of InnoDB: tables of other engines are read as they are.
    """

    shares_snapshot = False
    reopens = False
    knows_limit = False  # a query as a subquery may not give two columns of one name

    def __init__(self, url: URL, *, limits: Limits) -> None:
        if importlib.util.find_spec(_DRIVER) is None:
            raise SourceError(
                "the driver for MySQL and MariaDB is not installed",
                do="Install it: pip install switchback[mysql]",
            )
        self._url = url.set(drivername=f"mysql+{_DRIVER}")
        self._limits = limits

    def connector(self) -> "LoopConnector":
        """Another connection."""
        return LoopConnector(
            create_async_engine(
                self._url,
                poolclass=NullPool,
                hide_parameters=True,
                connect_args={
                    "charset": "utf8mb4",
                    "connect_timeout": max(2, min(round(self._limits.seconds), LONGEST_CONNECT)),
                },
            )
        )

    def check(self) -> None:
        """Only a connection tells."""

    def keeps_snapshot(self, _connection: Connection, /) -> bool:
        """Always, for InnoDB."""
        return True

    def begin(self, connection: Connection, *, held: bool, snapshot: str | None) -> str | None:
        """A read-only transaction; a held one in a snapshot that is taken now."""
        connection.rollback()
        for statement in session_statements(connection, self._limits):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"SET SESSION sql_select_limit = {MOST_GROUPS + 1}")
        connection.exec_driver_sql(
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY" if held else "START TRANSACTION READ ONLY"
        )
        if held:
            connection.exec_driver_sql("SAVEPOINT before_query")
        return snapshot

    def guard(self, connection: Connection, *, deadline: float, given_up: Event) -> None:
        """Nothing: the server's time-outs are those of the session."""

    def rewind(self, connection: Connection) -> None:
        """Back to before the query, so that no table stays locked against a change of its columns."""
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT before_query")

    def too_slow(self, error: DBAPIError) -> bool:
        """Whether a time-out ended the statement."""
        return next(iter(getattr(error.orig, "args", ())), None) in _TOO_SLOW


def session_statements(connection: Connection, limits: Limits) -> tuple[str, ...]:
    """What a session sets before it reads: read only, in UTC, with time-outs in the words of its server."""
    lock = max(1, round(limits.lock_seconds))
    longest = (
        f"SET SESSION max_statement_time = {limits.seconds:.3f}"
        if getattr(connection.dialect, "is_mariadb", False)
        else f"SET SESSION max_execution_time = {max(1, round(limits.seconds * 1000))}"
    )
    return (
        longest,
        f"SET SESSION innodb_lock_wait_timeout = {lock}, lock_wait_timeout = {lock}",
        "SET SESSION time_zone = '+00:00'",
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    )


async def _restrained(connection: AsyncConnection) -> None:
    """Bound what is received, and have the server refuse two statements in one, which the driver allows."""
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is None:
        raise SourceError("the connection is gone")
    raw._transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, _RECEIVED_AT_ONCE)
    await raw._execute_command(_COM_SET_OPTION, _MULTI_STATEMENTS_OFF)
    await raw.read_packet()


class LoopConnector:
    """Implements `bot.reconcile.databases.database.Connector` over an asynchronous driver.

    The lane's thread has an event loop of its own, in which the driver runs while the lane waits.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._runner = asyncio.Runner()
        self._connection: AsyncConnection | None = None
        self._task: asyncio.Task[object] | None = None

    def call(self, work: Callable[[Connection], T]) -> T:
        """Do something on the connection."""
        return self._runner.run(self._called(work))

    async def _called(self, work: Callable[[Connection], T]) -> T:
        self._task = asyncio.current_task()
        try:
            if self._connection is None:
                self._connection = await self._engine.connect()
                await _restrained(self._connection)
            return await self._connection.run_sync(work)
        finally:
            self._task = None

    def interrupt(self) -> None:
        """End what is under way, from another thread. The server ends it at its own time-out."""
        task = self._task
        if task is not None:
            self._runner.get_loop().call_soon_threadsafe(task.cancel)

    def drop(self) -> None:
        """Close the connection; the next call makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._runner.run(connection.close())

    def close(self) -> None:
        """Close it for good."""
        self.drop()
        self._runner.run(self._engine.dispose())
        self._runner.close()
