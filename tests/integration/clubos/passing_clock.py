"""A clock on which time passes for whoever waits: a reconciliation reads differing rows twice."""

from tests.fakes.clock import FakeClock


class PassingClock(FakeClock):
    """Moves on by what is slept."""

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
