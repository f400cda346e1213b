"""Which records belong to a migration, by their ids."""

import sqlalchemy as sa

from bot.store.connection import Connection
from bot.store.decision_tables import cutovers, decisions, gate_evaluations, statements
from bot.store.tables import follow_ups, incidents, rehearsals, reviews, runs, start_requests, walks

_OWN = (
    incidents,
    walks,
    runs,
    reviews,
    follow_ups,
    rehearsals,
    gate_evaluations,
    statements,
    decisions,
    cutovers,
)


class MigrationRecords:
    """Reads ids."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def ids(self, migration: str) -> frozenset[str]:
        """The ids of everything that people decided, stated or ran for a migration; of no compared row."""
        own = [sa.select(table.c.id).where(table.c.migration == migration) for table in _OWN]
        asked = (
            sa.select(start_requests.c.id)
            .join(walks, walks.c.id == start_requests.c.walk)
            .where(walks.c.migration == migration)
        )
        rows = await self._connection.execute(sa.union(*own, asked))
        return frozenset(row.id for row in rows)
