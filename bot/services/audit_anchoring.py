"""Once a day the audit log says in Slack where it stands: a database that is rewritten later shows."""

from bot.domain.audit import AuditAnchor
from bot.domain.messages.trace import AuditAnchorFacts
from bot.domain.person import SWITCHBACK
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.store.store import Store


class AuditAnchoring:
    """Keeps each day's last entry and posts it, at midnight UTC or at the first look after it."""

    name = "audit"
    every = 60.0

    def __init__(self, *, catalog: Catalog, store: Store, clock: Clock) -> None:
        self._catalog = catalog
        self._store = store
        self._clock = clock

    async def look(self) -> None:
        """Keep and post the day's anchor, unless it has one; of several replicas one does."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            if await tx.audit_anchors.has(str(now.date())):
                return
        async with self._store.transaction(later=True) as tx:
            number, digest = await tx.journal.head()
            anchor = AuditAnchor(day=now.date(), number=number, digest=digest, at=now)
            if number == 0 or not await tx.audit_anchors.add(anchor):
                return
            await tx.journal.record(
                at=now,
                actor=SWITCHBACK,
                kind="audit.anchored",
                subject="audit",
                facts={"day": str(anchor.day), "number": number, "digest": digest},
            )
            facts = AuditAnchorFacts(day=anchor.day, number=number, digest=digest)
            for channel in sorted({loaded.playbook.channels.approvals for loaded in self._catalog}):
                subject = f"audit:{anchor.day}:{channel}"
                await tx.outbox.say(channel=channel, subject=subject, facts=facts, at=now)
