"""Ranges of a whole-number key: cells of some hundred rows each, read in chunks of cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.postgres_expressions import own_column
from bot.reconcile.rows.postgres_pair import BOTH, PostgresPair
from bot.reconcile.rows.postgres_pipeline import both
from bot.reconcile.rows.postgres_table import SPREAD, Spread, spread_of

CELL_ROWS = 512
"""As many are summed again for a difference; fewer cost more lookups in the index."""

CHUNK_CELLS = 256
"""About 131,000 rows: chunks of 64k to 256k were the fastest."""

_INTEGERS = frozenset({"int2", "int4", "int8"})
_LEAST_CORRELATION = 0.8
_SMALL_PAGES = 2000
_ROWS_A_VALUE = 1000


@dataclass(frozen=True)
class Cell:
    """Keys from `low` to `high`, both among them."""

    low: int
    high: int

    def cut(self, parts: int) -> Iterator["Cell"]:
        """It in so many parts of equal width, or fewer where there are not so many keys."""
        width = max(1, -(-(self.high - self.low + 1) // max(1, parts)))
        for low in range(self.low, self.high + 1, width):
            yield Cell(low, min(low + width - 1, self.high))


@dataclass(frozen=True)
class KeyRanges:
    """Parts of the key's first column with about as many rows each, of about `rows` in all."""

    edges: tuple[int, ...]
    rows: float

    @property
    def chunks(self) -> int:
        """About how many chunks there are."""
        parts = max(0, len(self.edges) - 1)
        return -(-parts * self._cells_a_part(CELL_ROWS) // CHUNK_CELLS)

    def cells(self, of_rows: int = CELL_ROWS) -> Iterator[Cell]:
        """All cells, in order."""
        cells_a_part = self._cells_a_part(of_rows)
        for low, after in pairwise(self.edges):
            yield from Cell(low, after - 1).cut(cells_a_part)

    def chunked(self) -> Iterator[list[Cell]]:
        """The cells that one query reads."""
        cells = self.cells()
        while chunk := list(islice(cells, CHUNK_CELLS)):
            yield chunk

    def _cells_a_part(self, of_rows: int) -> int:
        # How many rows lie outside the bounds, nobody knows.
        return max(1, round(self.rows / max(1, len(self.edges) - 1) / of_rows))


async def key_ranges(pair: PostgresPair) -> KeyRanges | None:
    """Ranges over the first column of the key; None where they are no way to read.

    They are one where both sides have an index that begins with it, and rows lie about as it does: else
    every range would read pages all over the table.
    """
    if any(not _is_indexed_integer(pair, side) for side in BOTH):
        return None
    (legacy, mine), (new, theirs) = await both(_found(pair, "legacy"), _found(pair, "new"))
    if not (_in_line(pair, "legacy", legacy) and _in_line(pair, "new", new)):
        return None
    known = [*mine, *theirs]
    if not known:
        return KeyRanges(edges=(), rows=0)
    low, high = min(low for low, _ in known), max(high for _, high in known)
    bounds = sorted({int(bound) for bound in legacy.bounds or new.bounds})
    return KeyRanges(
        edges=(low, *(bound for bound in bounds if low < bound <= high), high + 1),
        rows=max(pair.legacy_table.rows, pair.new_table.rows),
    )


def _is_indexed_integer(pair: PostgresPair, side: Side) -> bool:
    column = pair.key_columns(side)[0]
    return column.type in _INTEGERS and column.name in pair.table(side).leading


def _in_line(pair: PostgresPair, side: Side, spread: Spread) -> bool:
    table = pair.table(side)
    distinct = -spread.distinct * table.rows if spread.distinct < 0 else spread.distinct
    if distinct and table.rows / distinct > _ROWS_A_VALUE:
        return False
    lies = spread.correlation is None or abs(spread.correlation) >= _LEAST_CORRELATION
    return lies or table.pages < _SMALL_PAGES


async def _found(pair: PostgresPair, side: Side) -> tuple[Spread, list[tuple[int, int]]]:
    """How the keys lie, and the least and the greatest, if there are any."""
    table, column = pair.table(side), pair.key_columns(side)[0]
    spread = SPREAD.format(sql.Literal(table.oid), sql.Literal(column.name))
    edges = sql.SQL("SELECT min({k})::int8, max({k})::int8 FROM {r}").format(
        k=own_column(column), r=table.relation
    )
    lies, ((low, high),) = await pair.side(side).ask_all([spread, edges])
    there = [] if low is None or high is None else [(int(str(low)), int(str(high)))]
    return spread_of(lies), there
