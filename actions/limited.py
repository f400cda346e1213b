"""Work that ends at a time limit or when it is cancelled."""

import asyncio
from collections.abc import Awaitable
from enum import Enum
from typing import Literal, TypeVar

T = TypeVar("T")


class Cut(Enum):
    """Why work was ended before it was done; the value completes a sentence."""

    TIMED_OUT = "the time allowed was over"
    CANCELLED = "it was cancelled"


def work_seconds(seconds: float) -> float:
    """The part of the time allowed that is for the work: the rest, at most 5 s, is for ending it."""
    return max(0.0, seconds - ending_seconds(seconds))


def ending_seconds(seconds: float) -> float:
    """The part of the time allowed that is kept for ending the work, in seconds."""
    return min(5.0, seconds * 0.2)


async def wait_until_cut(task: asyncio.Future[T], *, seconds: float, cancelled: asyncio.Event) -> Cut | None:
    """Wait for the task; why it has to be ended when it was not done in time, else None."""
    stop = asyncio.ensure_future(cancelled.wait())
    either: set[asyncio.Future[T] | asyncio.Task[Literal[True]]] = {task, stop}
    try:
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.cancel()
    if task.done():
        return None
    return Cut.CANCELLED if cancelled.is_set() else Cut.TIMED_OUT


async def limited(work: Awaitable[T], *, seconds: float, cancelled: asyncio.Event) -> T | Cut:
    """What the work gives, or why it was ended. Its errors are raised; it has ended in any case."""
    task = asyncio.ensure_future(work)
    try:
        cut = await wait_until_cut(task, seconds=seconds, cancelled=cancelled)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    return cut if cut is not None and task.cancelled() else task.result()
