"""Follows a reconciliation that is being done: is it still wanted, and how far is it?"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from bot.domain.errors import StoreError
from bot.ports.clock import Clock
from bot.services.reconciliation_display import ReconciliationDisplay
from bot.services.reconciliation_watch import Progress, ReconciliationWatch
from bot.store.reconciliations import Reconciliation
from bot.store.store import Store

# Between two looks whether somebody has called it off.
LOOK_SECONDS = 0.5
# Between two pictures of how far it is. Slack takes about 50 updates a minute.
SHOW_SECONDS = 2.0

Follow = Callable[[Progress], None]
log = structlog.get_logger()


class ReconciliationFollowing:
    """Calls it off where nobody wants it any more, and keeps its message current."""

    def __init__(self, *, display: ReconciliationDisplay, store: Store, clock: Clock) -> None:
        self._display = display
        self._store = store
        self._clock = clock

    @asynccontextmanager
    async def following(
        self, asked: Reconciliation, watch: ReconciliationWatch, follow: Follow | None
    ) -> AsyncIterator[None]:
        """Look after it until the block ends; `follow` is told how far it is, too.

        A transaction that was begun is seen to its end.
        """
        over = asyncio.Event()
        looking = asyncio.create_task(self._look_on(asked, watch, follow, over))
        try:
            yield
        finally:
            over.set()
            await looking

    async def _look_on(
        self, asked: Reconciliation, watch: ReconciliationWatch, follow: Follow | None, over: asyncio.Event
    ) -> None:
        shown_at, shown = self._clock.monotonic(), ""
        while True:
            await self._pause(over)
            if over.is_set():
                return
            progress, now = watch.progress, self._clock.monotonic()
            if follow is not None:
                follow(progress)
            due = now - shown_at >= SHOW_SECONDS
            try:
                wanted = await self._look(asked, progress, due=due, changed=progress.described() != shown)
            except StoreError as error:
                log.warning("reconciliation.database_away", problem=str(error))
                continue
            if due:
                shown_at, shown = now, progress.described()
            if not wanted:
                watch.cancelled.set()

    async def _look(self, asked: Reconciliation, progress: Progress, *, due: bool, changed: bool) -> bool:
        """Whether it is still wanted. When it is time, it is noted that it goes on, and shown how far."""
        if not due:
            async with self._store.reading() as tx:
                return await tx.reconciliations.runs(asked.id)
        async with self._store.transaction(later=True) as tx:
            # It holds the row, so that no picture of the progress comes after that of the end.
            if not await tx.reconciliations.beat(asked.id, at=self._clock.now()):
                return False
            if changed:
                await self._display.show(tx, asked, done=progress.done, progress=progress.rows)
            return True

    async def _pause(self, over: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(one) for one in (self._clock.sleep(LOOK_SECONDS), over.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
