"""Whose turn it is to write, where one writes at a time."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """One has the turn at a time, in the order of asking; those who can wait come after all others."""

    def __init__(self) -> None:
        self._taken = False
        self._first: deque[asyncio.Future[None]] = deque()
        self._later: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, later: bool) -> AsyncIterator[None]:
        """Have the turn until the block ends."""
        if self._taken:
            await self._wait(self._later if later else self._first)
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, waiting: "deque[asyncio.Future[None]]") -> None:
        coming: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.append(coming)
        try:
            await coming
        except asyncio.CancelledError:
            if coming in waiting:
                waiting.remove(coming)
            elif coming.done() and not coming.cancelled():
                # The turn was given to a task that was cancelled in the same moment.
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        for waiting in (self._first, self._later):
            while waiting:
                coming = waiting.popleft()
                if not coming.done():
                    # It stays taken, so that nobody steps in before the one who is called.
                    coming.set_result(None)
                    return
        self._taken = False
