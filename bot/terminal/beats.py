"""Is a bot running? It is seen by its beats, which the store counts."""

from collections.abc import Callable

from bot.engine.replicas import BEAT_SECONDS, SILENT_SECONDS
from bot.ports.clock import Clock
from bot.store.store import Store

TERMINAL_REPLICA = "terminal-"
"""How the replicas' names begin under which terminals drive runs. They take no jobs of anybody."""
LOOK_SECONDS = 3 * BEAT_SECONDS
POLL_SECONDS = 0.2


class Beats:
    """Notes who beats, while somebody looks again and again."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._counts: dict[str, int] | None = None
        self._risen: dict[str, float] = {}

    async def look(self) -> None:
        """Note whose count has risen since the last look; the first one only counts."""
        async with self._store.reading() as tx:
            counts = await tx.replicas.beats()
        now = self._clock.monotonic()
        for replica, count in counts.items():
            if self._counts is not None and self._counts.get(replica) != count:
                self._risen[replica] = now
        self._counts = counts

    def alive(self) -> set[str]:
        """Who was seen to beat within the last seconds."""
        now = self._clock.monotonic()
        return {replica for replica, at in self._risen.items() if now - at < SILENT_SECONDS}

    def bots(self) -> set[str]:
        """Those of them that do everybody's jobs."""
        return {replica for replica in self.alive() if not replica.startswith(TERMINAL_REPLICA)}


async def a_bot_runs(*, store: Store, clock: Clock) -> bool:
    """Whether a bot beats; without one it takes three beats' time to know."""
    return await _seen(Beats(store=store, clock=clock), clock, Beats.bots)


async def somebody_beats(*, store: Store, clock: Clock) -> bool:
    """Whether a bot beats, or a terminal that drives."""
    return await _seen(Beats(store=store, clock=clock), clock, Beats.alive)


async def _seen(beats: Beats, clock: Clock, who: Callable[[Beats], set[str]]) -> bool:
    end = clock.monotonic() + LOOK_SECONDS
    while clock.monotonic() < end:
        await beats.look()
        if who(beats):
            return True
        await clock.sleep(POLL_SECONDS)
    return False
