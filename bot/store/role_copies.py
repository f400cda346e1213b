"""The last known members of user groups, for the time that Slack is away."""

from datetime import datetime

import sqlalchemy as sa

from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.tables import role_copies


class RoleCopies:
    """Keeps and finds copies."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def keep(self, usergroup: str, users: frozenset[str], *, read_at: datetime) -> None:
        """Replace the copy of a user group."""
        values = {"users": sorted(users), "read_at": read_at}
        same = role_copies.c.usergroup == usergroup
        kept = await self._connection.execute(role_copies.update().where(same).values(**values))
        if kept.rowcount == 0:
            await insert_once(self._connection, role_copies.insert().values(usergroup=usergroup, **values))

    async def find(self, usergroup: str) -> tuple[frozenset[str], datetime] | None:
        """The copy and when it was read."""
        row = (
            await self._connection.execute(sa.select(role_copies).where(role_copies.c.usergroup == usergroup))
        ).one_or_none()
        return (frozenset(row.users), row.read_at) if row else None
