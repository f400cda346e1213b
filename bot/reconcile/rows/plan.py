"""A row check that is ready to be done, and what a way to do it looks like."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.playbook.places import Side
from bot.domain.playbook.row_checks import Rows
from bot.ports.clock import Clock
from bot.reconcile.rows.cells import RowDefinition
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.place import RowPlace
from bot.reconcile.rows.resolve import Resolved


@dataclass(frozen=True)
class RowComparison:
    """One row check, ready to be done."""

    rows: Rows
    legacy: RowPlace
    new: RowPlace
    resolved: Resolved
    definition: RowDefinition
    clock: Clock

    def place(self, side: Side) -> RowPlace:
        """One side."""
        return self.legacy if side == "legacy" else self.new


class Plan(Protocol):
    """A way to find the rows that differ."""

    async def __call__(self, comparison: RowComparison, collector: Collector) -> None:
        """Adds to the collector, in the order of the keys. Raises SourceError and CalledOffError."""
