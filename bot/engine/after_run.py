"""What the end of a run brings about, which the engine need not know."""

from typing import Protocol

from bot.domain.run import Run
from bot.store.store import Transaction


class AfterRun(Protocol):
    """Is told of every run that is done, in the transaction in which it is."""

    async def run_finished(self, tx: Transaction, run: Run) -> None:
        """Write what follows from it. An error would undo the run's end."""
