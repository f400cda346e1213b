"""Reconciling: asked for by a person, run as a durable job, told in the channel."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.errors import SupersededError
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.summary_day import SummaryDay
from bot.ports.clock import Clock, Ids
from bot.ports.reconciler import Reconciler, Unwatched
from bot.services.catalog import Catalog
from bot.services.discrepancy_register import DiscrepancyRegister
from bot.services.permissions import Permissions
from bot.services.reconciliation_display import ReconciliationDisplay
from bot.services.summaries import SummaryService
from bot.services.summary_facts import Gathered
from bot.store.reconciliations import Reconciliation
from bot.store.store import Store, Transaction

# A reconciliation that has not ended by then never will: its bot is gone for good.
GIVEN_UP_AFTER = timedelta(minutes=30)


class _Shown(Unwatched):
    """Shows how many checks are done."""

    def __init__(self, show: Callable[[int], Awaitable[None]]) -> None:
        super().__init__()
        self._show = show

    async def checked(self, done: int, total: int, result: CheckResult) -> None:  # noqa: ARG002
        """Show it."""
        await self._show(done)


class ReconciliationService:
    """Runs the checks of a migration and keeps what they found."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        store: Store,
        reconciler: Reconciler,
        register: DiscrepancyRegister,
        display: ReconciliationDisplay,
        summaries: SummaryService,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._store = store
        self._reconciler = reconciler
        self._register = register
        self._display = display
        self._summaries = summaries
        self._clock = clock
        self._ids = ids

    async def request(
        self, migration: str, *, channel: str | None, actor: Actor, summary: bool = False
    ) -> Reconciliation:
        """Ask for a reconciliation; the result comes to `channel`, or to the playbook's summaries.

        With `summary` it is told as a day's summary is; it does not count as the day's.

        Raises UnknownNameError, NotAllowedError, and SupersededError while one is running.
        """
        loaded = self._catalog.get(migration)
        await self._permissions.may_reconcile(loaded.playbook, actor)
        told = channel or loaded.playbook.channels.summaries
        async with self._store.transaction() as tx:
            await tx.reconciliations.abandon(migration, started_before=self._clock.now() - GIVEN_UP_AFTER)
            day = self._register.today(migration).isoformat() if summary else None
            asked = await self._start(tx, migration, channel=told, actor=actor, day=day)
            if asked is None:
                running = await tx.reconciliations.running(migration)
                who = running.asked_by.name if running else "Somebody"
                raise SupersededError(
                    f"{who} asked for a reconciliation of {migration} already; it is running"
                )
            await tx.enqueue("reconcile", job_id=f"reconcile:{asked.id}", reconciliation_id=asked.id)
        return asked

    async def begin_day(self, tx: Transaction, day: SummaryDay) -> None:
        """Begin the reconciliation that a day names; its summary alone is posted."""
        await self._start(
            tx,
            day.migration,
            channel="",
            actor=SWITCHBACK,
            day=day.day.isoformat(),
            reconciliation_id=day.reconciliation,
        )
        await tx.enqueue(
            "reconcile", job_id=f"reconcile:{day.reconciliation}", reconciliation_id=day.reconciliation
        )

    async def run_now(self, migration: str, *, actor: Actor) -> Reconciliation:
        """Reconcile here and now, for the terminal; nothing is posted."""
        loaded = self._catalog.get(migration)
        async with self._store.transaction() as tx:
            asked = await self._start(tx, migration, channel="", actor=actor)
        if asked is None:
            raise SupersededError(f"A reconciliation of {migration} is running already")
        reconciled = await self._reconciler.run(loaded)
        async with self._store.transaction() as tx:
            await self._finish(tx, asked, reconciled, Gathered())
            return await tx.reconciliations.get(asked.id)

    async def perform(self, reconciliation_id: str) -> None:
        """The durable job `reconcile`. Run again after a crash it compares again; reading is harmless."""
        async with self._store.reading() as tx:
            asked = await tx.reconciliations.get(reconciliation_id)
        if asked.status == "done":
            return

        async def show(done: int) -> None:
            async with self._store.transaction() as tx:
                await self._display.show(tx, asked, done=done)

        watch = _Shown(show)
        reconciled = await self._reconciler.run(self._catalog.get(asked.migration), watch=watch)
        gathered = await self._summaries.gather(asked, reconciled)
        async with self._store.transaction() as tx:
            await self._finish(tx, asked, reconciled, gathered)

    async def _start(
        self,
        tx: Transaction,
        migration: str,
        *,
        channel: str,
        actor: Actor,
        day: str | None = None,
        reconciliation_id: str | None = None,
    ) -> Reconciliation | None:
        asked = Reconciliation(
            id=reconciliation_id or self._ids.new(),
            migration=migration,
            channel=channel,
            asked_by=actor,
            status="running",
            started_at=self._clock.now(),
            playbook_digest=self._catalog.get(migration).digest,
            day=day,
        )
        if not await tx.reconciliations.add(asked):
            return None
        await tx.journal.record(
            at=asked.started_at,
            actor=actor,
            kind="reconciliation.asked",
            subject=f"reconciliation:{asked.id}",
            facts={"migration": migration, "playbook": asked.playbook_digest},
        )
        await self._display.show(tx, asked, done=0)
        return asked

    async def _finish(
        self, tx: Transaction, asked: Reconciliation, reconciled: Reconciled, gathered: Gathered
    ) -> None:
        now = self._clock.now()
        if not await tx.reconciliations.finish(asked.id, reconciled=reconciled, at=now):
            return
        await tx.journal.record(
            at=now,
            actor=SWITCHBACK,
            kind="reconciliation.done",
            subject=f"reconciliation:{asked.id}",
            facts={"results": {result.check: result.status for result in reconciled.results}},
        )
        finished = await tx.reconciliations.get(asked.id)
        await self._register.reconciled(tx, finished)
        await self._summaries.ended(tx, finished, gathered)
        if finished.day is None:
            await self._display.show(tx, finished, done=len(reconciled.results))
