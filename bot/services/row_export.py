"""All rows of a check that differ, as a CSV: for those in the role that owns the check."""

from collections.abc import AsyncIterator
from datetime import UTC, timedelta

from bot.domain import row_csv
from bot.domain.errors import SupersededError
from bot.domain.messages.differing_rows import RowFileFacts
from bot.domain.person import Actor
from bot.ports.clock import Clock
from bot.ports.files import File, NoFile
from bot.services.catalog import Catalog
from bot.services.differing_rows import DifferingRows, RowCheck, not_kept
from bot.services.permissions import Permissions
from bot.store.row_requests import RowRequest
from bot.store.store import Store, Transaction

# A second press within this time is the same one; later somebody may want the file again.
AGAIN_AFTER = timedelta(minutes=1)


class RowExport:
    """Sends the rows to a person, and makes the file when it is sent."""

    def __init__(
        self, *, catalog: Catalog, permissions: Permissions, rows: DifferingRows, store: Store, clock: Clock
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._rows = rows
        self._store = store
        self._clock = clock

    async def ask(self, reconciliation_id: str, check: str, *, actor: Actor) -> None:
        """Send all rows of a check to the person who asks, as a file in their direct message.

        Raises NotAllowedError for who is not in the role that owns the check, SupersededError for a second
        press, RefusedError when the rows are not kept any more, and UnknownNameError.
        """
        found = await self._exportable(reconciliation_id, check, actor)
        async with self._store.transaction() as tx:
            await self._kept(tx, found)
            now = self._clock.now()
            request = RowRequest(reconciliation_id, check, actor.id, now, actor.name)
            if not await tx.row_requests.add(request, again_after=now - AGAIN_AFTER):
                raise SupersededError("The file is on its way to you already", do="Look at your messages")
            await tx.outbox.send_file(
                channel=actor.id,
                subject=f"row_file:{reconciliation_id}:{check}",
                facts=RowFileFacts(reconciliation=reconciliation_id, check=check),
                at=now,
            )
            await self._note(tx, found, actor)

    async def lines(self, reconciliation_id: str, check: str, *, actor: Actor) -> AsyncIterator[str]:
        """The lines of the file, for the terminal. Raises what `ask` raises, but for a second time."""
        found = await self._exportable(reconciliation_id, check, actor)
        async with self._store.transaction() as tx:
            await self._kept(tx, found)
            await self._note(tx, found, actor)
        async for line in self._lines(found):
            yield line

    async def file(self, facts: RowFileFacts) -> File | NoFile:
        """The file as it is sent."""
        async with self._store.reading() as tx:
            found = self._rows.of(await tx.reconciliations.get(facts.reconciliation), facts.check)
            kept = await tx.row_differences.count(facts.reconciliation, facts.check)
        if not kept:
            return NoFile(str(not_kept(found)))
        one, total = found.reconciliation, found.result.rows.total if found.result.rows else kept
        at = (one.ended_at or one.started_at).astimezone(UTC)
        first = f"The first {kept:,} of {total:,} rows" if kept < total else f"{total:,} rows"
        data = "".join([line async for line in self._lines(found)]).encode()
        return File(
            name=f"{one.migration}-{facts.check}-rows.csv",
            title=f"{one.migration}: rows of “{found.result.title}” that differ",
            data=data,
            comment=f"{first} that differ, as of {at:%Y-%m-%d %H:%M} UTC. "
            "Values are in it only of columns that the playbook shows.",
        )

    async def _exportable(self, reconciliation_id: str, check: str, actor: Actor) -> RowCheck:
        async with self._store.reading() as tx:
            found = self._rows.of(await tx.reconciliations.get(reconciliation_id), check)
        playbook = self._catalog.get(found.reconciliation.migration).playbook
        owner = found.declared.owner if found.declared else found.result.owner
        await self._permissions.may_export_rows(playbook, owner, actor)
        return found

    async def _kept(self, tx: Transaction, found: RowCheck) -> None:
        total = found.result.rows.total if found.result.rows else 0
        if total and not await tx.row_differences.count(found.reconciliation.id, found.result.check):
            raise not_kept(found)

    async def _lines(self, found: RowCheck) -> AsyncIterator[str]:
        one, check = found.reconciliation, found.result.check
        async with self._store.reading() as tx:
            yield row_csv.head(found.key(await tx.row_differences.first(one.id, check, most=1)))
            async for row in tx.row_differences.each(one.id, check):
                yield "".join(row_csv.lines(row))

    async def _note(self, tx: Transaction, found: RowCheck, actor: Actor) -> None:
        await tx.journal.record(
            at=self._clock.now(),
            actor=actor,
            kind="rows.exported",
            subject=f"reconciliation:{found.reconciliation.id}",
            facts={"migration": found.reconciliation.migration, "check": found.result.check},
        )
