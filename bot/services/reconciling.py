"""Doing a reconciliation: as a durable job, or here and now for the terminal."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.domain.check_result import Reconciled
from bot.domain.errors import CalledOffError, SupersededError, UnknownNameError
from bot.domain.person import Actor
from bot.domain.sighting import RowSeen
from bot.ports.clock import Clock
from bot.ports.reconciler import Reconciler
from bot.services.catalog import Catalog
from bot.services.differing_rows import DifferingRows
from bot.services.discrepancy_register import DiscrepancyRegister
from bot.services.reconciliation import scope_of
from bot.services.reconciliation_display import ReconciliationDisplay
from bot.services.reconciliation_following import Follow, ReconciliationFollowing
from bot.services.reconciliation_records import ReconciliationRecords
from bot.services.reconciliation_watch import ReconciliationWatch
from bot.services.row_retention import RowRetention
from bot.services.summaries import SummaryService
from bot.services.summary_facts import Gathered
from bot.store.reconciliations import Reconciliation
from bot.store.store import Store, Transaction

log = structlog.get_logger()


@dataclass(frozen=True)
class Afterwards:
    """What follows from the end of a reconciliation, in its transaction and in this order.

    Each is called once, by `Reconciling._finish`, with the rows that differ kept already.
    """

    register: DiscrepancyRegister
    summaries: SummaryService
    rows: DifferingRows
    display: ReconciliationDisplay


class Reconciling:
    """Runs the checks of a migration and keeps what they found."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        store: Store,
        reconciler: Reconciler,
        records: ReconciliationRecords,
        afterwards: Afterwards,
        following: ReconciliationFollowing,
        retention: RowRetention,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._store = store
        self._reconciler = reconciler
        self._records = records
        self._afterwards = afterwards
        self._following = following
        self._retention = retention
        self._clock = clock

    async def perform(self, reconciliation_id: str) -> None:
        """The durable job `reconcile`. Run again after a crash it compares again; reading is harmless."""
        async with self._store.reading() as tx:
            asked = await tx.reconciliations.get(reconciliation_id)
        if asked.status == "done":
            return
        # What a process has kept that died, or that did not see in time that it was called off.
        await self._retention.forget(asked.id)
        if asked.status != "running":
            return
        try:
            await self._do(asked)
        except UnknownNameError as error:
            log.warning("reconciliation.given_up", reconciliation=asked.id, problem=str(error))
            async with self._store.transaction() as tx:
                await self._records.give_up(tx, asked.id, why=str(error))

    async def run_now(
        self,
        migration: str,
        *,
        actor: Actor,
        checks: Sequence[str] = (),
        rows: bool = False,
        cancelled: asyncio.Event | None = None,
        follow: Follow | None = None,
    ) -> Reconciliation:
        """Reconcile here and now, for the terminal; nothing is posted. `follow` is told how far it is.

        Raises UnknownNameError, RefusedError for `rows` of checks that compare none, and CalledOffError when
        `cancelled` was set before it was done.
        """
        scope = scope_of(self._catalog.get(migration).playbook, checks, rows=rows)
        async with self._store.transaction() as tx:
            await self._records.give_up_lost(tx, migration)
            asked = await self._records.begin(tx, migration, channel="", actor=actor, scope=scope)
        if asked is None:
            raise SupersededError(f"A reconciliation of {migration} is running already")
        finished = await self._do(asked, cancelled=cancelled, follow=follow)
        if finished is not None:
            return finished
        async with self._store.transaction() as tx:
            if await tx.reconciliations.runs(asked.id):
                await self._records.cancel(tx, asked.id, actor)
        raise CalledOffError(
            f"The reconciliation of {migration} was called off", do="Nothing that it found was kept"
        )

    async def _do(
        self,
        asked: Reconciliation,
        *,
        cancelled: asyncio.Event | None = None,
        follow: Follow | None = None,
    ) -> Reconciliation | None:
        """Compare and keep what was found; None when it was called off before."""
        loaded = self._catalog.get(asked.migration)
        only = None if asked.scope is None else frozenset(asked.scope)
        titles = {
            check.id: check.title
            for check in loaded.playbook.reconcile.checks
            if only is None or check.id in only
        }
        watch = ReconciliationWatch(
            reconciliation=asked.id,
            titles=titles,
            store=self._store,
            clock=self._clock,
            rows_before=await self._rows_before(asked.migration),
            cancelled=cancelled,
        )
        finished = None
        try:
            async with self._following.following(asked, watch, follow):
                reconciled = await self._reconciler.run(loaded, only=only, watch=watch)
            gathered = await self._afterwards.summaries.gather(asked, reconciled)
            async with self._store.transaction() as tx:
                finished = await self._finish(tx, asked, reconciled, gathered, seen=watch.seen)
        except CalledOffError:
            log.info("reconciliation.called_off", reconciliation=asked.id)
        if finished is None:
            await self._retention.forget(asked.id)
            return None
        await self._retention.forget_outdated()
        return finished

    async def _rows_before(self, migration: str) -> dict[str, int]:
        async with self._store.reading() as tx:
            latest = await tx.reconciliations.latest(migration)
        results = latest.reconciled.results if latest and latest.reconciled else ()
        return {one.check: one.rows.legacy + one.rows.new for one in results if one.rows is not None}

    async def _finish(
        self,
        tx: Transaction,
        asked: Reconciliation,
        reconciled: Reconciled,
        gathered: Gathered,
        *,
        seen: Mapping[str, Sequence[RowSeen]],
    ) -> Reconciliation | None:
        finished = await self._records.finish(tx, asked, reconciled)
        if finished is None:
            return None
        after = self._afterwards
        await after.register.reconciled(tx, finished, rows=seen)
        await after.summaries.ended(tx, finished, gathered)
        await after.rows.finished(tx, finished)
        if finished.day is None:
            await after.display.show(tx, finished, done=len(reconciled.results))
        return finished
