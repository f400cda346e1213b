"""Our tables on a PostgreSQL server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine


class PostgresDatabase:
    """Implements `bot.store.connection.Database`."""

    dialect = "postgresql"

    def __init__(self, url: sa.URL) -> None:
        self._engine = create_async_engine(url, pool_size=8, max_overflow=4)
        self.engine = self._engine.sync_engine

    @asynccontextmanager
    async def writing(self, *, later: bool) -> AsyncIterator[AsyncConnection]:  # noqa: ARG002 - the port's
        """A transaction. The server lets all write at once, so there is no turn to wait for."""
        async with self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is only read in, and sees one moment throughout."""
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()
