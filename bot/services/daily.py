"""The daily reconciliation: begun once for each day of a schedule, whichever replica looks first.

The row of a day decides: who inserts or changes it begins the reconciliation in the same transaction. So
nothing has to be awake at the moment that a day is due, and nothing is begun twice.
"""

from datetime import datetime, timedelta

import structlog
from pydantic import JsonValue

from bot.domain.calendar import Due, last_due, next_due
from bot.domain.person import SWITCHBACK
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.schedule import Schedule
from bot.domain.summary_day import AHEAD, LATE_AFTER, SummaryDay, SummaryStatus, coming, waits_until
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.looking import look_at_each
from bot.services.reconciliation import ReconciliationService
from bot.services.summaries import TRY_AGAIN_AFTER, SummaryService
from bot.store.store import Store, Transaction

# A reconciliation of a day that has not ended by then was lost with its job, and is begun anew.
LOST_AFTER = timedelta(hours=1)
MOST_LOST = 3

log = structlog.get_logger()


class DailyService:
    """Looks at the clock, and begins what is due."""

    name = "daily"
    every = 5.0

    def __init__(
        self,
        *,
        catalog: Catalog,
        reconciliation: ReconciliationService,
        summaries: SummaryService,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._reconciliation = reconciliation
        self._summaries = summaries
        self._store = store
        self._clock = clock
        self._ids = ids

    async def look(self) -> None:
        """Look once at every migration with a schedule; what cannot be done now is for the next look."""
        await look_at_each(self._catalog, self._look_at, name=self.name)

    async def _look_at(self, loaded: LoadedPlaybook) -> None:
        migration, schedule = loaded.playbook.migration, loaded.playbook.reconcile.schedule
        if schedule is None:
            return
        async with self._store.reading() as tx:
            latest = await tx.summaries.latest(migration)
            still_open = await tx.summaries.open(migration)
        if latest is None:
            await self._begin_with(migration, last_due(schedule, self._clock.now()))
        elif latest.due - self._clock.now() > AHEAD:
            await self._take_back(latest)
        else:
            await self._make(loaded, schedule, latest)
            for day in still_open:
                await self._go_on(schedule, day)

    async def _begin_with(self, migration: str, due: Due) -> None:
        """A schedule that is new makes its first summary when it is due next, not of the days before."""
        day = SummaryDay(migration=migration, day=due.day, due=due.at, status="begun")
        async with self._store.transaction(later=True) as tx:
            if await tx.summaries.add(day):
                await self._audit(tx, day, "summary.begun")

    async def _make(self, loaded: LoadedPlaybook, schedule: Schedule, latest: SummaryDay) -> None:
        now = self._clock.now()
        found = coming(schedule, latest, now)
        if not found.missed and found.make is None:
            return
        async with self._store.transaction(later=True) as tx:
            for due in found.missed:
                await self._add(tx, self._day(loaded, due, status="missed"), "summary.missed")
            if found.make is None:
                return
            day = self._day(loaded, found.make, status="running").model_copy(
                update={
                    "reconciliation": self._ids.new(),
                    "started_at": now,
                    "tries": 1,
                    "late": now - found.make.at > LATE_AFTER,
                    "until": waits_until(loaded.playbook.reconcile, schedule, found.make),
                }
            )
            if await self._add(tx, day, "summary.due"):
                await self._reconciliation.begin_day(tx, day)

    async def _go_on(self, schedule: Schedule, day: SummaryDay) -> None:
        now = self._clock.now()
        if next_due(schedule, day.due).at <= now:
            if day.status == "waiting" or self._is_lost(day):
                async with self._store.transaction(later=True) as tx:
                    await self._summaries.miss(tx, day, why="the next day was due before it was done")
        elif day.status == "waiting":
            if self._is_time(day.next_try):
                await self._again(day, lost=day.lost)
        elif day.status == "running" and self._is_lost(day):
            if day.lost + 1 < MOST_LOST:
                await self._again(day, lost=day.lost + 1)
            else:
                async with self._store.transaction(later=True) as tx:
                    await self._summaries.give_up(tx, day)

    async def _again(self, day: SummaryDay, *, lost: int) -> None:
        """Reconcile anew for a day; one that still goes on is for nothing then."""
        after = day.model_copy(
            update={
                "status": "running",
                "reconciliation": self._ids.new(),
                "started_at": self._clock.now(),
                "tries": day.tries + 1,
                "lost": lost,
            }
        )
        async with self._store.transaction(later=True) as tx:
            if await tx.summaries.change(day, after):
                await self._audit(tx, after, "summary.tried_again", tries=after.tries, lost=lost)
                await self._reconciliation.begin_day(tx, after)

    async def _take_back(self, day: SummaryDay) -> None:
        """A day that is yet to come was due by a clock that was wrong: it is made again when it is due."""
        log.warning("daily.of_a_day_to_come", migration=day.migration, day=str(day.day))
        async with self._store.transaction(later=True) as tx:
            if await tx.summaries.remove(day):
                await self._audit(tx, day, "summary.taken_back", was=day.status)

    def _is_time(self, next_try: datetime | None) -> bool:
        """Whether a next try is due; one that is far away was planned before the clock was set back."""
        return next_try is None or not timedelta() < next_try - self._clock.now() <= TRY_AGAIN_AFTER

    def _is_lost(self, day: SummaryDay) -> bool:
        return day.started_at is not None and self._clock.now() - day.started_at > LOST_AFTER

    def _day(self, loaded: LoadedPlaybook, due: Due, *, status: SummaryStatus) -> SummaryDay:
        return SummaryDay(migration=loaded.playbook.migration, day=due.day, due=due.at, status=status)

    async def _add(self, tx: Transaction, day: SummaryDay, kind: str) -> bool:
        if not await tx.summaries.add(day):
            return False
        await self._audit(tx, day, kind)
        return True

    async def _audit(self, tx: Transaction, day: SummaryDay, kind: str, **facts: JsonValue) -> None:
        await tx.journal.record(
            at=self._clock.now(),
            actor=SWITCHBACK,
            kind=kind,
            subject=day.subject,
            facts={"due": day.due.isoformat(), "reconciliation": day.reconciliation, **facts},
        )
