"""The connection to our database: SQLite in WAL mode, or PostgreSQL, by URL."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.domain.errors import SettingsError, StoreError

BUSY_TIMEOUT_MS = 30_000
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


def database_urls(text: str) -> tuple[sa.URL, sa.URL]:
    """The async and the sync URL of a database given as `sqlite:///file` or `postgresql://…`.

    Raises SettingsError for any other database.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise SettingsError(
            "SWITCHBACK_DATABASE_URL is not a URL",
            do="Write sqlite:///switchback.db or postgresql://user@host/name",
        ) from None
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None or (driver.startswith("sqlite") and not url.database):
        raise SettingsError(
            f"SWITCHBACK_DATABASE_URL names {url.get_backend_name()}, which cannot hold our state",
            do="Use an SQLite file or PostgreSQL",
        )
    sync = "sqlite" if driver.startswith("sqlite") else driver
    return url.set(drivername=driver), url.set(drivername=sync)


def unusable(error: OperationalError | InterfaceError) -> StoreError:
    """What is told of a database that does not answer: the driver's first line, and what to do."""
    # SQLAlchemy's own text would carry the statement and its parameters.
    reason = str(error.orig).splitlines()[0] if error.orig else type(error).__name__
    return StoreError(
        f"The database cannot be used: {reason}",
        do="Check SWITCHBACK_DATABASE_URL and that the server is up",
    )


def open_database(url: sa.URL) -> AsyncEngine:
    """An engine whose writing transactions take the write lock at their start on SQLite."""
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_size=8, max_overflow=4, pool_pre_ping=True)
    engine = create_async_engine(url, pool_size=8, max_overflow=4)
    sa.event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        # A commit is on disk before a press is acknowledged, a power cut included.
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
    ):
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # A deferred transaction that reads and then writes can fail at once with "database is locked";
    # one that will write therefore takes the lock when it begins, and waits its turn for it.
    reading = connection.get_execution_options().get("switchback_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
