"""Who is to drive the run: a bot that runs, or this process."""

from bot.app import Switchback
from bot.domain.errors import RefusedError
from bot.terminal.beats import a_bot_runs
from bot.terminal.keyboard import Keyboard


class WhoDrives:
    """`here` is whether this process is to drive it.

    Without a bot nothing is started before that is settled, or a rollback would begin by itself hours
    later, when a bot comes back.
    """

    def __init__(self, switchback: Switchback, *, here: bool, keyboard: Keyboard | None) -> None:
        self.here = here
        self._switchback = switchback
        self._keyboard = keyboard

    async def settled(self) -> bool:
        """Whether somebody would drive it, which is asked where somebody can be. Raises RefusedError."""
        if self.here or await a_bot_runs(store=self._switchback.store, clock=self._switchback.clock):
            return True
        if self._keyboard is None:
            raise RefusedError(
                "No bot is running, so nothing would drive the rollback",
                do="Start one, or repeat this with --drive to drive it from here",
            )
        asked = "No bot is running. Drive the rollback from this terminal, which then has to stay? y/N:"
        self.here = (await self._keyboard.ask(asked)).lower() == "y"
        return self.here
