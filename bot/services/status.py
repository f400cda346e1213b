"""What is going on: for each migration its last reconciliation, open walk, active run and follow-ups."""

from bot.domain.messages.status import MigrationStatus, SummaryStatus
from bot.domain.playbook.document import PRODUCTION
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.phases import present
from bot.services.summary_state import summary_state
from bot.store.store import Store


class StatusService:
    """Reads the present state."""

    def __init__(self, *, catalog: Catalog, store: Store, clock: Clock) -> None:
        self._catalog = catalog
        self._store = store
        self._clock = clock

    async def all(self) -> tuple[MigrationStatus, ...]:
        """Every migration, in the order of their names."""
        found = []
        async with self._store.reading() as tx:
            for migration in self._catalog.migrations:
                loaded = self._catalog.get(migration)
                playbook = await present(tx, loaded.playbook)
                active = await tx.runs.active(migration, PRODUCTION)
                latest = await tx.reconciliations.latest(migration)
                daily = await summary_state(tx, loaded, now=self._clock.now())
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
                        summary=SummaryStatus(daily.told_at, daily.expected, daily.clean_days)
                        if daily
                        else None,
                    )
                )
        return tuple(found)
