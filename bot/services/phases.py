"""In which phase each migration is now: as people decided, or as its playbook says until they have."""

from bot.domain.person import SWITCHBACK
from bot.domain.phase_move import PhaseMove
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.store.store import Store, Transaction


class Phases:
    """Gives playbooks in their present phase; everything that depends on the phase asks here."""

    def __init__(self, *, catalog: Catalog, store: Store, clock: Clock) -> None:
        self._catalog = catalog
        self._store = store
        self._clock = clock

    async def playbook(self, migration: str) -> Playbook:
        """The playbook of a migration in its present phase. Raises UnknownNameError."""
        return await self.present(self._catalog.get(migration).playbook)

    async def present(self, playbook: Playbook) -> Playbook:
        """A playbook in the present phase of its migration."""
        async with self._store.reading() as tx:
            return await present(tx, playbook)

    async def begin(self) -> None:
        """Keep since when each migration is in its first phase, at the first start with its playbook."""
        for loaded in self._catalog:
            playbook = loaded.playbook
            async with self._store.reading() as tx:
                known = await tx.phases.latest(playbook.migration)
            if known is None:
                await self._begin(playbook)

    async def _begin(self, playbook: Playbook) -> None:
        now = self._clock.now()
        move = PhaseMove(
            migration=playbook.migration,
            number=1,
            phase=playbook.phase,
            since=now,
            by=SWITCHBACK,
            reason="as the playbook says",
        )
        async with self._store.transaction() as tx:
            if await tx.phases.add(move):
                await tx.journal.record(
                    at=now,
                    actor=SWITCHBACK,
                    kind="phase.begun",
                    subject=f"migration:{playbook.migration}",
                    facts={"phase": move.phase, "number": move.number, "reason": move.reason},
                )


async def present(tx: Transaction, playbook: Playbook) -> Playbook:
    """A playbook in the present phase of its migration, as this transaction sees it."""
    move = await tx.phases.latest(playbook.migration)
    return playbook if move is None else playbook.in_phase(move.phase)
