"""Rehearsals are signed by those who answer for them, each role once, each person once."""

from bot.domain.errors import SupersededError
from bot.domain.person import Actor
from bot.domain.rehearsal import Rehearsed
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.rehearsing import Rehearsing
from bot.store.store import Store


class RehearsalSignatures:
    """Keeps the signatures of rehearsals. None is given at the terminal."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        rehearsing: Rehearsing,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._rehearsing = rehearsing
        self._store = store
        self._clock = clock

    async def signing(self, rehearsal_id: str, *, role: str, actor: Actor) -> Rehearsed:
        """The rehearsal, for somebody who is about to sign it. Raises as `sign` does."""
        rehearsal = await self.get(rehearsal_id)
        await self._permissions.may_sign(self._catalog.get(rehearsal.migration).playbook, role, actor)
        rehearsal.sign(role, by=actor, comment="", at=self._clock.now())
        return rehearsal

    async def sign(self, rehearsal_id: str, *, role: str, comment: str, actor: Actor) -> Rehearsed:
        """Sign for a role. One person signs for one role of a rehearsal, and each role once.

        Raises NotAllowedError, SupersededError when somebody signed for it first, RefusedError.
        """
        now = self._clock.now()
        rehearsal = await self.get(rehearsal_id)
        await self._permissions.may_sign(self._catalog.get(rehearsal.migration).playbook, role, actor)
        async with self._store.transaction() as tx:
            present = await tx.rehearsals.locked(rehearsal_id)
            signed = present.sign(role, by=actor, comment=comment, at=now)
            if not await tx.rehearsals.replace(present, signed):
                raise SupersededError("Somebody was faster; see the record as it stands now")
            kept = signed.signed[-1]
            await tx.journal.record(
                at=now,
                actor=actor,
                kind="rehearsal.signed",
                subject=signed.subject,
                facts={"role": role, "comment": kept.comment},
            )
            why = f": {kept.comment}" if kept.comment else ""
            await self._rehearsing.tell(tx, signed, f"signs as {role}{why}", by=actor)
            await self._rehearsing.show(tx, signed)
        return signed

    async def get(self, rehearsal_id: str) -> Rehearsed:
        """The rehearsal as it stands. Raises UnknownNameError."""
        async with self._store.reading() as tx:
            return await tx.rehearsals.get(rehearsal_id)
