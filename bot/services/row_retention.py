"""Forgets rows that differ when nobody needs them any more, so that the database does not grow for ever."""

from datetime import timedelta

from bot.domain.person import SWITCHBACK
from bot.ports.clock import Clock
from bot.store.store import Store

KEPT_FOR = timedelta(days=14)
"""Rows of a reconciliation are kept so long; those of the last whole one of a migration however old."""


class RowRetention:
    """Is asked at the end of every reconciliation: it is what makes the rows grow."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def forget_outdated(self) -> None:
        """Forget what is outdated, one reconciliation a transaction. What was counted stays."""
        async with self._store.reading() as tx:
            outdated = await tx.row_differences.outdated(before=self._clock.now() - KEPT_FOR)
        for reconciliation in outdated:
            async with self._store.transaction(later=True) as tx:
                if rows := await tx.row_differences.forget(reconciliation):
                    await tx.journal.record(
                        at=self._clock.now(),
                        actor=SWITCHBACK,
                        kind="rows.forgotten",
                        subject=f"reconciliation:{reconciliation}",
                        facts={"rows": rows},
                    )
