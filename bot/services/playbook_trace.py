"""No playbook changes without a trace: a row, an audit entry, and a message that says what is different."""

from pydantic import JsonValue

from bot.domain.messages.trace import PlaybookChangedFacts, PlaybooksApartFacts
from bot.domain.person import SWITCHBACK
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook_changes import changes
from bot.domain.playbook_outline import outline
from bot.domain.playbook_version import SETTLES_WITHIN, PlaybookVersion, alternates
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.store.store import Store, Transaction

# A version is looked at again when another replica wrote one in the same moment; as often as there are some.
_TRIES = 10


class PlaybookTrace:
    """Compares the playbooks of this replica with those that were loaded before, by whichever replica."""

    name = "playbooks"
    every = 60.0

    def __init__(self, *, catalog: Catalog, store: Store, clock: Clock, replica: str) -> None:
        self._catalog = catalog
        self._store = store
        self._clock = clock
        self._replica = replica

    async def begin(self, *, by: str = "") -> None:
        """Note every playbook whose text is another one than that of its last version, by this replica
        unless another name is given.

        Of replicas that start at once with the same file one notes it, and tells it.
        """
        for loaded in self._catalog:
            for _ in range(_TRIES):
                if await self._noted(loaded, by or self._replica):
                    break

    async def look(self) -> None:
        """Tell, once for each version, when replicas have run with different files for ten minutes."""
        for loaded in self._catalog:
            async with self._store.reading() as tx:
                digest = await tx.playbook_versions.digest(loaded.playbook.migration)
            if digest not in (None, loaded.digest):
                await self._differs(loaded)

    async def _noted(self, loaded: LoadedPlaybook, by: str) -> bool:
        """Whether the last version is this one by now."""
        migration, now = loaded.playbook.migration, self._clock.now()
        async with self._store.reading() as tx:
            if await tx.playbook_versions.digest(migration) == loaded.digest:
                return True
        async with self._store.transaction() as tx:
            earlier = await tx.playbook_versions.latest(migration, count=10)
            last = earlier[0] if earlier else None
            if last is not None and last.digest == loaded.digest:
                return True
            tree = outline(loaded.playbook)
            version = PlaybookVersion(
                migration=migration,
                number=last.number + 1 if last else 1,
                digest=loaded.digest,
                loaded_at=now,
                replica=by,
                outline=dict(tree),
                changes=changes(last.outline, tree) if last else (),
            )
            if not await tx.playbook_versions.add(version):
                return False
            await self._audit(tx, version, "playbook.changed" if last else "playbook.loaded")
            if last is not None:
                await self._tell(tx, loaded, version, last, alternates(earlier, version))
        return True

    async def _tell(
        self,
        tx: Transaction,
        loaded: LoadedPlaybook,
        version: PlaybookVersion,
        last: PlaybookVersion,
        disagrees: PlaybookVersion | None,
    ) -> None:
        if disagrees is not None:
            await tx.playbook_versions.told_apart(version, version.loaded_at)
            await self._tell_apart(tx, loaded, disagrees, here=version.replica)
            return
        facts = PlaybookChangedFacts(
            migration=version.migration,
            title=loaded.playbook.title,
            at=version.loaded_at,
            number=version.number,
            before=last.digest,
            after=version.digest,
            changes=version.changes,
        )
        await tx.outbox.say(
            channel=loaded.playbook.channels.approvals,
            subject=version.subject,
            facts=facts,
            at=version.loaded_at,
        )

    async def _differs(self, loaded: LoadedPlaybook) -> None:
        now = self._clock.now()
        async with self._store.transaction(later=True) as tx:
            (last,) = await tx.playbook_versions.latest(loaded.playbook.migration, count=1)
            if last.digest == loaded.digest or now - last.loaded_at < SETTLES_WITHIN:
                return
            if await tx.playbook_versions.told_apart(last, now):
                await self._tell_apart(tx, loaded, last, here=self._replica)
                await self._audit(tx, last, "playbook.apart", here=self._replica, here_digest=loaded.digest)

    async def _tell_apart(
        self, tx: Transaction, loaded: LoadedPlaybook, other: PlaybookVersion, *, here: str
    ) -> None:
        now = self._clock.now()
        facts = PlaybooksApartFacts(
            migration=other.migration,
            title=loaded.playbook.title,
            at=now,
            replica=here,
            digest=loaded.digest,
            other_replica=other.replica,
            other_digest=other.digest,
        )
        subject = f"apart:{other.migration}:{now.isoformat()}"
        channel = loaded.playbook.channels.approvals
        await tx.outbox.say(channel=channel, subject=subject, facts=facts, at=now)

    async def _audit(self, tx: Transaction, version: PlaybookVersion, kind: str, **more: JsonValue) -> None:
        await tx.journal.record(
            at=self._clock.now(),
            actor=SWITCHBACK,
            kind=kind,
            subject=f"migration:{version.migration}",
            facts={
                "number": version.number,
                "digest": version.digest,
                "replica": version.replica,
                "changes": list(version.changes),
                **more,
            },
        )
