"""Tells the rows of a check that differ, in the thread of its reconciliation, once."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.check_result import CheckResult
from bot.domain.errors import RefusedError, SupersededError, UnknownNameError
from bot.domain.messages.differing_rows import MOST_TOLD, DifferingRowsFacts, key_names
from bot.domain.person import Actor
from bot.domain.playbook.checks import Check
from bot.domain.row_difference import RowDifference
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.reconciliation_display import THREAD, ReconciliationDisplay
from bot.services.row_retention import KEPT_FOR
from bot.store.reconciliations import Reconciliation
from bot.store.row_requests import RowRequest
from bot.store.store import Store, Transaction


@dataclass(frozen=True)
class RowCheck:
    """A row check of a reconciliation that is done: what it found, and how it is declared now."""

    reconciliation: Reconciliation
    result: CheckResult
    declared: Check | None

    def key(self, rows: Sequence[RowDifference] = ()) -> tuple[str, ...]:
        """The names of the key's columns as they are declared now, if these rows still have that key."""
        declared = self.declared.rows if self.declared else None
        return key_names(declared, len(rows[0].key) if rows else len(declared.keys) if declared else 0)


class DifferingRows:
    """Reads rows that differ, and tells the first of them."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        display: ReconciliationDisplay,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._display = display
        self._store = store
        self._clock = clock

    async def show(self, reconciliation_id: str, check: str, *, actor: Actor) -> None:
        """Tell the rows of a check to everybody in the thread, for anybody with a role.

        Raises NotAllowedError, SupersededError when they are there already, RefusedError when they are not
        kept any more, and UnknownNameError.
        """
        async with self._store.reading() as tx:
            found = self.of(await tx.reconciliations.get(reconciliation_id), check)
        migration = found.reconciliation.migration
        await self._permissions.may_reconcile(self._catalog.get(migration).playbook, actor)
        async with self._store.transaction() as tx:
            if not await self._tell(tx, found, actor):
                earlier = await tx.row_requests.earlier(self._request(found, actor))
                raise SupersededError(f"{earlier.by_name} asked for them already: they are in the thread")
            await tx.journal.record(
                at=self._clock.now(),
                actor=actor,
                kind="rows.shown",
                subject=f"reconciliation:{reconciliation_id}",
                facts={"migration": migration, "check": check},
            )
            done = len(found.reconciliation.reconciled.results) if found.reconciliation.reconciled else 0
            await self._display.show(tx, found.reconciliation, done=done)

    async def finished(self, tx: Transaction, finished: Reconciliation) -> None:
        """Tell the rows of each check that has some, where the reconciliation was asked for with them."""
        if not finished.show_rows or finished.reconciled is None:
            return
        for result in finished.reconciled.results:
            if result.rows is not None and await tx.row_differences.count(finished.id, result.check):
                await self._tell(tx, self.of(finished, result.check), finished.asked_by)

    def of(self, reconciliation: Reconciliation, check: str) -> RowCheck:
        """A row check of it. Raises UnknownNameError for another one, and RefusedError while it runs."""
        if reconciliation.reconciled is None:
            raise RefusedError("This reconciliation has no result", do="Reconcile again")
        compared = {one.check: one for one in reconciliation.reconciled.results if one.rows is not None}
        if check not in compared:
            raise UnknownNameError("check with rows", check, compared)
        declared = self._catalog.get(reconciliation.migration).playbook.reconcile.checks
        return RowCheck(
            reconciliation, compared[check], next((one for one in declared if one.id == check), None)
        )

    async def _tell(self, tx: Transaction, found: RowCheck, actor: Actor) -> bool:
        """Tell them, once; False when they are told already."""
        if not await tx.row_requests.add(self._request(found, actor)):
            return False
        one = found.reconciliation
        summaries = self._catalog.get(one.migration).playbook.channels.summaries
        await tx.outbox.say(
            channel=one.channel or summaries,
            subject=f"rows:{one.id}:{found.result.check}",
            facts=await self._facts(tx, found, actor),
            at=self._clock.now(),
            thread=one.subject if one.has_message else None,
        )
        return True

    async def _facts(self, tx: Transaction, found: RowCheck, actor: Actor) -> DifferingRowsFacts:
        one, result = found.reconciliation, found.result
        rows = await tx.row_differences.first(one.id, result.check, most=MOST_TOLD)
        if result.rows is None or (result.rows.total and not rows):
            raise not_kept(found)
        roles = self._catalog.get(one.migration).playbook.roles
        return DifferingRowsFacts(
            reconciliation=one.id,
            migration=one.migration,
            check=result.check,
            title=result.title,
            status=result.status,
            tolerance=result.tolerance,
            found=result.rows,
            key=found.key(rows),
            rows=rows,
            kept=await tx.row_differences.count(one.id, result.check),
            asked_by=actor.name,
            reconciled_at=one.ended_at or one.started_at,
            owner=roles[result.owner].described() if result.owner in roles else result.owner,
        )

    def _request(self, found: RowCheck, actor: Actor) -> RowRequest:
        return RowRequest(found.reconciliation.id, found.result.check, THREAD, self._clock.now(), actor.name)


def not_kept(found: RowCheck) -> RefusedError:
    """What is told when the rows of an old reconciliation are forgotten."""
    command = f"/reconcile {found.reconciliation.migration} {found.result.check} --rows"
    return RefusedError(
        f"The rows of this reconciliation are not kept any more: they are for {KEPT_FOR.days} days",
        do=f"Reconcile again: {command}",
    )
