"""The weekly review of gates: begun once for each week, whichever replica looks first, until legacy is gone.

The row of a week decides: who inserts it enqueues the review in the same transaction. So nothing has to be
awake at the moment that it is due, and nothing is told twice.
"""

from datetime import date

import structlog
from pydantic import JsonValue

from bot.domain.calendar import Due, last_weekly
from bot.domain.errors import UnknownNameError
from bot.domain.gates.review import GateReview
from bot.domain.person import SWITCHBACK
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.summary_day import AHEAD
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.gate_agenda import agenda
from bot.services.gate_telling import GateTelling
from bot.services.gates import GateService
from bot.services.looking import look_at_each
from bot.services.phases import present
from bot.store.store import Store, Transaction

log = structlog.get_logger()


class GateReviewService:
    """Looks at the clock, and has reviewed what is due."""

    name = "gate_reviews"
    every = 15.0

    def __init__(
        self, *, catalog: Catalog, gates: GateService, telling: GateTelling, store: Store, clock: Clock
    ) -> None:
        self._catalog = catalog
        self._gates = gates
        self._telling = telling
        self._store = store
        self._clock = clock

    async def look(self) -> None:
        """Look once at every migration with a review; what cannot be done now is for the next look."""
        await look_at_each(self._catalog, self._look_at, name=self.name)

    async def review(self, migration: str, day: str) -> None:
        """The durable job `review_gates`. Run again after a crash, it tells nothing twice."""
        week = date.fromisoformat(day)
        async with self._store.reading() as tx:
            before = await tx.gate_reviews.get(migration, week)
        if before is None or before.told_at is not None:
            return
        try:
            loaded = self._catalog.get(migration)
            made = await self._gates.evaluation(migration, cause="weekly review")
        except UnknownNameError as error:
            log.warning("gate_reviews.given_up", migration=migration, problem=str(error))
            return
        now = self._clock.now()
        told = before.model_copy(update={"evaluation": made.id, "told_at": now})
        async with self._store.transaction(later=True) as tx:
            if await tx.gate_reviews.tell(before, told):
                await self._telling.review(tx, told, made, await agenda(tx, loaded.playbook, now))
                await self._audit(tx, told, "gates.reviewed", evaluation=made.id)

    async def _look_at(self, loaded: LoadedPlaybook) -> None:
        playbook, declared = loaded.playbook, loaded.playbook.gate_review
        if declared is None or not playbook.gates:
            return
        now, migration = self._clock.now(), playbook.migration
        due = last_weekly(declared.on, declared.at, zone=declared.zone, at=now)
        async with self._store.reading() as tx:
            latest = await tx.gate_reviews.latest(migration)
            phase = (await present(tx, playbook)).current_phase
        if phase.kind == "decommissioned":
            return
        if latest is None:
            await self._begin_with(migration, due)
        elif latest.due - now > AHEAD:
            await self._take_back(latest)
        elif latest.day < due.day:
            await self._make(migration, due)

    async def _begin_with(self, migration: str, due: Due) -> None:
        """A review that is new is made when it is due next, not for the week before."""
        week = GateReview(migration=migration, day=due.day, due=due.at, told_at=self._clock.now())
        async with self._store.transaction(later=True) as tx:
            if await tx.gate_reviews.add(week):
                await self._audit(tx, week, "gates.review_begun")

    async def _make(self, migration: str, due: Due) -> None:
        week = GateReview(migration=migration, day=due.day, due=due.at)
        async with self._store.transaction(later=True) as tx:
            if await tx.gate_reviews.add(week):
                await self._audit(tx, week, "gates.review_due")
                await tx.enqueue(
                    "review_gates", job_id=week.subject, migration=migration, day=week.day.isoformat()
                )

    async def _take_back(self, week: GateReview) -> None:
        """A week that is yet to come was due by a clock that was wrong."""
        log.warning("gate_reviews.of_a_week_to_come", migration=week.migration, day=str(week.day))
        async with self._store.transaction(later=True) as tx:
            if await tx.gate_reviews.remove(week):
                await self._audit(tx, week, "gates.review_taken_back")

    async def _audit(self, tx: Transaction, week: GateReview, kind: str, **facts: JsonValue) -> None:
        await tx.journal.record(
            at=self._clock.now(),
            actor=SWITCHBACK,
            kind=kind,
            subject=week.subject,
            facts={"due": week.due.isoformat(), **facts},
        )
