"""What a cutover shows before its run: its day, its checklist, and what is in its way."""

from bot.domain.cutover import PlannedCutover
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.cutover import CutoverFacts
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.store.store import Transaction


class CutoverDisplay:
    """Shows it in its record's one live message, where the run will be."""

    def __init__(self, *, catalog: Catalog, clock: Clock) -> None:
        self._catalog = catalog
        self._clock = clock

    async def show(self, tx: Transaction, cutover: PlannedCutover) -> None:
        """Bring the message up to date; once it runs, the run is shown there."""
        if cutover.run or cutover.migration not in self._catalog.migrations:
            return
        playbook = self._catalog.get(cutover.migration).playbook
        declared = playbook.cutover
        role = playbook.roles.get(declared.requested_by) if declared else None
        now = self._clock.now()
        facts = CutoverFacts(
            cutover=cutover,
            title=playbook.title,
            plan=playbook.plans[declared.plan].title if declared else "",
            checklist=await checklist(tx, cutover),
            members=role.described() if role else "",
            at=now,
        )
        incident = await tx.incidents.place(cutover.incident)
        await tx.outbox.show(channel=incident.channel, subject=incident.subject, facts=facts, at=now)

    async def item_changed(self, tx: Transaction, item: ScheduledFollowUp) -> None:
        """Show the cutover of an item anew."""
        if item.kind == "checklist":
            await self.show(tx, await tx.cutovers.get(item.decision))


async def checklist(tx: Transaction, cutover: PlannedCutover) -> tuple[ScheduledFollowUp, ...]:
    """The items of a cutover that come before its day."""
    items = await tx.follow_ups.of_decision(cutover.id)
    return tuple(item for item in items if item.kind == "checklist")
