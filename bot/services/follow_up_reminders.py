"""Follow-ups are planned when a run is done, and reminded of from their due time on, once a day."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from bot.domain.errors import SourceError, UnknownNameError
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.follow_ups import FollowUpFacts
from bot.domain.messages.timeline import in_utc
from bot.domain.person import SWITCHBACK
from bot.domain.playbook.document import PRODUCTION
from bot.domain.playbook.people import Role
from bot.domain.run import Run
from bot.ports.clock import Clock, Ids
from bot.ports.roles import RoleDirectory
from bot.services.catalog import Catalog
from bot.store.store import Store, Transaction

AGAIN_AFTER = timedelta(days=1)

log = structlog.get_logger()


class FollowUpReminders:
    """Plans follow-ups, and reminds of each until it is done."""

    def __init__(
        self, *, catalog: Catalog, roles: RoleDirectory, store: Store, clock: Clock, ids: Ids
    ) -> None:
        self._catalog = catalog
        self._roles = roles
        self._store = store
        self._clock = clock
        self._ids = ids

    async def run_finished(self, tx: Transaction, run: Run) -> None:
        """Plan what the playbook says is due after a run, as it says now."""
        # Nobody was taken back to legacy elsewhere, or by a move: there is no cause to find, nobody to tell.
        if run.environment != PRODUCTION or run.purpose != "rollback":
            return
        try:
            declared = self._catalog.get(run.migration).playbook.follow_ups
        except UnknownNameError:
            log.warning("follow_ups.none", run=run.id, migration=run.migration, problem="no playbook of it")
            return
        ended = run.ended_at or self._clock.now()
        planned = [
            ScheduledFollowUp(
                id=self._ids.new(),
                incident=run.incident,
                run=run.id,
                migration=run.migration,
                name=one.id,
                title=one.title,
                owner=one.owner,
                due=ended + one.after,
            )
            for one in sorted(declared, key=lambda one: one.after)
        ]
        await self.plan(tx, planned)
        if planned:
            listed = " · ".join(f"{one.title} by {in_utc(one.due)} ({one.owner})" for one in planned)
            incident = await tx.incidents.get(run.incident)
            await tx.incidents.tell(incident, at=ended, actor=SWITCHBACK, text=f"Next: {listed}")

    async def plan(self, tx: Transaction, planned: Sequence[ScheduledFollowUp]) -> None:
        """Keep these, and have people reminded of each when it is due."""
        for follow_up in planned:
            await tx.follow_ups.add(follow_up)
            facts = {"run": follow_up.run, "name": follow_up.name, "owner": follow_up.owner}
            await self._audit(tx, follow_up, "follow_up.planned", facts)
            await self.remind_when_due(tx, follow_up)

    async def drop(self, tx: Transaction, decision_id: str, *, why: str) -> None:
        """Take back what is open of the cutover that a decision led to: nothing of it is left to be done."""
        now = self._clock.now()
        for one in await tx.follow_ups.of_decision(decision_id):
            if one.status != "open":
                continue
            dropped = one.dropped(why=why, by=SWITCHBACK, at=now)
            if await tx.follow_ups.replace(one, dropped):
                await self._audit(tx, dropped, "follow_up.dropped", {"reason": why})
                await self.show(tx, dropped)

    async def run_aborted(self, tx: Transaction, run: Run) -> None:
        """Nothing is planned: people were not taken back to legacy."""

    async def remind_when_due(self, tx: Transaction, follow_up: ScheduledFollowUp) -> None:
        """Have people reminded of this version when it is due; an older version's job then does nothing."""
        await self._enqueue(tx, follow_up, delay=max(timedelta(), follow_up.due - self._clock.now()))

    async def remind(self, follow_up_id: str, version: int, number: int) -> None:
        """The durable job `remind`: tell its owner that it is due, and begin the wait for the next time.

        Does nothing when it is done, was moved, or was reminded of so often already.
        """
        async with self._store.reading() as tx:
            follow_up = await tx.follow_ups.get(follow_up_id)
        # Slack is asked before the transaction: a writer would make everybody wait for it.
        called = await self._called(follow_up)
        now = self._clock.now()
        async with self._store.transaction(later=True) as tx:
            if not await tx.follow_ups.remind(follow_up_id, version=version, number=number):
                return
            follow_up = await tx.follow_ups.get(follow_up_id)
            await self._audit(tx, follow_up, "follow_up.reminded", {"number": number})
            text = f"⏳ Due since {in_utc(follow_up.due)}: {follow_up.title} ({follow_up.owner})"
            incident = await tx.incidents.get(follow_up.incident)
            await tx.incidents.tell(incident, at=now, actor=SWITCHBACK, text=text, role=called)
            await self.show(tx, follow_up)
            await self._enqueue(tx, follow_up, delay=AGAIN_AFTER)

    async def show(self, tx: Transaction, follow_up: ScheduledFollowUp) -> None:
        """Bring its message in the incident's channel up to date; the first reminder posts it."""
        if not follow_up.reminded:
            return
        now = self._clock.now()
        incident = await tx.incidents.get(follow_up.incident)
        role = self._role(follow_up)
        members = role.described() if role else "a role that the playbook no longer has"
        facts = FollowUpFacts(follow_up=follow_up, members=members, at=now)
        await tx.outbox.show(channel=incident.channel, subject=follow_up.subject, facts=facts, at=now)

    async def _enqueue(self, tx: Transaction, follow_up: ScheduledFollowUp, *, delay: timedelta) -> None:
        version, number = follow_up.version, follow_up.reminded + 1
        await tx.enqueue(
            "remind",
            job_id=f"remind:{follow_up.id}:{version}:{number}",
            delay=delay,
            follow_up_id=follow_up.id,
            version=version,
            number=number,
        )

    async def _called(self, follow_up: ScheduledFollowUp) -> tuple[str, ...]:
        """The ids that a reminder mentions; none where they cannot be known."""
        role = self._role(follow_up)
        if role is None:
            return ()
        try:
            return (await self._roles.members(role)).called
        except SourceError as error:
            log.warning("follow_up.nobody_called", follow_up=follow_up.id, problem=str(error))
            return ()

    def _role(self, follow_up: ScheduledFollowUp) -> Role | None:
        if follow_up.migration not in self._catalog.migrations:
            return None
        return self._catalog.get(follow_up.migration).playbook.roles.get(follow_up.owner)

    async def _audit(
        self, tx: Transaction, follow_up: ScheduledFollowUp, kind: str, facts: Mapping[str, str | int]
    ) -> None:
        await tx.journal.record(
            at=self._clock.now(),
            actor=SWITCHBACK,
            kind=kind,
            subject=follow_up.subject,
            facts={**facts, "title": follow_up.title, "due": in_utc(follow_up.due)},
        )
