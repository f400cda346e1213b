"""A clock on which time passes for whoever waits: a reconciliation reads differing rows twice."""

from datetime import datetime

from tests.fakes.clock import FakeClock


class PassingClock:
    """Moves another clock on by what is slept on this one."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        self._clock.advance(seconds)
