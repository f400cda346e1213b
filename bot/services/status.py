"""What is going on: for each migration its last reconciliation, open walk, active run and follow-ups."""

from bot.domain.messages.status import MigrationStatus
from bot.domain.playbook.document import PRODUCTION
from bot.services.catalog import Catalog
from bot.store.store import Store


class StatusService:
    """Reads the present state."""

    def __init__(self, *, catalog: Catalog, store: Store) -> None:
        self._catalog = catalog
        self._store = store

    async def all(self) -> tuple[MigrationStatus, ...]:
        """Every migration, in the order of their names."""
        found = []
        async with self._store.reading() as tx:
            for migration in self._catalog.migrations:
                playbook = self._catalog.get(migration).playbook
                active = await tx.runs.active(migration, PRODUCTION)
                latest = await tx.reconciliations.latest(migration)
                found.append(
                    MigrationStatus(
                        migration=migration,
                        title=playbook.title,
                        phase=playbook.phase,
                        reconciled=latest.reconciled if latest else None,
                        reconciled_at=latest.ended_at if latest else None,
                        walk=await tx.walks.open_walk(migration, PRODUCTION),
                        run=active[0] if active else None,
                        rehearsal=await tx.rehearsals.active(migration),
                        follow_ups=await tx.follow_ups.open(migration),
                    )
                )
        return tuple(found)
