"""Time that stands until it is moved, and ids that count."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 14, 3, 12, tzinfo=UTC)


@dataclass(eq=False)
class _Sleeper:
    due: datetime
    seconds: float
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class FakeClock:
    """A clock that a test moves. Who sleeps on it is woken when it has been moved far enough."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._set_by = timedelta()
        self._sleepers: list[_Sleeper] = []
        self._changed = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._set_by).timestamp()

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            return
        sleeper = _Sleeper(self._now + timedelta(seconds=seconds), seconds)
        self._sleepers.append(sleeper)
        self._changed.set()
        try:
            await sleeper.woken.wait()
        finally:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)

    def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0) -> None:
        """Move it on."""
        self._now += timedelta(seconds=seconds, minutes=minutes, hours=hours)
        for sleeper in [sleeper for sleeper in self._sleepers if sleeper.due <= self._now]:
            self._sleepers.remove(sleeper)
            sleeper.woken.set()

    def set_by(self, by: timedelta) -> None:
        """Set the time of day and leave the steady clock; nobody who sleeps notices."""
        self._now += by
        self._set_by += by
        for sleeper in self._sleepers:
            sleeper.due += by

    async def asleep(self, seconds: float) -> None:
        """Wait until somebody sleeps for exactly this long."""
        async with asyncio.timeout(10):
            while not any(sleeper.seconds == seconds for sleeper in self._sleepers):
                self._changed.clear()
                await self._changed.wait()


class CountingIds:
    """id-0001, id-0002 and so on; another prefix is for another bot over the same store."""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count:04}"
