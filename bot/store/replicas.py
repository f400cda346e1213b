"""The replicas' heartbeats: who is seen to beat is alive."""

import sqlalchemy as sa

from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.tables import replicas


class Replicas:
    """Writes our beats, and reads everybody's. They are counted and not timed: clocks may differ."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def beat(self, replica: str) -> None:
        """One beat more."""
        written = await self._connection.execute(
            replicas.update().where(replicas.c.id == replica).values(beats=replicas.c.beats + 1)
        )
        if written.rowcount == 0:
            await insert_once(self._connection, replicas.insert().values(id=replica, beats=1))

    async def beats(self) -> dict[str, int]:
        """How often each replica has beaten."""
        rows = await self._connection.execute(sa.select(replicas))
        return {row.id: row.beats for row in rows}

    async def leave(self, replica: str) -> None:
        """It has ended, and nobody is to wonder at its silence."""
        await self._connection.execute(replicas.delete().where(replicas.c.id == replica))
