"""The duration of an act, as evidence."""

import asyncio

from bot.ports.outcome import Evidence


class Stopwatch:
    """Measures on the loop's clock, from its making on."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.time()

    def seconds(self) -> float:
        """Seconds since the start."""
        return self._loop.time() - self._started

    def evidence(self) -> Evidence:
        """The duration so far."""
        return Evidence("duration", f"{self.seconds():.2f} s")
