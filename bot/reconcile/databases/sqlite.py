"""SQLite: a file, opened read only."""

import sqlite3
import time
from pathlib import Path
from threading import Event
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import SourceError
from bot.reconcile.databases.connecting import EngineConnector
from bot.reconcile.databases.database import Limits

_PROGRESS_INSTRUCTIONS = 10_000


def sqlite_engine(url: URL, *, limits: Limits) -> Engine:
    """An engine that can only read. Raises SourceError for a URL without a file."""
    if not url.database or url.database == ":memory:":
        raise SourceError("an SQLite source names a file", do="Write sqlite:///data/legacy.db")
    path = Path(url.database)

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro", uri=True, timeout=min(limits.seconds, limits.lock_seconds)
        )
        connection.execute("PRAGMA query_only = ON")
        return connection

    # Opened anew where no snapshot is held, and so without a pool, a file that is gone is seen to be gone.
    return create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)


def stop_in_time(connection: Connection, *, deadline: float, given_up: Event) -> None:
    """End a query at its deadline, or when nobody waits for it any more."""
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.set_progress_handler(
            lambda: given_up.is_set() or time.monotonic() > deadline, _PROGRESS_INSTRUCTIONS
        )


class SqliteDatabase:
    """Implements `bot.reconcile.databases.database.Database`.

    In WAL mode one connection keeps a snapshot while others write. In the other modes it would keep the
    writers of the file waiting, so that each query reads what is there then.
    """

    shares_snapshot = False
    reopens = True
    knows_limit = True

    def __init__(self, url: URL, *, limits: Limits) -> None:
        self._url = url
        self._limits = limits
        self._file = Path(url.database or "")
        sqlite_engine(url, limits=limits)

    def connector(self) -> EngineConnector:
        """Another connection."""
        return EngineConnector(sqlite_engine(self._url, limits=self._limits))

    def check(self) -> None:
        """Raises SourceError where there is no file."""
        if not self._file.is_file():
            raise SourceError("there is no such file")

    def keeps_snapshot(self, connection: Connection) -> bool:
        """Whether the file is in WAL mode."""
        return bool(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal")

    def begin(self, connection: Connection, *, held: bool, snapshot: str | None) -> str | None:
        """A transaction whose snapshot begins at once; nothing where it is not held."""
        if held:
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("SELECT COUNT(*) FROM sqlite_master").all()
        return snapshot

    def guard(self, connection: Connection, *, deadline: float, given_up: Event) -> None:
        """Its progress handler ends a query."""
        stop_in_time(connection, deadline=deadline, given_up=given_up)

    def rewind(self, connection: Connection) -> None:
        """Nothing: a failed SELECT leaves the transaction as it was."""

    def too_slow(self, _error: DBAPIError, /) -> bool:
        """SQLite says only that it was interrupted; the deadline tells."""
        return False
