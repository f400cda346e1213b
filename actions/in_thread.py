"""Blocking work in a thread, ended by asking it to stop."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from actions.limited import Cut, ending_seconds, wait_until_cut, work_seconds

T = TypeVar("T")


class StoppedError(Exception):
    """The work stopped because it was asked to; it has had no effect."""


class StuckError(Exception):
    """The work did not stop when it was asked to, and goes on."""


class Stop:
    """Tells a thread to stop, at the places where it asks."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask for the end."""
        self._event.set()

    def wanted(self) -> bool:
        """Whether the end is asked for."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise StoppedError when the end is asked for."""
        if self.wanted():
            raise StoppedError


async def in_thread(work: Callable[[Stop], T], *, seconds: float, cancelled: asyncio.Event) -> T | Cut:
    """What the work gives, or why it was stopped. Its errors are raised, and StuckError."""
    stop = Stop()
    task = asyncio.ensure_future(asyncio.to_thread(work, stop))
    try:
        cut = await wait_until_cut(task, seconds=work_seconds(seconds), cancelled=cancelled)
        stop.set()
        if cut is None:
            return task.result()
        await asyncio.wait({task}, timeout=ending_seconds(seconds) * 0.8)
        if not task.done():
            raise StuckError(cut.value)
        try:
            return task.result()
        except StoppedError:
            return cut
    finally:
        stop.set()
        # Its error is for nobody when it is stuck; asyncio would report it as lost.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
