"""What becomes of a reconciliation: each change decided by one write, audited, and shown."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from pydantic import JsonValue

from bot.domain.check_result import Reconciled
from bot.domain.errors import SupersededError
from bot.domain.person import SWITCHBACK, Actor
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.reconciliation_display import ReconciliationDisplay
from bot.store.reconciliations import Reconciliation
from bot.store.store import Transaction

# A reconciliation of which nobody has heard for so long never ends: its bot is gone for good.
GIVEN_UP_AFTER = timedelta(minutes=30)


class ReconciliationRecords:
    """Writes into the transaction of what happened."""

    def __init__(self, *, catalog: Catalog, display: ReconciliationDisplay, clock: Clock, ids: Ids) -> None:
        self._catalog = catalog
        self._display = display
        self._clock = clock
        self._ids = ids

    async def begin(
        self,
        tx: Transaction,
        migration: str,
        *,
        channel: str,
        actor: Actor,
        scope: Sequence[str] | None = None,
        show_rows: bool = False,
        day: str | None = None,
        reconciliation_id: str | None = None,
    ) -> Reconciliation | None:
        """Note that one was asked for; None while another one goes on that was asked for in Slack."""
        asked = Reconciliation(
            id=reconciliation_id or self._ids.new(),
            migration=migration,
            channel=channel,
            asked_by=actor,
            status="running",
            started_at=self._clock.now(),
            playbook_digest=self._catalog.get(migration).digest,
            day=day,
            scope=None if scope is None else tuple(scope),
            show_rows=show_rows,
        )
        if not await tx.reconciliations.add(asked):
            return None
        facts: dict[str, JsonValue] = {"migration": migration, "playbook": asked.playbook_digest}
        if asked.scope is not None:
            facts["checks"] = list(asked.scope)
        await self._note(tx, asked, actor, "asked", **facts)
        await self._display.show(tx, asked, done=0)
        return asked

    async def finish(
        self, tx: Transaction, asked: Reconciliation, reconciled: Reconciled
    ) -> Reconciliation | None:
        """Note what it found; None when it had ended already. It is for the caller to show it."""
        now = self._clock.now()
        if not await tx.reconciliations.finish(asked.id, reconciled=reconciled, at=now):
            return None
        results: dict[str, JsonValue] = {result.check: result.status for result in reconciled.results}
        await self._note(tx, asked, SWITCHBACK, "done", results=results)
        return await tx.reconciliations.get(asked.id)

    async def cancel(self, tx: Transaction, reconciliation_id: str, actor: Actor) -> Reconciliation:
        """Call it off. Raises SupersededError when it had ended already."""
        if not await self._end(tx, reconciliation_id, status="cancelled", actor=actor):
            raise SupersededError(_too_late(await tx.reconciliations.get(reconciliation_id)))
        return await tx.reconciliations.get(reconciliation_id)

    async def give_up(self, tx: Transaction, reconciliation_id: str, *, why: str) -> None:
        """End one that cannot be done, or of which nobody has heard for long."""
        await self._end(tx, reconciliation_id, status="abandoned", actor=SWITCHBACK, why=why)

    async def give_up_lost(self, tx: Transaction, migration: str) -> None:
        """End those of a migration whose bot is gone for good."""
        silent_since = self._clock.now() - GIVEN_UP_AFTER
        for lost in await tx.reconciliations.lost(migration, silent_since=silent_since):
            await self.give_up(tx, lost.id, why="nothing was heard of it any more")

    async def _end(
        self,
        tx: Transaction,
        reconciliation_id: str,
        *,
        status: Literal["cancelled", "abandoned"],
        actor: Actor,
        **facts: JsonValue,
    ) -> bool:
        by = actor if status == "cancelled" else None
        now = self._clock.now()
        if not await tx.reconciliations.end(reconciliation_id, status=status, by=by, at=now):
            return False
        ended = await tx.reconciliations.get(reconciliation_id)
        await self._note(tx, ended, actor, status, migration=ended.migration, **facts)
        await self._display.show(tx, ended, done=0)
        return True

    async def _note(
        self, tx: Transaction, one: Reconciliation, actor: Actor, kind: str, **facts: JsonValue
    ) -> None:
        await tx.journal.record(
            at=self._clock.now(),
            actor=actor,
            kind=f"reconciliation.{kind}",
            subject=f"reconciliation:{one.id}",
            facts=facts,
        )


def _too_late(ended: Reconciliation) -> str:
    if ended.status == "cancelled" and ended.ended_by is not None:
        return f"{ended.ended_by.name} called this reconciliation of {ended.migration} off already"
    if ended.status == "abandoned":
        return f"This reconciliation of {ended.migration} was given up already"
    return f"It is too late: this reconciliation of {ended.migration} is done, and its result is here"
