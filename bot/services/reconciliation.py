"""Asking for a reconciliation, and calling it off."""

from collections.abc import Sequence

from bot.domain.errors import RefusedError, SupersededError, UnknownNameError
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.playbook.document import Playbook
from bot.domain.summary_day import SummaryDay
from bot.services.catalog import Catalog
from bot.services.discrepancy_register import DiscrepancyRegister
from bot.services.permissions import Permissions
from bot.services.reconciliation_records import ReconciliationRecords
from bot.store.reconciliations import Reconciliation
from bot.store.store import Store, Transaction


class ReconciliationService:
    """Takes requests for reconciliations; durable jobs do them (bot/services/reconciling.py)."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        store: Store,
        records: ReconciliationRecords,
        register: DiscrepancyRegister,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._store = store
        self._records = records
        self._register = register

    async def request(
        self,
        migration: str,
        *,
        channel: str | None,
        actor: Actor,
        checks: Sequence[str] = (),
        rows: bool = False,
        summary: bool = False,
    ) -> Reconciliation:
        """Ask for a reconciliation of all checks, or of these; `rows` has the rows that differ told with it.

        The result comes to `channel`, or to the playbook's summaries. With `summary` it is told as a day's
        summary is; it does not count as the day's. One is done at a time for a migration, be it whole or a
        part: both read the same two systems. Raises UnknownNameError, NotAllowedError, RefusedError, and
        SupersededError while one is running.
        """
        playbook = self._catalog.get(migration).playbook
        await self._permissions.may_reconcile(playbook, actor)
        scope = scope_of(playbook, checks, rows=rows)
        if summary and (scope is not None or rows):
            raise RefusedError("A summary is of all checks, and without rows", do="Ask for one of both")
        told = channel or playbook.channels.summaries
        async with self._store.transaction() as tx:
            await self._records.give_up_lost(tx, migration)
            day = self._register.today(migration).isoformat() if summary else None
            asked = await self._records.begin(
                tx, migration, channel=told, actor=actor, scope=scope, show_rows=rows, day=day
            )
            if asked is None:
                raise SupersededError(_running(migration, await tx.reconciliations.running(migration)))
            await _enqueue(tx, asked.id)
        return asked

    async def begin_day(self, tx: Transaction, day: SummaryDay) -> None:
        """Begin the reconciliation that a day names; its summary alone is posted."""
        await self._records.begin(
            tx,
            day.migration,
            channel="",
            actor=SWITCHBACK,
            day=day.day.isoformat(),
            reconciliation_id=day.reconciliation,
        )
        await _enqueue(tx, day.reconciliation)

    async def cancel(self, reconciliation_id: str, *, actor: Actor) -> Reconciliation:
        """Call one off, for anybody who may ask for one. Whoever does it notices within about a second.

        Raises NotAllowedError, and SupersededError when it had ended already.
        """
        async with self._store.reading() as tx:
            asked = await tx.reconciliations.get(reconciliation_id)
        await self._permissions.may_reconcile(self._catalog.get(asked.migration).playbook, actor)
        async with self._store.transaction() as tx:
            return await self._records.cancel(tx, reconciliation_id, actor)


def scope_of(playbook: Playbook, checks: Sequence[str], *, rows: bool = False) -> tuple[str, ...] | None:
    """The checks of a part in the playbook's order; None for all of them, however they were named.

    Raises UnknownNameError with the nearest check, and RefusedError for rows of checks that have none.
    """
    declared = playbook.reconcile.checks
    known = [check.id for check in declared]
    for name in checks:
        if name not in known:
            raise UnknownNameError("check", name, known)
    scope = tuple(check.id for check in declared if not checks or check.id in checks)
    comparing = [check.id for check in declared if check.rows is not None]
    if rows and not set(scope) & set(comparing):
        named = f"{', '.join(scope)} compares no rows" if checks else "No check compares rows"
        raise RefusedError(named, do=f"Checks that do: {', '.join(comparing) or 'none'}")
    return None if len(scope) == len(declared) else scope


async def _enqueue(tx: Transaction, reconciliation_id: str | None) -> None:
    await tx.enqueue(
        "reconcile", job_id=f"reconcile:{reconciliation_id}", reconciliation_id=reconciliation_id
    )


def _running(migration: str, running: Reconciliation | None) -> str:
    who = running.asked_by.name if running else "Somebody"
    part = f" ({', '.join(running.scope)})" if running and running.scope else ""
    return f"{who} asked for a reconciliation of {migration}{part} already; it is running"
