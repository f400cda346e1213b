"""What waits for people when a run is over: its follow-ups, and the signatures of a rehearsal."""

from bot.domain.waiting import WaitingItem
from bot.services.catalog import Catalog
from bot.services.waiting import OwnRoles
from bot.store.store import Store

# Of the latest rehearsals of a migration: who has not signed an older one will not.
_REHEARSALS = 5


class WaitingFollowUps:
    """Follow-ups that are not done."""

    def __init__(self, *, catalog: Catalog, store: Store) -> None:
        self._catalog = catalog
        self._store = store

    async def waiting(self, me: OwnRoles) -> tuple[WaitingItem, ...]:
        """Those of the person's roles, the first due first."""
        async with self._store.reading() as tx:
            found = await tx.follow_ups.open()
        return tuple(
            [
                WaitingItem(
                    kind="assessment" if one.kind == "assessment" else "follow-up",
                    migration=one.migration,
                    what=f"to follow up: {one.title}",
                    id=one.id,
                    version=one.version,
                    name=one.title,
                    due=one.due,
                    subject=one.subject,
                    rank=3,
                )
                for one in found
                if one.migration in self._catalog.migrations
                and await me.has(self._catalog.get(one.migration).playbook, one.owner)
            ]
        )


class WaitingSignatures:
    """Rehearsals that are over and not signed."""

    def __init__(self, *, catalog: Catalog, store: Store) -> None:
        self._catalog = catalog
        self._store = store

    async def waiting(self, me: OwnRoles) -> tuple[WaitingItem, ...]:
        """Those that want a signature of a role of the person, who has signed none of it."""
        async with self._store.reading() as tx:
            found = [
                one
                for migration in self._catalog.migrations
                for one in await tx.rehearsals.latest(migration=migration, count=_REHEARSALS)
                if one.over and one.unsigned
            ]
        return tuple(
            [
                WaitingItem(
                    kind="rehearsal",
                    migration=one.migration,
                    what=f"rehearsal of “{one.plan_id}” in {one.environment} to be signed as {role}",
                    id=one.id,
                    version=one.version,
                    name=role,
                    subject=one.subject,
                    rank=2,
                )
                for one in found
                if all(signature.by.id != me.person for signature in one.signed)
                for role in one.unsigned
                if await me.has(self._catalog.get(one.migration).playbook, role)
            ]
        )
