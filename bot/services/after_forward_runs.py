"""What the end of a run means for the phase: a move is made, a cutover assessed, a rollback leads back."""

from datetime import datetime, timedelta

from bot.domain.cutover import PlannedCutover
from bot.domain.errors import UnknownNameError
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.timeline import in_utc
from bot.domain.person import SWITCHBACK
from bot.domain.phase_ways import before_cutover, phase_of
from bot.domain.playbook.cutover import AfterItem, Cutover
from bot.domain.playbook.document import PRODUCTION, Playbook
from bot.domain.run import Run
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.cutover_records import CutoverRecords
from bot.services.follow_up_reminders import FollowUpReminders
from bot.services.phase_moving import PhaseMoving
from bot.services.phases import present
from bot.store.store import Transaction

ASSESSMENT = "assessment"


class AfterForwardRuns:
    """Implements AfterRun for what concerns phases; rehearsals concern none."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        moving: PhaseMoving,
        records: CutoverRecords,
        reminders: FollowUpReminders,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._moving = moving
        self._records = records
        self._reminders = reminders
        self._clock = clock
        self._ids = ids

    async def run_finished(self, tx: Transaction, run: Run) -> None:
        """Write what follows for the phase, as the playbook says now; nothing for one that was removed."""
        if run.rehearsal or run.environment != PRODUCTION:
            return
        try:
            playbook = await present(tx, self._catalog.get(run.migration).playbook)
        except UnknownNameError:
            return
        if run.purpose == "cutover":
            await self._to_be_assessed(tx, run, playbook)
        elif run.purpose == "rollback":
            await self._back_before_cutover(tx, run, playbook)
        elif run.to_phase and (to := phase_of(playbook, run.to_phase)) is not None:
            reason = f"plan “{run.plan.title}” is done"
            await self._moving.move(tx, playbook, to, by=run.confirmed_by, reason=reason, cause=run.id)

    async def run_aborted(self, tx: Transaction, run: Run) -> None:
        """The phase stays; people are told what is left to them."""
        if run.rehearsal or run.environment != PRODUCTION or run.replaced_by or not run.goes_forward:
            return
        move = await tx.phases.latest(run.migration)
        phase = f"the phase is still “{move.phase}”. " if move else ""
        ways = f"Take back what was done by the button above, or roll back: /rollback {run.migration}"
        incident = await tx.incidents.place(run.incident)
        text = f"{phase}{ways}" if run.purpose == "cutover" else f"{phase}Moving it takes another decision"
        await tx.incidents.tell(incident, at=self._clock.now(), actor=SWITCHBACK, text=text)

    async def _to_be_assessed(self, tx: Transaction, run: Run, playbook: Playbook) -> None:
        cutover = await tx.cutovers.under_way(run.migration)
        if cutover is None or cutover.status != "running" or playbook.cutover is None:
            return
        after = await tx.cutovers.replace(cutover, cutover.ran())
        if after is None:
            raise RuntimeError(f"cutover {cutover.id} was changed while its run ended")
        await self._records.note(tx, after, SWITCHBACK, "ran", run=run.id)
        items = self._items(playbook.cutover, after, self._clock.now())
        await self._reminders.plan(tx, items)
        listed = " · ".join(f"{one.title} by {in_utc(one.due)} ({one.owner})" for one in _once(items))
        await self._records.tell(tx, after, f"Next: {listed}")

    def _items(self, declared: Cutover, cutover: PlannedCutover, now: datetime) -> list[ScheduledFollowUp]:
        assessment = declared.assessment
        due = max(cutover.at(cutover.day, assessment.at), now)
        items = [self._item(cutover, ASSESSMENT, assessment.title, assessment.owner, due)]
        for one in declared.afterwards:
            for number, day in enumerate(_days(one), 1):
                title = f"{one.title} (day {number} of {one.days_after})" if one.daily else one.title
                when = cutover.at(cutover.day + timedelta(days=day))
                items.append(self._item(cutover, one.id, title, one.owner, when))
        return items

    def _item(
        self, cutover: PlannedCutover, name: str, title: str, owner: str, due: datetime
    ) -> ScheduledFollowUp:
        return ScheduledFollowUp(
            id=self._ids.new(),
            incident=cutover.incident,
            run=cutover.run,
            decision=cutover.id,
            kind="assessment" if name == ASSESSMENT else "afterwards",
            migration=cutover.migration,
            name=name,
            title=title,
            owner=owner,
            due=due,
        )

    async def _back_before_cutover(self, tx: Transaction, run: Run, playbook: Playbook) -> None:
        """People are on legacy again: the cutover is over, and the phase is the one before it."""
        reason = f"rolled back by plan “{run.plan.title}”"
        cutover = await tx.cutovers.latest(run.migration)
        if cutover is not None and cutover.status in ("running", "ran", "assessed"):
            after = await tx.cutovers.replace(cutover, cutover.gone_back(by=run.confirmed_by, reason=reason))
            if after is not None:
                await self._reminders.drop(tx, after.id, why="legacy is back")
                await self._records.note(tx, after, run.confirmed_by, "gone_back", run=run.id)
                await self._records.tell(tx, after, f"The cutover was gone back from: {reason}")
                await tx.incidents.close(after.incident, self._clock.now())
        if playbook.current_phase.kind not in ("cutover", "grace"):
            return
        to = before_cutover(playbook, await tx.phases.all(playbook.migration))
        if to is not None:
            await self._moving.move(tx, playbook, to, by=run.confirmed_by, reason=reason, cause=run.id)


def _days(one: AfterItem) -> range:
    return range(1, one.days_after + 1) if one.daily else range(one.days_after, one.days_after + 1)


def _once(items: list[ScheduledFollowUp]) -> list[ScheduledFollowUp]:
    """Without the later days of what is done daily."""
    return list({one.name: one for one in reversed(items)}.values())[::-1]
