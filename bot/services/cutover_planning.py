"""What follows a GO: the cutover is planned with its checklist, or the migration moves to its next phase."""

from datetime import timedelta

from bot.domain.cutover import PlannedCutover
from bot.domain.decision import Decision
from bot.domain.errors import SupersededError
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.timeline import in_utc
from bot.domain.playbook.cutover import Cutover
from bot.domain.playbook.document import PRODUCTION
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.cutover_display import CutoverDisplay
from bot.services.cutover_records import CutoverRecords
from bot.services.follow_up_reminders import FollowUpReminders
from bot.services.phase_runs import PhaseRuns
from bot.store.incidents import Incident
from bot.store.store import Transaction


class CutoverPlanning:
    """Implements AfterDecision and UnderWay."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        records: CutoverRecords,
        display: CutoverDisplay,
        reminders: FollowUpReminders,
        phase_runs: PhaseRuns,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._records = records
        self._display = display
        self._reminders = reminders
        self._phase_runs = phase_runs
        self._clock = clock
        self._ids = ids

    async def decided(self, tx: Transaction, decision: Decision) -> None:
        """Plan the cutover for its day, or have the migration moved.

        Raises SupersededError while another cutover of the migration is under way.
        """
        if decision.kind == "phase":
            await self._phase_runs.decided(tx, decision)
            return
        playbook = self._catalog.get(decision.migration).playbook
        declared, now = playbook.cutover, self._clock.now()
        if declared is None or decision.day is None:
            raise SupersededError(f"The playbook of {decision.migration} declares no cutover any more")
        incident = Incident(
            id=self._ids.new(),
            migration=decision.migration,
            environment=PRODUCTION,
            channel=playbook.channels.approvals,
            opened_at=now,
            opened_by=decision.asked_by,
            kind="cutover",
        )
        cutover = PlannedCutover(
            id=decision.id,
            incident=incident.id,
            migration=decision.migration,
            day=decision.day,
            zone=declared.zone,
            asked_by=decision.asked_by,
            approved_by=tuple(one.by for one in decision.approvals if one.counts and one.choice == "approve"),
        )
        await tx.incidents.add(incident)
        if not await tx.cutovers.add(cutover):
            raise SupersededError(f"Another cutover of {decision.migration} is under way")
        items = self._items(declared, cutover)
        await self._display.show(tx, cutover)
        await self._records.note(tx, cutover, decision.asked_by, "planned", decision=decision.id)
        begins = f"The cutover is planned for {cutover.day.isoformat()} ({cutover.zone})"
        await self._records.tell(tx, cutover, f"{begins}, decision {decision.status.upper()}")
        await self._reminders.plan(tx, items)
        if items:
            listed = " · ".join(f"{one.title} by {in_utc(one.due)} ({one.owner})" for one in items)
            await self._records.tell(tx, cutover, f"Checklist: {listed}")
        await self._display.show(tx, cutover)
        await self._records.begin_on_its_day(tx, cutover)

    async def under_way(self, tx: Transaction, migration: str) -> str:
        """The cutover that is planned, runs or waits for its assessment; empty where there is none."""
        cutover = await tx.cutovers.under_way(migration)
        return cutover.stands() if cutover is not None else ""

    def _items(self, declared: Cutover, cutover: PlannedCutover) -> list[ScheduledFollowUp]:
        return [
            ScheduledFollowUp(
                id=self._ids.new(),
                incident=cutover.incident,
                decision=cutover.id,
                kind="checklist",
                migration=cutover.migration,
                name=one.id,
                title=one.title,
                owner=one.owner,
                due=cutover.at(cutover.day - timedelta(days=one.days_before)),
            )
            for one in sorted(declared.checklist, key=lambda one: -one.days_before)
        ]
