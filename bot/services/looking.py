"""What looks at the clock again and again. Rows decide what is due: a look may be missed, or made twice."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import structlog

from bot.domain.errors import StoreError
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.ports.clock import Clock

log = structlog.get_logger()


class Looks(Protocol):
    """What looks."""

    @property
    def name(self) -> str:
        """Its name in the log."""

    @property
    def every(self) -> float:
        """Seconds between two looks."""

    async def look(self) -> None:
        """Look once. What the database cannot be told now, with StoreError, is for the next look."""


async def keep_looking(one: Looks, *, clock: Clock) -> None:
    """Look until cancelled."""
    while True:
        try:
            await one.look()
        except StoreError as error:
            log.warning(f"{one.name}.database_away", problem=str(error))
        await clock.sleep(one.every)


async def look_at_each(
    loaded: Iterable[LoadedPlaybook], look_at: Callable[[LoadedPlaybook], Awaitable[None]], *, name: str
) -> None:
    """Look at every migration; one that cannot be looked at now keeps no other from it."""
    for one in loaded:
        try:
            await look_at(one)
        except StoreError as error:
            log.warning(f"{name}.database_away", migration=one.playbook.migration, problem=str(error))
