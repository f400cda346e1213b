"""Keeps the live message of a run current that waits for a time of day: nobody drives it meanwhile."""

from bot.domain.hold import next_tick
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_countdown
from bot.ports.clock import Clock
from bot.store.store import Store


class Countdown:
    """Tells how long is still to be waited, ever more often."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def tell(self, run_id: str) -> None:
        """The durable job `countdown`; a run that waits no more is left alone."""
        now = self._clock.now()
        async with self._store.transaction(later=True) as tx:
            run = await tx.runs.get(run_id)
            if run.status != "waiting" or run.driver != "":
                return
            await telling.show(tx, run, now)
            tick = next_tick(run, now)
            if tick is not None:
                await enqueue_countdown(tx, run, at=tick, now=now)
