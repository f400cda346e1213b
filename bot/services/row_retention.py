"""Forgets rows that differ when nobody needs them any more, so that the database does not grow for ever."""

from datetime import timedelta

from bot.domain.person import SWITCHBACK
from bot.domain.row_difference import MOST_KEPT
from bot.ports.clock import Clock
from bot.store.store import Store

KEPT_FOR = timedelta(days=14)
"""Rows of a reconciliation are kept so long; those of the last whole one of a migration however old."""

# Rows that are deleted at once: a press does not wait for longer than some ten milliseconds.
_AT_ONCE = 5_000
_BOUNDS = range(_AT_ONCE, MOST_KEPT + _AT_ONCE, _AT_ONCE)


class RowRetention:
    """Is asked at the end of every reconciliation: it is what makes the rows grow."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def forget(self, reconciliation: str) -> None:
        """Delete the rows of one that was not done: nobody has seen them."""
        for below in _BOUNDS:
            async with self._store.transaction(later=True) as tx:
                await tx.row_differences.forget(reconciliation, below=below)
                if not await tx.row_differences.counts(reconciliation):
                    return

    async def forget_outdated(self) -> None:
        """Forget what is outdated. What was counted stays."""
        async with self._store.reading() as tx:
            outdated = await tx.row_differences.outdated(before=self._clock.now() - KEPT_FOR)
        for reconciliation in outdated:
            async with self._store.transaction(later=True) as tx:
                await tx.journal.record(
                    at=self._clock.now(),
                    actor=SWITCHBACK,
                    kind="rows.forgotten",
                    subject=f"reconciliation:{reconciliation}",
                    facts={"checks": {**await tx.row_differences.counts(reconciliation)}},
                )
                await tx.row_differences.forget(reconciliation, below=_BOUNDS[0])
            await self.forget(reconciliation)
