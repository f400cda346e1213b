"""One process per replica id: a second one would take live jobs for abandoned ones and repeat them."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.domain.errors import SettingsError
from bot.store.database import unusable

CHECK_SECONDS = 2.0

log = structlog.get_logger()


@asynccontextmanager
async def replica_lock(url: sa.URL, replica: str, *, lost: Callable[[], None]) -> AsyncIterator[None]:
    """Hold the replica's id: a file lock beside SQLite, an advisory lock on PostgreSQL.

    `lost` is called when the lock can no longer be held; the process has to stop then.
    Raises SettingsError when another process has it, StoreError when the database cannot be used.
    """
    held = (
        _file_lock(Path(f"{url.database}.{replica}.lock"), replica)
        if url.get_backend_name() == "sqlite"
        else _advisory_lock(url, replica, lost)
    )
    async with held:
        yield


@asynccontextmanager
async def _file_lock(path: Path, replica: str) -> AsyncIterator[None]:
    with _opened(path) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _taken(replica) from None
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        file = path.open("a")
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}",
            do="Point SWITCHBACK_DATABASE_URL at a folder of yours",
        ) from None
    with file:
        yield file.fileno()


@asynccontextmanager
async def _advisory_lock(url: sa.URL, replica: str, lost: Callable[[], None]) -> AsyncIterator[None]:
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.dispose)
        query = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
        try:
            connection = await stack.enter_async_context(engine.connect())
            locked = await connection.execute(query, {"name": f"switchback:{replica}"})
        except (OperationalError, InterfaceError) as error:
            raise unusable(error) from None
        if not locked.scalar_one():
            raise _taken(replica)
        watching = asyncio.create_task(_watch(connection, lost))
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def _watch(connection: AsyncConnection, lost: Callable[[], None]) -> None:
    """The lock lives as long as its connection does."""
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        try:
            await connection.execute(sa.text("SELECT 1"))
        except DBAPIError:
            log.error("replica.lock_lost")
            lost()
            return


def _taken(replica: str) -> SettingsError:
    return SettingsError(
        f"Another Switchback is running as replica “{replica}” on this database",
        do="Stop it, or give this one another SWITCHBACK_REPLICA",
    )
