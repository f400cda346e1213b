"""Tells what people said of discrepancies: in the message and thread of what saw them last."""

from collections.abc import Sequence

from bot.domain.discrepancy import Discrepancy
from bot.domain.messages.timeline import TimelineEntry, TimelineFacts
from bot.services.catalog import Catalog
from bot.services.reconciliation_display import ReconciliationDisplay
from bot.store.store import Transaction


class DiscrepancyTelling:
    """Speaks where the discrepancies were told of, and keeps those messages current."""

    def __init__(self, *, catalog: Catalog, display: ReconciliationDisplay) -> None:
        self._catalog = catalog
        self._display = display

    def title(self, entry: Discrepancy) -> str:
        """The title of its check, or its id where the playbook has lost it."""
        checks = self._catalog.get(entry.migration).playbook.reconcile.checks
        return next((check.title for check in checks if check.id == entry.check), entry.check)

    async def tell(
        self, tx: Transaction, entries: Sequence[Discrepancy], line: TimelineEntry, *, changed: bool = True
    ) -> None:
        """A line where the first of them was seen last; where they are `changed`, the message as well.

        What was seen at the terminal alone is told in the playbook's summaries.
        """
        seen = await tx.reconciliations.get(entries[0].seen_in)
        channel = seen.channel or self._catalog.get(entries[0].migration).playbook.channels.summaries
        await tx.outbox.say(
            channel=channel,
            subject=seen.subject,
            facts=TimelineFacts(entries=(line,)),
            at=line.at,
            thread=seen.subject if seen.has_message else None,
        )
        if changed and seen.reconciled is not None:
            await self._display.show(tx, seen, done=len(seen.reconciled.results))
