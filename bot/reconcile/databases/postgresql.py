"""PostgreSQL: read-only transactions, which can read a snapshot that another one has exported."""

import contextlib
from threading import Event

import psycopg
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from bot.reconcile.databases.connecting import EngineConnector
from bot.reconcile.databases.database import LONGEST_CONNECT, Limits

_QUERY_CANCELED = "57014"
_INTERRUPT_SECONDS = 2.0


def postgresql_engine(url: URL, *, limits: Limits) -> Engine:
    """An engine whose transactions can only read."""
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        # A lane keeps its connection itself.
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={
            "application_name": "switchback-reconcile",
            "connect_timeout": max(2, min(round(limits.seconds), LONGEST_CONNECT)),
            "tcp_user_timeout": round(limits.seconds * 1000),
            # Prepared, a text with two statements is refused by the server itself.
            "prepare_threshold": 0,
        },
    )
    return engine.execution_options(postgresql_readonly=True)


def set_time_outs(connection: Connection, limits: Limits) -> None:
    """Time-outs and UTC for this transaction."""
    connection.exec_driver_sql(
        "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
        " set_config('idle_in_transaction_session_timeout', '0', true), set_config('TimeZone', 'UTC', true)",
        (str(round(limits.seconds * 1000)), str(round(limits.lock_seconds * 1000))),
    ).all()


class PostgresqlDatabase:
    """Implements `bot.reconcile.databases.database.Database`."""

    shares_snapshot = True
    reopens = False
    knows_limit = True

    def __init__(self, url: URL, *, limits: Limits) -> None:
        self._url = url
        self._limits = limits

    def connector(self) -> EngineConnector:
        """Another connection."""
        return EngineConnector(postgresql_engine(self._url, limits=self._limits), interrupt=_interrupt)

    def check(self) -> None:
        """Only a connection tells."""

    def keeps_snapshot(self, _connection: Connection, /) -> bool:
        """Always."""
        return True

    def begin(self, connection: Connection, *, held: bool, snapshot: str | None) -> str | None:
        """A read-only transaction; a held one in a snapshot that is taken now, or in the named one."""
        connection.rollback()
        if not held:
            set_time_outs(connection, self._limits)
            return None
        connection.execution_options(isolation_level="REPEATABLE READ")
        if snapshot is not None:
            # A literal, as SET takes no parameters; the name is one that PostgreSQL gave us.
            connection.exec_driver_sql("SET TRANSACTION SNAPSHOT '" + snapshot.replace("'", "''") + "'")
        set_time_outs(connection, self._limits)
        if snapshot is None:
            snapshot = str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())
        connection.exec_driver_sql("SAVEPOINT before_query")
        return snapshot

    def guard(self, connection: Connection, *, deadline: float, given_up: Event) -> None:
        """Nothing: the server's time-outs are those of the transaction."""

    def rewind(self, connection: Connection) -> None:
        """Back to before the query: what failed is undone, settings and locks of tables are given back."""
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT before_query")

    def too_slow(self, error: DBAPIError) -> bool:
        """Whether the statement was cancelled."""
        return getattr(error.orig, "sqlstate", None) == _QUERY_CANCELED


def _interrupt(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, psycopg.Connection):
        # Whoever asks to end it is done with it either way; the statement time-out is the other end.
        with contextlib.suppress(psycopg.Error):
            driver.cancel_safe(timeout=_INTERRUPT_SECONDS)
