"""The message of a reconciliation: its facts, with what the register knows, put into the outbox."""

from bot.domain.advance import RowProgress
from bot.domain.messages.reconciliation import ReconciliationFacts
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.discrepancy_register import DiscrepancyRegister
from bot.services.summaries import SummaryService
from bot.store.reconciliations import Reconciliation
from bot.store.store import Transaction

THREAD = "thread"
"""What rows are asked for that are told to everybody in the thread."""


class ReconciliationDisplay:
    """Shows a reconciliation where it was asked for, as often as something about it changes."""

    def __init__(
        self, *, catalog: Catalog, register: DiscrepancyRegister, summaries: SummaryService, clock: Clock
    ) -> None:
        self._catalog = catalog
        self._register = register
        self._summaries = summaries
        self._clock = clock

    async def show(
        self, tx: Transaction, shown: Reconciliation, *, done: int, progress: tuple[RowProgress, ...] = ()
    ) -> None:
        """Show it, with so many checks done, and how far the row checks are that are under way.

        One that was asked for at the terminal has no message, and one that is for a summary has that one
        when it is done.
        """
        if shown.day is not None and shown.reconciled is not None:
            await self._summaries.refresh(tx, shown)
            return
        if not shown.channel:
            return
        await tx.outbox.show(
            channel=shown.channel,
            subject=shown.subject,
            facts=await self._facts(tx, shown, done=done, progress=progress),
            at=self._clock.now(),
        )

    async def _facts(
        self, tx: Transaction, shown: Reconciliation, *, done: int, progress: tuple[RowProgress, ...]
    ) -> ReconciliationFacts:
        playbook = self._catalog.get(shown.migration).playbook
        known = await self._register.registers(tx, shown.migration) if shown.reconciled else ()
        told = await tx.row_requests.checks(shown.id, THREAD) if shown.reconciled else ()
        return ReconciliationFacts(
            id=shown.id,
            migration=shown.migration,
            title=playbook.title,
            asked_by=shown.asked_by.name,
            started_at=shown.started_at,
            ended_at=shown.ended_at,
            done=done,
            total=len(playbook.reconcile.checks if shown.scope is None else shown.scope),
            reconciled=shown.reconciled,
            owners={name: role.described() for name, role in playbook.roles.items()},
            registers=tuple(one for one in known if shown.scope is None or one.check in shown.scope),
            scope=shown.scope,
            show_rows=shown.show_rows,
            progress=progress,
            ended=shown.status if shown.status in ("cancelled", "abandoned") else "",
            ended_by=shown.ended_by.name if shown.ended_by else "",
            rows_told=told,
        )
