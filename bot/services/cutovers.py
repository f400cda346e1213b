"""What people decide about a cutover before its run: begin it all the same, put it off, call it off."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.calendar import moment_of
from bot.domain.cutover import PlannedCutover
from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.phase_ways import ends_at
from bot.domain.playbook.cutover import Cutover
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.cutover_display import CutoverDisplay
from bot.services.cutover_records import CutoverRecords
from bot.services.cutover_start import CutoverStart
from bot.services.follow_up_reminders import FollowUpReminders
from bot.services.permissions import Permissions
from bot.services.phases import present
from bot.store.store import Store, Transaction

_END_OF_DAY = "23:59"


class CutoverService:
    """Applies what the role that asked for the cutover decides, each press once."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        start: CutoverStart,
        records: CutoverRecords,
        display: CutoverDisplay,
        reminders: FollowUpReminders,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._start = start
        self._records = records
        self._display = display
        self._reminders = reminders
        self._store = store
        self._clock = clock

    async def shown(self, cutover_id: str, *, version: int, actor: Actor) -> PlannedCutover:
        """The cutover, for somebody who is about to decide about it.

        Raises NotAllowedError, and SupersededError when it is no longer as it was shown.
        """
        cutover = await self._permitted(cutover_id, actor)
        cutover.still("planned", "asking", version=version)
        return cutover

    async def try_again(self, cutover_id: str, *, version: int, actor: Actor) -> PlannedCutover:
        """Look at gates and checklist again, and begin it if they let it. Raises as `shown` does."""
        cutover = await self._permitted(cutover_id, actor)
        cutover.still("asking", version=version)
        return await self._start.attempt(cutover, by=actor, reason="")

    async def begin_anyway(
        self, cutover_id: str, *, version: int, reason: str, actor: Actor
    ) -> PlannedCutover:
        """Begin it although the checklist has open items; never where the gates have got worse.

        Raises RefusedError without a reason, and as `shown` does.
        """
        cutover = await self._permitted(cutover_id, actor)
        cutover.still("asking", version=version)
        if not reason.strip():
            raise RefusedError("Beginning without a settled checklist takes a reason", field="reason")
        after = await self._start.attempt(cutover, by=actor, reason=reason.strip())
        if after.status == "asking":
            raise RefusedError(f"The cutover has not begun: {'; '.join(after.stopped_by)}", field="reason")
        return after

    async def put_off(
        self, cutover_id: str, *, version: int, day: date, reason: str, actor: Actor
    ) -> PlannedCutover:
        """Plan it for another day; the present phase lasts at least until then.

        Raises RefusedError for a day that is past or frozen or no reason, and as `shown` does.
        """
        await self._permitted(cutover_id, actor)
        async with self._store.transaction() as tx:
            before = await tx.cutovers.held(cutover_id)
            before.still("planned", "asking", version=version)
            playbook, declared = self._declared(before)
            today = self._clock.now().astimezone(ZoneInfo(before.zone)).date()
            after = before.put_off(day, today=today, freezes=declared.freezes, reason=reason, by=actor)
            changed = await self._changed(tx, before, after)
            await self._extend(tx, playbook, changed)
            await self._records.note(tx, changed, actor, "put_off", was=before.day.isoformat(), reason=reason)
            text = f"puts the cutover off to {day.isoformat()} ({before.zone}). Reason: {changed.reason}"
            await self._records.tell(tx, changed, text, by=actor)
            await self._display.show(tx, changed)
            await self._records.begin_on_its_day(tx, changed)
        return changed

    async def call_off(self, cutover_id: str, *, version: int, reason: str, actor: Actor) -> PlannedCutover:
        """Call it off: another one takes a decision of its own. Raises as `put_off` does."""
        await self._permitted(cutover_id, actor)
        async with self._store.transaction() as tx:
            before = await tx.cutovers.held(cutover_id)
            before.still("planned", "asking", version=version)
            changed = await self._changed(tx, before, before.called_off(reason=reason, by=actor))
            await self._reminders.drop(tx, changed.id, why="the cutover was called off")
            await self._records.note(tx, changed, actor, "called_off", reason=changed.reason)
            text = f"calls the cutover off. Reason: {changed.reason}"
            await self._records.tell(tx, changed, text, by=actor)
            await self._display.show(tx, changed)
            await tx.incidents.close(changed.incident, self._clock.now())
        return changed

    async def _permitted(self, cutover_id: str, actor: Actor) -> PlannedCutover:
        async with self._store.reading() as tx:
            cutover = await tx.cutovers.get(cutover_id)
        playbook, declared = self._declared(cutover)
        await self._permissions.may_lead_cutover(playbook, declared.requested_by, actor)
        return cutover

    def _declared(self, cutover: PlannedCutover) -> tuple[Playbook, Cutover]:
        playbook = self._catalog.get(cutover.migration).playbook
        if playbook.cutover is None:
            raise SupersededError(f"The playbook of {cutover.migration} declares no cutover any more")
        return playbook, playbook.cutover

    async def _extend(self, tx: Transaction, playbook: Playbook, cutover: PlannedCutover) -> None:
        move = await tx.phases.latest(playbook.migration)
        if move is None:
            return
        until = moment_of(cutover.day, _END_OF_DAY, zone=cutover.zone)
        ends = ends_at(await present(tx, playbook), move)
        if until is not None and ends is not None and ends < until:
            await tx.phases.extend(move.model_copy(update={"extended_to": until}))

    async def _changed(
        self, tx: Transaction, before: PlannedCutover, after: PlannedCutover
    ) -> PlannedCutover:
        changed = await tx.cutovers.replace(before, after)
        if changed is None:
            raise SupersededError("Somebody was faster; see the message as it stands now")
        return changed
