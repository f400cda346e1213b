"""What the end of a run brings about, which the engine need not know."""

from typing import Protocol

from bot.domain.run import Run
from bot.store.store import Transaction


class AfterRun(Protocol):
    """Is told of the end of every run, in the transaction in which it is. An error would undo that end."""

    async def run_finished(self, tx: Transaction, run: Run) -> None:
        """Write what follows from a run that is done."""

    async def run_aborted(self, tx: Transaction, run: Run) -> None:
        """Write what follows from a run that was aborted."""


class AfterRuns:
    """Tells several, in order."""

    def __init__(self, *each: AfterRun) -> None:
        self._each = each

    async def run_finished(self, tx: Transaction, run: Run) -> None:
        """Implements AfterRun."""
        for one in self._each:
            await one.run_finished(tx, run)

    async def run_aborted(self, tx: Transaction, run: Run) -> None:
        """Implements AfterRun."""
        for one in self._each:
            await one.run_aborted(tx, run)
