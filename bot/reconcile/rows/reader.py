"""What reads one side of a row check, and what all such readers share."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from bot.reconcile.rows.batch import Cells
from bot.reconcile.rows.cells import CellComparison, RowDefinition
from bot.reconcile.rows.kinds import Kind, SideColumn
from bot.reconcile.rows.place import RowPlace

NATIVE: frozenset[Kind] = frozenset({"integer", "text", "bytes"})
"""Kinds of key that databases and Arrow order in the same way: whole numbers, and bytes of UTF-8."""

BATCH_ROWS = 1 << 16
FEWEST_ROWS = 1 << 8
BATCH_BYTES = 8 << 20
"""A batch has at most so many rows, about so many bytes, and never fewer rows than that."""


class RowReader(ABC):
    """Reads one side, in one snapshot, read only. Its methods block and are called in one thread.

    Every one of them raises SourceError, without a password. `cancel` alone comes from another thread.
    """

    def __init__(self, place: RowPlace, definition: RowDefinition) -> None:
        self.place = place
        self.definition = definition

    @property
    def columns(self) -> tuple[SideColumn, ...]:
        """The side's columns that are read, the key's first."""
        return tuple(one.column.side(self.place.side) for one in self.definition.columns)

    @property
    def key_columns(self) -> tuple[SideColumn, ...]:
        """The key's."""
        return self.columns[: len(self.definition.keys)]

    def canonical(self, index: int, value: object) -> object:
        """A value of a column of this side as it is compared."""
        comparison = self.definition.columns[index]
        return comparison.legacy(value) if self.place.side == "legacy" else comparison.new(value)

    @abstractmethod
    def open(self) -> None:
        """Connect, and begin the snapshot."""

    @abstractmethod
    def orders_keys(self) -> bool:
        """Whether this side can give its rows in the order of native keys, none of which is NULL."""

    def estimate(self) -> int | None:
        """About how many rows there are, where that is known without counting."""
        return None

    @abstractmethod
    def narrow(self, keys: Sequence[tuple[object, ...]]) -> None:
        """From now on only rows of these native keys are read; some others may come with them."""

    @abstractmethod
    def batches(self, *, ordered: bool) -> Iterator[tuple[Cells, ...]]:
        """The columns of all rows, some at a time; with `ordered`, in the order of the native keys.

        Without, every batch has columns of the same types.
        """

    @abstractmethod
    def cancel(self) -> None:
        """End what is under way, where the driver can."""

    @abstractmethod
    def close(self) -> None:
        """Give back the connection."""


def native(comparison: CellComparison) -> bool:
    """Whether a column of the key is ordered by its values as they are: no rule changes them."""
    column, rule = comparison.column, comparison.column.rule
    changed = rule.map is not None or rule.trim or rule.null_is_empty or rule.cast or rule.round is not None
    same = column.legacy.kind == column.new.kind
    return column.kind in NATIVE and same and not changed
