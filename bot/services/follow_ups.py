"""Follow-ups are done and moved by people in their owner's role, each press once."""

from collections.abc import Callable
from datetime import timedelta

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.timeline import in_utc
from bot.domain.person import Actor
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.cutover_display import CutoverDisplay
from bot.services.follow_up_reminders import FollowUpReminders
from bot.services.permissions import Permissions
from bot.store.store import Store

Change = Callable[[ScheduledFollowUp], ScheduledFollowUp]


class FollowUpService:
    """Applies what people decide about follow-ups; who comes second is told what happened."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        reminders: FollowUpReminders,
        cutovers: CutoverDisplay,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._reminders = reminders
        self._cutovers = cutovers
        self._store = store
        self._clock = clock

    async def done(self, follow_up_id: str, *, actor: Actor) -> ScheduledFollowUp:
        """Mark it as done. It is not reminded of any more.

        Raises SupersededError when somebody came first, NotAllowedError, UnknownNameError; RefusedError
        for an assessment, which takes a text.
        """
        at = self._clock.now()
        if (await self.get(follow_up_id)).kind == "assessment":
            raise RefusedError("An assessment says how it went", do="Press “Assess…” in its channel")
        return await self._change(follow_up_id, "done", actor, lambda one: one.done(by=actor, at=at))

    async def move(
        self, follow_up_id: str, *, version: int, later: timedelta, reason: str, actor: Actor
    ) -> ScheduledFollowUp:
        """Move it, as it was shown in `version`; it is reminded of when it is due then.

        Raises SupersededError when somebody came first, RefusedError for a wrong time or no reason,
        NotAllowedError, UnknownNameError.
        """
        at = self._clock.now()
        return await self._change(
            follow_up_id,
            "moved",
            actor,
            lambda one: one.moved(later, version=version, reason=reason, by=actor, at=at),
        )

    async def shown(self, follow_up_id: str, *, version: int, actor: Actor) -> ScheduledFollowUp:
        """The follow-up, for somebody who is about to move it.

        Raises NotAllowedError, SupersededError when it is no longer as it was shown, UnknownNameError.
        """
        follow_up = await self.get(follow_up_id)
        await self._permit(follow_up, actor)
        if follow_up.status != "open" or follow_up.version != version:
            raise SupersededError(follow_up.what_happened())
        return follow_up

    async def get(self, follow_up_id: str) -> ScheduledFollowUp:
        """The follow-up as it stands. Raises UnknownNameError."""
        async with self._store.reading() as tx:
            return await tx.follow_ups.get(follow_up_id)

    async def _change(self, follow_up_id: str, kind: str, actor: Actor, change: Change) -> ScheduledFollowUp:
        await self._permit(await self.get(follow_up_id), actor)
        async with self._store.transaction() as tx:
            before = await tx.follow_ups.get(follow_up_id)
            if not await tx.follow_ups.replace(before, change(before)):
                raise SupersededError((await tx.follow_ups.get(follow_up_id)).what_happened())
            # Read again: a reminder may have come between.
            after = await tx.follow_ups.get(follow_up_id)
            await tx.journal.record(
                at=self._clock.now(),
                actor=actor,
                kind=f"follow_up.{kind}",
                subject=after.subject,
                facts={
                    "title": after.title,
                    "was_due": in_utc(before.due),
                    "due": in_utc(after.due),
                    "reason": after.reason,
                },
            )
            incident = await tx.incidents.get(after.incident)
            await tx.incidents.tell(incident, at=self._clock.now(), actor=actor, text=_told(kind, after))
            await self._reminders.show(tx, after)
            await self._cutovers.item_changed(tx, after)
            if after.status == "open":
                await self._reminders.remind_when_due(tx, after)
        return after

    async def _permit(self, follow_up: ScheduledFollowUp, actor: Actor) -> None:
        # What a removed playbook has left behind can be settled at the terminal.
        if actor.at_terminal and follow_up.migration not in self._catalog.migrations:
            return
        playbook = self._catalog.get(follow_up.migration).playbook
        await self._permissions.may_follow_up(playbook, follow_up.owner, actor)


def _told(kind: str, after: ScheduledFollowUp) -> str:
    """The timeline's line."""
    if kind == "done":
        return f"marks “{after.title}” as done"
    return f"moves “{after.title}” to {in_utc(after.due)}. Reason: {after.reason}"
