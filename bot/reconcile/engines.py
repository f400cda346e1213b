"""SQLAlchemy engines that can only read, for SQLite and PostgreSQL."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Engine, NullPool, create_engine

from bot.domain.errors import SourceError

CONNECTIONS = 2
"""Connections a source has at most: a side is asked by two checks at once, no more."""

_LONGEST_CONNECT = 10
_SQLITE_LOCK_WAIT = 5.0


def read_only_engine(url: URL, *, seconds: float) -> Engine:
    """An engine for the URL; nothing is connected yet. `seconds` bounds each query.

    Raises SourceError for a database we cannot read.
    """
    match url.get_backend_name():
        case "sqlite":
            return _sqlite(url, seconds=seconds)
        case "postgresql":
            return _postgresql(url, seconds=seconds)
        case other:
            raise SourceError(f"{other} is not a database we read", do="Known: sqlite, postgresql")


def _sqlite(url: URL, *, seconds: float) -> Engine:
    if not url.database or url.database == ":memory:":
        raise SourceError("an SQLite source names a file", do="Write sqlite:///data/legacy.db")
    path = Path(url.database)

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro", uri=True, timeout=min(seconds, _SQLITE_LOCK_WAIT)
        )
        connection.execute("PRAGMA query_only = ON")
        return connection

    # Without a pool the file is opened for each query, so a file that is gone is seen to be gone.
    return create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)


def _postgresql(url: URL, *, seconds: float) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=seconds,
        hide_parameters=True,
        connect_args={
            "application_name": "switchback-reconcile",
            "connect_timeout": max(2, min(round(seconds), _LONGEST_CONNECT)),
            "tcp_user_timeout": round(seconds * 1000),
            # Prepared, a text with two statements is refused by the server itself.
            "prepare_threshold": 0,
        },
    )
    return engine.execution_options(postgresql_readonly=True)
