"""Moves of a migration to another phase: written once, told everywhere, and what their time brings."""

from datetime import datetime, timedelta

import structlog

from bot.domain.errors import SourceError, UnknownNameError
from bot.domain.messages.facts import Plain
from bot.domain.messages.timeline import TimelineEntry, TimelineFacts, in_utc
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.phase_move import PhaseMove
from bot.domain.phase_ways import ends_at, phase_of
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.phases import Phase, RollbackRight
from bot.ports.clock import Clock
from bot.ports.roles import RoleDirectory
from bot.services.catalog import Catalog
from bot.store.store import Store, Transaction

JOB = "phase_ends"
DAYS_BEFORE = (7, 3, 1)

log = structlog.get_logger()


class PhaseMoving:
    """Moves migrations, and reminds people before the way back ends."""

    def __init__(self, *, catalog: Catalog, roles: RoleDirectory, store: Store, clock: Clock) -> None:
        self._catalog = catalog
        self._roles = roles
        self._store = store
        self._clock = clock

    async def move(
        self, tx: Transaction, playbook: Playbook, to: Phase, *, by: Actor, reason: str, cause: str
    ) -> PhaseMove | None:
        """Move it, and tell everybody; None when it is there already, or somebody moves it at this moment."""
        now = self._clock.now()
        latest = await tx.phases.latest(playbook.migration)
        came_from = latest.phase if latest else playbook.phase
        move = PhaseMove(
            migration=playbook.migration,
            number=latest.number + 1 if latest else 1,
            phase=to.id,
            since=now,
            by=by,
            reason=reason,
            cause=cause,
        )
        if came_from == to.id or not await tx.phases.add(move):
            return None
        await tx.journal.record(
            at=now,
            actor=by,
            kind="phase.moved",
            subject=f"migration:{playbook.migration}",
            facts={"from": came_from, "to": to.id, "number": move.number, "reason": reason, "cause": cause},
        )
        await self._tell(tx, playbook, move, to)
        await self._remind_later(tx, playbook, move)
        return move

    async def remind(self, migration: str, number: int, days: int) -> None:
        """The durable job `phase_ends`: tell who may roll back that this ends, so many days before.

        Does nothing in another phase; where the phase was extended it comes again later.
        """
        try:
            playbook = self._catalog.get(migration).playbook
        except UnknownNameError:
            return
        async with self._store.reading() as tx:
            move = await tx.phases.latest(migration)
        phase = phase_of(playbook, move.phase) if move else None
        ends = ends_at(playbook, move) if move else None
        if move is None or move.number != number or phase is None or ends is None:
            return
        called = await self._called(playbook, phase)
        now = self._clock.now()
        async with self._store.transaction(later=True) as tx:
            latest = await tx.phases.latest(migration)
            if latest is None or latest.number != number:
                return
            due = ends - timedelta(days=days)
            if due > now:
                await self._enqueue(tx, move, days, due)
                return
            subject = f"phase:{migration}:{number}:{ends:%Y-%m-%d}"
            if await tx.reminders.give(subject, days, at=now):
                await self._tell_end(tx, playbook, phase, ends, called)

    async def _tell(self, tx: Transaction, playbook: Playbook, move: PhaseMove, to: Phase) -> None:
        ends = ends_at(playbook, move)
        until = f", until {in_utc(ends)}" if ends else ""
        lines = [f"➡️ {playbook.title} is in phase “{to.named}” now{until}: {move.reason}"]
        lines += [f"Allowed: {'; '.join(to.allows)}"] if to.allows else []
        lines.append(f"Rollback: {rollback_needs(to)}")
        channels = playbook.channels
        for channel in sorted({channels.approvals, channels.incidents, channels.summaries}):
            await tx.outbox.say(
                channel=channel,
                subject=f"phase:{playbook.migration}:{move.number}",
                facts=Plain(text="\n".join(lines)),
                at=move.since,
            )

    async def _remind_later(self, tx: Transaction, playbook: Playbook, move: PhaseMove) -> None:
        phase, ends = phase_of(playbook, move.phase), ends_at(playbook, move)
        if phase is None or phase.kind != "grace" or ends is None:
            return
        for days in DAYS_BEFORE:
            due = ends - timedelta(days=days)
            if due > move.since:
                await self._enqueue(tx, move, days, due)

    async def _enqueue(self, tx: Transaction, move: PhaseMove, days: int, due: datetime) -> None:
        await tx.enqueue(
            JOB,
            job_id=f"{JOB}:{move.migration}:{move.number}:{days}:{due:%Y-%m-%d}",
            delay=max(due - self._clock.now(), timedelta()),
            migration=move.migration,
            number=move.number,
            days=days,
        )

    async def _tell_end(
        self, tx: Transaction, playbook: Playbook, phase: Phase, ends: datetime, called: tuple[str, ...]
    ) -> None:
        now = self._clock.now()
        days = max((ends - now + timedelta(hours=12)) // timedelta(days=1), 0)
        left = "1 day" if days == 1 else f"{days} days"
        text = (
            f"⏳ {playbook.title} can be rolled back for {left} more: “{phase.named}” ends {in_utc(ends)}. "
            f"A rollback takes {rollback_needs(phase)}"
        )
        entry = TimelineEntry(at=now, actor=SWITCHBACK.name, text=text, role=called)
        subject = f"phase-ends:{playbook.migration}:{ends:%Y-%m-%d}"
        await tx.outbox.say(
            channel=playbook.channels.approvals,
            subject=subject,
            facts=TimelineFacts(entries=(entry,)),
            at=now,
        )
        await tx.journal.record(
            at=now,
            actor=SWITCHBACK,
            kind="phase.end_reminded",
            subject=f"migration:{playbook.migration}",
            facts={"phase": phase.id, "ends": in_utc(ends), "days": days},
        )

    async def _called(self, playbook: Playbook, phase: Phase) -> tuple[str, ...]:
        right = phase.rollback
        role = playbook.roles.get(right.role) if isinstance(right, RollbackRight) else None
        if role is None:
            return ()
        try:
            return (await self._roles.members(role)).called
        except SourceError as error:
            log.warning("phase.nobody_called", migration=playbook.migration, problem=str(error))
            return ()


def rollback_needs(phase: Phase) -> str:
    """What a rollback in a phase takes, in words; why there is none."""
    right = phase.rollback
    if not isinstance(right, RollbackRight):
        return "never, its legacy system is gone" if phase.kind == "decommissioned" else "never in this phase"
    code = ", each with a code" if right.second_factor else ""
    if not right.quorum:
        return f"one person who is {right.role}"
    others = "1 other person" if right.quorum == 1 else f"{right.quorum} other people"
    return f"one who is {right.role} and the approval of {others} of that role{code}"
