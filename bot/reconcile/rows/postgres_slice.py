"""A slice that differs, and how queries are told of several."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.playbook.places import Side
from bot.reconcile.rows.postgres_expressions import Expression
from bot.reconcile.rows.postgres_odd_row import OddRow
from bot.reconcile.rows.postgres_ranges import Cell
from bot.reconcile.rows.postgres_table import trusted

PART_ROWS = 32
"""As many are looked at one by one for a difference; fewer make more parts to be told of."""


@dataclass
class Slice:
    """Its keys, the rows of the fuller side, where it begins and ends on each side.

    Once it was looked at: the odd rows of its `lone` key, where no other key has any; or else the
    `parts` of its keys that differ, a number and the rows of the fuller side each, and whether its `strays`
    do: rows that lie in it though their keys belong elsewhere.
    """

    keys: Cell
    rows: int
    bounds: dict[Side, tuple[str, str]]
    lone: list[OddRow] | None = None
    parts: "array[int]" = field(default_factory=lambda: array("q"))
    strays: bool = False

    @property
    def shift(self) -> int:
        """How many bits of a key do not tell the part that it is in."""
        width = -(-(self.keys.high - self.keys.low + 1) * PART_ROWS // max(self.rows, 1))
        return max(0, width.bit_length() - 1)

    @property
    def differing_rows(self) -> int:
        """About how many rows its lone key and its parts have."""
        return len(self.lone or ()) + sum(self.parts[1::2])

    def differing(self) -> Iterator[tuple[Cell, int]]:
        """The keys of each part that differs, in order, with its rows on the fuller side."""
        for part, rows in zip(self.parts[::2], self.parts[1::2], strict=True):
            low, after = part << self.shift, (part + 1) << self.shift
            yield Cell(max(low, self.keys.low), min(after - 1, self.keys.high)), rows


def placed(slices: Sequence[Slice], side: Side) -> dict[str, Expression]:
    """Arrays of where the slices begin and end on a side, and of their first and last keys."""
    return {
        "begins": array_of(f'"{one.bounds[side][0]}"' for one in slices),
        "ends": array_of(f'"{one.bounds[side][1]}"' for one in slices),
        "lows": array_of(one.keys.low for one in slices),
        "highs": array_of(one.keys.high for one in slices),
    }


def array_of(values: Iterable[object]) -> Expression:
    """An array in a query, of numbers or of what is quoted."""
    return trusted(f"'{{{','.join(map(str, values))}}}'")
