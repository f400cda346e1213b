"""Replicas that share a database: each beats, and takes over from one that does not beat any more.

What is taken over: the runs that it drove, the durable jobs that it had begun, the channels that it sent to.
"""

from collections.abc import Awaitable, Callable

import structlog

from bot.domain.errors import StoreError
from bot.engine.taking_up import take_up
from bot.ports.clock import Clock
from bot.store.store import Store

BEAT_SECONDS = 1.0
# Five beats missed. With the beat before it and the queue's poll a run goes on within eight seconds.
SILENT_SECONDS = 5.0

log = structlog.get_logger()

Adopt = Callable[[str], Awaitable[None]]
"""Takes the durable jobs over that a replica had begun."""


class Replicas:
    """Watches the others by their counted beats and our own monotonic clock: clocks may differ."""

    def __init__(self, *, store: Store, clock: Clock, replica: str, adopt: Adopt) -> None:
        self._store = store
        self._clock = clock
        self._replica = replica
        self._adopt = adopt
        self._seen: dict[str, tuple[int, float]] = {}
        self._dead: set[str] = set()

    async def run(self) -> None:
        """Beat and watch until cancelled."""
        while True:
            try:
                await self.beat()
            except StoreError as error:
                log.warning("replica.no_beat", problem=str(error))
            await self._clock.sleep(BEAT_SECONDS)

    async def beat(self) -> None:
        """One beat of ours, and a look at the others'."""
        async with self._store.transaction(later=True) as tx:
            await tx.replicas.beat(self._replica)
        async with self._store.reading() as tx:
            beats = await tx.replicas.beats()
            drivers = await tx.runs.drivers()
        silent = self._silent(beats | dict.fromkeys(drivers - set(beats), 0))
        self._dead &= silent
        for replica in sorted(silent - self._dead):
            log.warning("replica.silent", replica=replica)
            async with self._store.transaction() as tx:
                await tx.delivery.release(replica)
            await self._adopt(replica)
            self._dead.add(replica)
        # Looked at anew each time: a run may have been left by one that was known to be dead.
        if silent & drivers:
            text = f"↻ replica {', '.join(sorted(silent & drivers))} does not answer; another one goes on"
            await take_up(self._store, drivers=silent, clock=self._clock, text=text)

    def _silent(self, beats: dict[str, int]) -> set[str]:
        now = self._clock.monotonic()
        silent = set()
        for replica, count in beats.items():
            last = self._seen.get(replica)
            if last is None or last[0] != count:
                self._seen[replica] = (count, now)
            elif replica != self._replica and now - last[1] >= SILENT_SECONDS:
                silent.add(replica)
        return silent
