"""Reconciling: asked for by a person, run as a durable job, told in the channel."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.errors import SupersededError
from bot.domain.person import SWITCHBACK, Actor
from bot.ports.clock import Clock, Ids
from bot.ports.reconciler import Reconciler, Unwatched
from bot.services.catalog import Catalog
from bot.services.discrepancy_register import DiscrepancyRegister
from bot.services.permissions import Permissions
from bot.services.reconciliation_display import ReconciliationDisplay
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
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._store = store
        self._reconciler = reconciler
        self._register = register
        self._display = display
        self._clock = clock
        self._ids = ids

    async def request(self, migration: str, *, channel: str | None, actor: Actor) -> Reconciliation:
        """Ask for a reconciliation; the result comes to `channel`, or to the playbook's summaries.

        Raises UnknownNameError, NotAllowedError, and SupersededError while one is running.
        """
        loaded = self._catalog.get(migration)
        await self._permissions.may_reconcile(loaded.playbook, actor)
        told = channel or loaded.playbook.channels.summaries
        async with self._store.transaction() as tx:
            await tx.reconciliations.abandon(migration, started_before=self._clock.now() - GIVEN_UP_AFTER)
            asked = await self._start(tx, migration, channel=told, actor=actor)
            if asked is None:
                running = await tx.reconciliations.running(migration)
                who = running.asked_by.name if running else "Somebody"
                raise SupersededError(
                    f"{who} asked for a reconciliation of {migration} already; it is running"
                )
            await tx.enqueue("reconcile", job_id=f"reconcile:{asked.id}", reconciliation_id=asked.id)
        return asked

    async def run_now(self, migration: str, *, actor: Actor) -> Reconciliation:
        """Reconcile here and now, for the terminal; nothing is posted."""
        loaded = self._catalog.get(migration)
        async with self._store.transaction() as tx:
            asked = await self._start(tx, migration, channel="", actor=actor)
        if asked is None:
            raise SupersededError(f"A reconciliation of {migration} is running already")
        reconciled = await self._reconciler.run(loaded)
        async with self._store.transaction() as tx:
            await self._finish(tx, asked, reconciled)
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
        async with self._store.transaction() as tx:
            await self._finish(tx, asked, reconciled)

    async def _start(
        self, tx: Transaction, migration: str, *, channel: str, actor: Actor
    ) -> Reconciliation | None:
        asked = Reconciliation(
            id=self._ids.new(),
            migration=migration,
            channel=channel,
            asked_by=actor,
            status="running",
            started_at=self._clock.now(),
            playbook_digest=self._catalog.get(migration).digest,
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

    async def _finish(self, tx: Transaction, asked: Reconciliation, reconciled: Reconciled) -> None:
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
        await self._display.show(tx, finished, done=len(reconciled.results))
