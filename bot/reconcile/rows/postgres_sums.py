"""Two PostgreSQL databases whose rows lie in the order of a whole-number key: sums of row hashes by cell.

One query of a side reads a chunk and gives the count and the sum of each cell, a lookup in the index apiece,
which costs next to nothing beside the scan. Only rows of cells that differ are looked at one by one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.postgres_expressions import Expression, own_column
from bot.reconcile.rows.postgres_hash import RowHash
from bot.reconcile.rows.postgres_odd_row import OddRow, odd_rows
from bot.reconcile.rows.postgres_pair import BOTH, KeyText, PostgresPair
from bot.reconcile.rows.postgres_pipeline import both, in_order
from bot.reconcile.rows.postgres_ranges import Cell, KeyRanges
from bot.reconcile.rows.postgres_side import Answer
from bot.reconcile.rows.postgres_table import rendered, trusted
from bot.reconcile.rows.postgres_verdicts import Verdicts

_FEW_ROWS = 32
"""Cells with so many rows are looked at row by row; larger ones are cut first."""

_LARGE_CELL = 2 * _FEW_ROWS
_ROWS_AT_ONCE = 20_000
_CELLS_AT_ONCE = 4096

_PLANNER = {
    # A cell is some hundred rows, and the planner, which is not told, would take it for a share of the table.
    "enable_seqscan": "off",
    # Bitmaps read a page of rows at a time; to read ahead costs more than it gives for so few pages.
    "enable_indexscan": "off",
    "effective_io_concurrency": "0",
    "max_parallel_workers_per_gather": "0",
}
_SUMS = sql.SQL(
    "SELECT cell_number::int, found.rows, found.hashes FROM unnest({lows}::int8[], {highs}::int8[])"
    " WITH ORDINALITY AS cell (cell_low, cell_high, cell_number), LATERAL (SELECT count(*) AS rows,"
    " sum({hash})::text AS hashes FROM {relation} WHERE {axis} BETWEEN cell_low AND cell_high AND {chosen})"
    " AS found WHERE found.rows > 0"
)
_HASHES = sql.SQL(
    "SELECT found.* FROM unnest({lows}::int8[], {highs}::int8[]) AS cell (cell_low, cell_high), LATERAL"
    " (SELECT {keys}, {hash} FROM {relation} WHERE {axis} BETWEEN cell_low AND cell_high AND {chosen})"
    " AS found"
)
_TWICE = sql.SQL(
    "SELECT {keys} FROM {relation} WHERE {axis} BETWEEN {low} AND {high} AND {chosen}"
    " GROUP BY {names} HAVING count(*) > 1"
)
Sums = dict[int, tuple[int, str]]


@dataclass
class _Batch:
    """Cells to be looked at together."""

    cells: list[Cell] = field(default_factory=list)
    rows: int = 0

    def add(self, cell: Cell, rows: int) -> None:
        """One more."""
        self.cells.append(cell)
        self.rows += rows

    def take(self) -> list[Cell]:
        """All of them, and none are left."""
        taken, self.cells, self.rows = self.cells, [], 0
        return taken


class RangeSums:
    """Finds the keys whose rows may differ, chunk by chunk."""

    def __init__(self, *, pair: PostgresPair, ranges: KeyRanges, row_hash: RowHash) -> None:
        self._pair = pair
        self._ranges = ranges
        columns = (*pair.values, *pair.keys)
        self._parts = {
            side: {
                name: rendered(part) for name, part in self._of_side(side, row_hash(columns, side)).items()
            }
            for side in BOTH
        }
        self._twice = [side for side in BOTH if not pair.is_unique(side)]

    async def compare(self, collector: Collector, verdicts: Verdicts) -> None:
        """Counts all rows, and judges the keys that may differ. Raises SourceError and CalledOffError."""
        self.tune()
        ahead = 2 * max(self._pair.side(side).place.spec.connections for side in BOTH)
        rows = round(self._pair.legacy_table.rows + self._pair.new_table.rows)
        await verdicts.judge_nulls()
        number = 0
        chunks = in_order(self._ranges.chunked(), self._chunk, ahead=ahead)
        try:
            async for legacy, new, candidates in chunks:
                number += 1
                collector.count(legacy=legacy, new=new)
                await verdicts.judge(candidates)
                await collector.advance(
                    chunks=number, rows_total=rows, chunks_total=max(number, self._ranges.chunks)
                )
        finally:
            await chunks.aclose()

    async def _chunk(self, cells: list[Cell]) -> tuple[int, int, list[KeyText]]:
        legacy, new = await both(self._sums("legacy", cells), self._sums("new", cells))
        candidates = [row.key for row in await self.odd_rows(_differing(cells, legacy, new))]
        for side in self._twice:
            candidates += await self._repeated(side, cells)
        return _rows(legacy), _rows(new), candidates

    def tune(self) -> None:
        """What has to be done before the first question."""
        for side in BOTH:
            self._pair.side(side).tune(_PLANNER)

    async def odd_rows(self, differing: Iterable[tuple[Cell, int]]) -> list[OddRow]:
        """Those of some cells, each with its number of rows on the fuller side.

        Large cells are cut smaller, all in one query.
        """
        found: list[OddRow] = []
        small, parts = _Batch(), list[Cell]()
        for cell, rows in differing:
            if rows > _LARGE_CELL and cell.high > cell.low:
                parts += cell.cut(min(rows // _FEW_ROWS, _CELLS_AT_ONCE))
            else:
                small.add(cell, rows)
            if small.rows > _ROWS_AT_ONCE:
                found += await self._apart(small.take())
            if len(parts) >= _CELLS_AT_ONCE:
                found += await self._cut(parts)
                parts = []
        found += await self._cut(parts) if parts else []
        return found + (await self._apart(small.take()) if small.rows else [])

    async def _cut(self, parts: list[Cell]) -> list[OddRow]:
        legacy, new = await both(self._sums("legacy", parts), self._sums("new", parts))
        return await self.odd_rows(_differing(parts, legacy, new))

    async def _apart(self, cells: Sequence[Cell]) -> list[OddRow]:
        return odd_rows(*await both(self._hashes("legacy", cells), self._hashes("new", cells)))

    async def _sums(self, side: Side, cells: Sequence[Cell]) -> Sums:
        query = _SUMS.format(**self._parts[side], **_arrays(cells))
        answer = await self._pair.side(side).ask(query)
        return {int(str(number)): (int(str(rows)), str(hashes)) for number, rows, hashes in answer}

    async def _hashes(self, side: Side, cells: Sequence[Cell]) -> Answer:
        return await self._pair.side(side).ask(_HASHES.format(**self._parts[side], **_arrays(cells)))

    async def _repeated(self, side: Side, cells: Sequence[Cell]) -> list[KeyText]:
        low, high = sql.Literal(cells[0].low), sql.Literal(cells[-1].high)
        answer = await self._pair.side(side).ask(_TWICE.format(**self._parts[side], low=low, high=high))
        return [tuple(str(part) for part in row) for row in answer]

    def _of_side(self, side: Side, row_hash: Expression) -> dict[str, Expression]:
        columns = self._pair.key_columns(side)
        return {
            "hash": row_hash,
            "relation": self._pair.table(side).relation,
            "axis": own_column(columns[0]),
            "chosen": self._pair.chosen(side),
            "keys": self._pair.key_texts(side),
            "names": sql.SQL(", ").join(map(own_column, columns)),
        }


def _arrays(cells: Sequence[Cell]) -> dict[str, Expression]:
    return {
        "lows": trusted(f"'{{{','.join(str(cell.low) for cell in cells)}}}'"),
        "highs": trusted(f"'{{{','.join(str(cell.high) for cell in cells)}}}'"),
    }


def _differing(cells: Sequence[Cell], legacy: Sums, new: Sums) -> Iterator[tuple[Cell, int]]:
    """The cells whose sums differ."""
    nothing = (0, "")
    for number, cell in enumerate(cells, 1):
        one, other = legacy.get(number, nothing), new.get(number, nothing)
        if one != other:
            yield cell, max(one[0], other[0])


def _rows(sums: Sums) -> int:
    return sum(rows for rows, _ in sums.values())
