"""Work that is begun ahead and taken in order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def in_order(
    items: Iterable[T], work: Callable[[T], Awaitable[R]], *, ahead: int
) -> AsyncIterator[R]:
    """The results in the order of the items, at most `ahead` of them under way.

    Whoever leaves early closes the iterator, and with it all that is under way: their queries are cancelled.
    """
    under_way: deque[asyncio.Future[R]] = deque()
    try:
        for item in items:
            under_way.append(asyncio.ensure_future(work(item)))
            if len(under_way) >= ahead:
                yield await under_way.popleft()
        while under_way:
            yield await under_way.popleft()
    finally:
        await given_up(under_way)


async def both(one: Awaitable[T], other: Awaitable[R]) -> tuple[T, R]:
    """Both results; the first error ends the other too."""
    first, second = asyncio.ensure_future(one), asyncio.ensure_future(other)
    try:
        return await asyncio.gather(first, second)  # type: ignore[return-value]
    finally:
        await given_up((first, second))


async def given_up(tasks: Iterable[asyncio.Future[R]]) -> None:
    """Cancel what still runs, and wait for its end."""
    open_tasks = [task for task in tasks if not task.done() or not task.cancelled()]
    for task in open_tasks:
        task.cancel()
    await asyncio.gather(*open_tasks, return_exceptions=True)
