"""Waiting for what nobody tells of: a row in a database, a file, a port."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def until(look: Callable[[], T | None], what: str, *, timeout: float = 20) -> T:
    """What `look` finds, once it is neither None nor False. Raises AssertionError after the time-out."""
    end = time.monotonic() + timeout
    while (found := look()) is None or found is False:
        if time.monotonic() > end:
            raise AssertionError(f"no {what} within {timeout:g} s")
        await asyncio.sleep(0.05)
    return found
