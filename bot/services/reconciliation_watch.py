"""Follows a reconciliation while it is done: how far it is, and the rows that differ."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.advance import Advance, Pace, RowProgress
from bot.domain.check_result import CheckResult
from bot.domain.playbook.checks import READY
from bot.domain.row_difference import RowDifference
from bot.domain.sighting import RowSeen, row_seen
from bot.ports.clock import Clock
from bot.store.store import Store


@dataclass(frozen=True)
class Progress:
    """So many checks of all are done; `rows` has the row checks that are under way."""

    done: int
    total: int
    rows: tuple[RowProgress, ...] = ()

    def described(self) -> str:
        """`3 of 6 checks done · Employees: 412,000 of about 1,000,000 rows, about 20 s left`."""
        under_way = [f"{one.title}: {one.described()}" for one in self.rows]
        return " · ".join([f"{self.done} of {self.total} checks done", *under_way])


class ReconciliationWatch:
    """Implements `bot.ports.reconciler.Watch`. `titles` are those of the checks that are done.

    `rows_before` are the rows of both sides that a check had the last time, by check: an estimate for those
    whose number is not known before they are read.
    """

    def __init__(
        self,
        *,
        reconciliation: str,
        titles: Mapping[str, str],
        store: Store,
        clock: Clock,
        rows_before: Mapping[str, int],
        cancelled: asyncio.Event | None = None,
    ) -> None:
        self._reconciliation = reconciliation
        self._titles = titles
        self._store = store
        self._clock = clock
        self._rows_before = rows_before
        self._cancelled = cancelled or asyncio.Event()
        self._done = 0
        self._paces: dict[str, Pace] = {}
        self._seen: dict[str, list[RowSeen]] = {}

    @property
    def cancelled(self) -> asyncio.Event:
        """Set when nobody wants the rest."""
        return self._cancelled

    @property
    def progress(self) -> Progress:
        """How far it is now."""
        now = self._clock.monotonic()
        rows = [pace.progress(self._titles[check], now) for check, pace in self._paces.items()]
        return Progress(self._done, len(self._titles), tuple(rows))

    @property
    def seen(self) -> Mapping[str, Sequence[RowSeen]]:
        """The rows that differ, by check, as the register wants them: reading them again takes long."""
        return self._seen

    async def checked(self, done: int, total: int, result: CheckResult) -> None:  # noqa: ARG002
        """Note that a check is done."""
        self._paces.pop(result.check, None)
        self._done += result.check != READY

    async def advanced(self, advance: Advance) -> None:
        """Note how far a check is; nothing waits for it."""
        if advance.rows_total is None:
            advance = replace(advance, rows_total=self._rows_before.get(advance.check))
        now, known = self._clock.monotonic(), self._paces.get(advance.check)
        self._paces[advance.check] = (
            Pace.begun(advance, now) if known is None else known.advanced(advance, now)
        )

    async def differing(self, check: str, rows: Sequence[RowDifference]) -> None:
        """Keep rows, as long as somebody wants them."""
        seen = self._seen.setdefault(check, [])
        async with self._store.transaction(later=True) as tx:
            if not await tx.reconciliations.runs(self._reconciliation):
                self._cancelled.set()
                return
            await tx.row_differences.add(self._reconciliation, check, rows, position=len(seen))
        seen += map(row_seen, rows)
