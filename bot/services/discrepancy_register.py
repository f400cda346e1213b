"""Carries the register of discrepancies from one reconciliation to the next, in its transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from bot.domain.carrying_over import Change, Looked, carried_over, passed_time
from bot.domain.check_result import CheckResult
from bot.domain.cleanness import Cleanness, cleanness
from bot.domain.messages.discrepancies import CheckRegister, check_registers, what_became
from bot.domain.messages.facts import Plain
from bot.domain.person import SWITCHBACK
from bot.domain.playbook.document import Playbook
from bot.domain.sighting import RowSeen, sighting
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.store.discrepancies import Note
from bot.store.reconciliations import Reconciliation
from bot.store.store import Transaction


@dataclass(frozen=True)
class Registered:
    """What a reconciliation did to the register, and how clean each of its checks is with it."""

    changes: tuple[Change, ...]
    cleanness: Mapping[str, Cleanness]


class DiscrepancyRegister:
    """Applies what a reconciliation found to the entries of its checks."""

    def __init__(self, *, catalog: Catalog, clock: Clock, ids: Ids) -> None:
        self._catalog = catalog
        self._clock = clock
        self._ids = ids

    def today(self, migration: str) -> date:
        """The migration's day now: that of its schedule's zone, or of UTC."""
        return local_day(self._catalog.get(migration).playbook, self._clock.now())

    async def reconciled(
        self,
        tx: Transaction,
        reconciliation: Reconciliation,
        *,
        rows: Mapping[str, Sequence[RowSeen]] | None = None,
    ) -> Registered:
        """Carry over what a finished reconciliation found; to be called once, in the transaction of its end.

        `rows` are those that differ, by check, in the order of their keys. Without them they are read from
        `row_differences`, where they have to be before; of very many that takes a second or two. What came
        back, is open again or is fixed, is told in the thread of the reconciliation's message.
        """
        if reconciliation.reconciled is None:
            return Registered((), {})
        playbook = self._catalog.get(reconciliation.migration).playbook
        at = reconciliation.ended_at or self._clock.now()
        looked = Looked(
            reconciliation.id, playbook.migration, reconciliation.started_at, at, local_day(playbook, at)
        )
        results = reconciliation.reconciled.results
        changes: list[Change] = []
        for result in results:
            changes += await self._carry_over(tx, result, looked, rows)
        await self._keep(tx, changes, looked)
        titles = {result.check: result.title for result in results}
        if reconciliation.channel and (told := what_became(changes, titles)):
            subject = f"reconciliation:{reconciliation.id}"
            await tx.outbox.say(
                channel=reconciliation.channel, subject=subject, facts=Plain(text=told), at=at, thread=subject
            )
        return Registered(tuple(changes), await self.cleanness(tx, playbook, results, looked.day))

    async def cleanness(
        self, tx: Transaction, playbook: Playbook, results: Sequence[CheckResult], day: date
    ) -> Mapping[str, Cleanness]:
        """How clean each of these results is on a day, with the register as it is now."""
        known = await tx.discrepancies.listed(playbook.migration)
        explained = playbook.reconcile.explained_is_clean
        return {
            result.check: cleanness(result, known, explained_is_clean=explained, day=day)
            for result in results
        }

    async def registers(self, tx: Transaction, migration: str) -> tuple[CheckRegister, ...]:
        """The entries of each check that are present, as a message tells of them."""
        return check_registers(await tx.discrepancies.listed(migration), self.today(migration))

    async def _carry_over(
        self,
        tx: Transaction,
        result: CheckResult,
        looked: Looked,
        given: Mapping[str, Sequence[RowSeen]] | None,
    ) -> list[Change]:
        known = await tx.discrepancies.held_of(looked.migration, [result.check])
        rows: Sequence[RowSeen] = ()
        if given is not None:
            rows = given.get(result.check, ())
        elif result.rows is not None and result.rows.total:
            rows = await tx.discrepancies.rows_seen(looked.reconciliation, result.check)
        # With a hundred thousand rows this takes long enough for a press to wait for it.
        found = await asyncio.to_thread(sighting, result, rows)
        if found is None:
            return list(passed_time(known, looked))
        # What is there again beyond the bound, or as one entry that counts, may have been there before.
        names = ["", *(seen.name for seen in found.seen)]
        fixed = await tx.discrepancies.held_fixed(looked.migration, result.check, names)
        changes = await asyncio.to_thread(carried_over, (*known, *fixed), found, looked)
        return [change if change.before else self._named(change) for change in changes]

    def _named(self, change: Change) -> Change:
        """A new entry with its id."""
        return replace(change, after=change.after.model_copy(update={"id": self._ids.new()}))

    async def _keep(self, tx: Transaction, changes: Sequence[Change], looked: Looked) -> None:
        await tx.discrepancies.add([change.after for change in changes if change.before is None])
        await tx.discrepancies.write([change.after for change in changes if change.before is not None])
        told = [change for change in changes if change.kind not in ("new", "seen")]
        await tx.discrepancies.note([_note(change, looked.at) for change in told])
        by_kind: dict[str, list[JsonValue]] = {}
        for change in changes:
            if change.kind != "seen":
                by_kind.setdefault(change.kind, []).append(change.after.id)
        if by_kind:
            await tx.journal.record(
                at=looked.at,
                actor=SWITCHBACK,
                kind="discrepancies.carried_over",
                subject=f"reconciliation:{looked.reconciliation}",
                facts={**by_kind},
            )


def local_day(playbook: Playbook, at: datetime) -> date:
    """The date of a moment where the playbook's schedule is; UTC without one."""
    schedule = playbook.reconcile.schedule
    return at.astimezone(ZoneInfo(schedule.zone if schedule else "UTC")).date()


def _note(change: Change, at: datetime) -> Note:
    return Note(change.after.id, at, SWITCHBACK.name, change.kind, change.after.change)
