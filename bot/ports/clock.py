"""Time and ids, given rather than taken."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The time now, with its zone (UTC)."""

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean something."""

    async def sleep(self, seconds: float) -> None:
        """Wait that long; not at all for zero or less."""


class Ids(Protocol):
    """Where ids come from."""

    def new(self) -> str:
        """An id nobody has used: sortable by time, safe in a URL, at most 26 characters."""
