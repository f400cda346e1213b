"""Our database by its URL: an SQLite file, or PostgreSQL."""

import sqlite3

import sqlalchemy as sa
from psycopg.errors import DiskFull
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError

from bot.domain.errors import SettingsError, StoreError
from bot.store.postgres import PostgresDatabase
from bot.store.sqlite import SqliteDatabase

_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


def database_url(text: str) -> sa.URL:
    """The database given as `sqlite:///file` or `postgresql://…`, with the driver that is used here.

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
    if driver is None or (driver == "sqlite" and not url.database):
        raise SettingsError(
            f"SWITCHBACK_DATABASE_URL names {url.get_backend_name()}, which cannot hold our state",
            do="Use an SQLite file or PostgreSQL",
        )
    return url.set(drivername=driver)


def unusable(error: OperationalError | InterfaceError) -> StoreError:
    """What is told of a database that does not answer: the driver's first line, and what to do."""
    # SQLAlchemy's own text would carry the statement and its parameters.
    reason = str(error.orig).splitlines()[0] if error.orig else type(error).__name__
    disk = isinstance(error.orig, DiskFull) or _code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
    return StoreError(
        f"The database cannot be used: {reason}",
        do="See that the disk it is on has room and works; a bot that runs goes on by itself then"
        if disk
        else "Check SWITCHBACK_DATABASE_URL and that the server is up",
    )


def _code(error: OperationalError | InterfaceError) -> int:
    """SQLite's primary code of an error, 0 for one of another database."""
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF


def open_database(url: sa.URL) -> SqliteDatabase | PostgresDatabase:
    """The database behind a URL of `database_url`. Nothing is connected yet."""
    return SqliteDatabase(url) if url.get_backend_name() == "sqlite" else PostgresDatabase(url)
