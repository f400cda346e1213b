"""Work that can be called off by whoever watches it."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from bot.domain.errors import CalledOffError

T = TypeVar("T")


async def unless_called_off(work: Coroutine[None, None, T], cancelled: asyncio.Event) -> T:
    """The work's result. Raises CalledOffError soon after `cancelled` is set; the work is then cancelled."""
    working = asyncio.ensure_future(work)
    called_off = asyncio.ensure_future(cancelled.wait())
    try:
        await asyncio.wait({working, called_off}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return await working
        raise CalledOffError("the reconciliation was called off")
    finally:
        for task in (working, called_off):
            task.cancel()
        await asyncio.gather(working, called_off, return_exceptions=True)
