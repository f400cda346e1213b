"""A supervisor of the bot, as docs/operations.md wants one: it starts the bot again whenever it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.e2e.bot_process import Bot

RESTART_SECONDS = 1.0


@asynccontextmanager
async def supervised(bot: Bot) -> AsyncIterator[None]:
    """Supervise a bot that was started, until the block ends."""
    supervising = asyncio.create_task(_supervise(bot))
    try:
        yield
    finally:
        supervising.cancel()
        with suppress(asyncio.CancelledError):
            await supervising


async def _supervise(bot: Bot) -> None:
    while True:
        if bot.process().status is None:
            await asyncio.sleep(0.05)
            continue
        await asyncio.sleep(RESTART_SECONDS)
        try:
            await bot.start()
        except AssertionError:
            # One that ended before it served is started again; one that hangs is a finding. Its output is
            # over a moment before it is.
            await bot.process().end()
