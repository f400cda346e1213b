"""The assessment of the cutover's day: somebody says how it went, and the grace period begins."""

from bot.domain.cutover import Assessed, PlannedCutover
from bot.domain.errors import RefusedError, SupersededError
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.person import Actor
from bot.domain.phase_ways import next_of_kind
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.cutover_records import CutoverRecords
from bot.services.follow_up_reminders import FollowUpReminders
from bot.services.permissions import Permissions
from bot.services.phase_moving import PhaseMoving
from bot.services.phases import present
from bot.store.store import Store


class AssessmentService:
    """Keeps assessments, one of each cutover."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        moving: PhaseMoving,
        records: CutoverRecords,
        reminders: FollowUpReminders,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._moving = moving
        self._records = records
        self._reminders = reminders
        self._store = store
        self._clock = clock

    async def shown(self, item_id: str, *, actor: Actor) -> ScheduledFollowUp:
        """The item, for somebody who is about to assess. Raises NotAllowedError, SupersededError."""
        item = await self._permitted(item_id, actor)
        if item.status != "open":
            raise SupersededError(item.what_happened())
        return item

    async def assess(self, item_id: str, *, went_well: bool, text: str, actor: Actor) -> PlannedCutover:
        """Say how it went; the phase is grace then, whatever was said: going back is a rollback.

        Raises NotAllowedError; SupersededError when somebody came first or the cutover was gone back from;
        RefusedError without a text.
        """
        await self._permitted(item_id, actor)
        async with self._store.transaction() as tx:
            now = self._clock.now()
            item = await tx.follow_ups.get(item_id)
            done = item.done(by=actor, at=now)
            cutover = await tx.cutovers.held(item.decision)
            cutover.still("ran")
            judged = cutover.judged(Assessed(by=actor, at=now, went_well=went_well, text=text.strip()))
            after = await tx.cutovers.replace(cutover, judged)
            if after is None or not await tx.follow_ups.replace(item, done):
                raise SupersededError((await tx.follow_ups.get(item_id)).what_happened())
            outcome = "went well" if went_well else "went with problems"
            await self._records.note(tx, after, actor, "assessed", went_well=went_well, text=text.strip())
            mark = "✅" if went_well else "⚠️"
            await self._records.tell(tx, after, f"{mark} the day {outcome}: {text.strip()}", by=actor)
            await self._reminders.show(tx, await tx.follow_ups.get(item_id))
            playbook = await present(tx, self._catalog.get(after.migration).playbook)
            grace = next_of_kind(playbook, "grace")
            if grace is not None:
                reason = f"the cutover of {after.day.isoformat()} {outcome}"
                await self._moving.move(tx, playbook, grace, by=actor, reason=reason, cause=after.run)
            await tx.incidents.close(after.incident, now)
        return after

    async def _permitted(self, item_id: str, actor: Actor) -> ScheduledFollowUp:
        async with self._store.reading() as tx:
            item = await tx.follow_ups.get(item_id)
        if item.kind != "assessment":
            raise RefusedError(f"“{item.title}” is not an assessment")
        playbook = self._catalog.get(item.migration).playbook
        await self._permissions.may_assess(playbook, item.owner, actor)
        return item
