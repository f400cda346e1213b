"""Work that is begun ahead and taken in order."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def in_order(
    items: Iterable[T], work: Callable[[T], Awaitable[R]], *, ahead: int
) -> AsyncGenerator[R, None]:
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
        await asyncio.gather(first, second)
        return first.result(), second.result()
    finally:
        await given_up((first, second))


async def given_up(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel what still runs, and wait for its end."""
    left = list(tasks)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
