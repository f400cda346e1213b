"""A connection to a database for one step: made for it, limited in time, and given back."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from actions.redaction import Secrets, Value, shown
from bot.domain.errors import SourceError

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
LOCK_LOOK_SECONDS = 0.05
_STEPS_BETWEEN_LOOKS = 10_000


@dataclass(frozen=True)
class Database:
    """A database by its URL, with the driver that is used here."""

    url: URL = field(repr=False)

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None


def database(url: Value, *, folder: Path, secrets: Secrets) -> Database:
    """The database a step names. Raises SettingsError and SourceError."""
    where = shown(url)
    try:
        parsed = make_url(secrets.value(url))
    except (ArgumentError, ValueError):
        raise SourceError(
            "this is not a database URL", where=where, do="Write postgresql://… or sqlite:///…"
        ) from None
    if parsed.password:
        secrets.hide(str(parsed.password), name=where.lstrip("$"))
    driver = _DRIVERS.get(parsed.get_backend_name())
    if driver is None:
        raise SourceError("only PostgreSQL and SQLite are supported", where=where)
    if driver.startswith("postgresql"):
        return Database(parsed.set(drivername=driver))
    path = folder / (parsed.database or "")
    if not path.is_file():
        raise SourceError(
            "the SQLite database is not there", where=where, do="Check its path and the playbook's folder"
        )
    return Database(parsed.set(drivername=driver, database=str(path), query={}))


@asynccontextmanager
async def writing(base: Database, *, seconds: float) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction that may write. It is rolled back unless it is committed."""
    async with _connected(base, seconds=seconds) as connection:
        if base.file:
            await _begin_writing(connection)
        yield connection


@asynccontextmanager
async def reading(base: Database, *, seconds: float) -> AsyncIterator[AsyncConnection]:
    """A connection that cannot write."""
    async with _connected(base, seconds=seconds) as connection:
        await connection.exec_driver_sql(
            "PRAGMA query_only = ON" if base.file else "SET TRANSACTION READ ONLY"
        )
        yield connection


async def commit(connection: AsyncConnection) -> None:
    """Commit once. Raises DBAPIError; see `is_busy`.

    An attempt on an SQLite file is short and is seen to its end even when the task is cancelled: cut off
    in the middle it would keep its lock, and nobody would know what became of it.
    """
    if connection.dialect.name != "sqlite":
        await connection.commit()
        return
    # Not SQLAlchemy's own commit: that one cannot be tried again.
    attempt = asyncio.ensure_future(connection.exec_driver_sql("COMMIT"))
    try:
        await asyncio.shield(attempt)
    except asyncio.CancelledError:
        await asyncio.wait({attempt})
        attempt.result()


def is_busy(error: DBAPIError) -> bool:
    """Whether somebody else holds the lock of an SQLite file; the transaction goes on."""
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY


def writable(base: Database) -> bool:
    """Whether the account of the bot may write an SQLite file; a server decides for itself."""
    return base.file is None or (os.access(base.file, os.W_OK) and os.access(base.file.parent, os.W_OK))


def _engine(base: Database, *, seconds: float) -> AsyncEngine:
    if base.file is None:
        options = {"application_name": "switchback", "connect_timeout": max(2, round(seconds / 2))}
        return create_async_engine(base.url, poolclass=NullPool, connect_args=options, hide_parameters=True)
    # mode=rw: a missing file is an error, it is not made. Transactions are begun and ended by us alone.
    url = base.url.set(database=f"file:{quote(str(base.file))}", query={"mode": "rw", "uri": "true"})
    return create_async_engine(
        url,
        poolclass=NullPool,
        connect_args={"isolation_level": None, "timeout": LOCK_LOOK_SECONDS},
        hide_parameters=True,
    )


@asynccontextmanager
async def _connected(base: Database, *, seconds: float) -> AsyncIterator[AsyncConnection]:
    task = asyncio.current_task()
    engine = _engine(base, seconds=seconds)
    try:
        async with engine.connect() as connection:
            if base.file:
                # SQLite's thread does not hear of the end of a task; it asks here.
                driver = (await connection.get_raw_connection()).driver_connection
                if driver is None:
                    raise SourceError("the connection was lost as soon as it was made")
                await driver.set_progress_handler(
                    lambda: int(task is not None and task.cancelling() > 0), _STEPS_BETWEEN_LOOKS
                )
            else:
                await connection.exec_driver_sql(
                    f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}"
                )
            yield connection
    finally:
        await engine.dispose()


async def _begin_writing(connection: AsyncConnection) -> None:
    while True:
        try:
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except DBAPIError as error:
            if not is_busy(error):
                raise
        await asyncio.sleep(LOCK_LOOK_SECONDS)
