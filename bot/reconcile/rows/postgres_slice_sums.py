"""Two PostgreSQL databases whose rows lie in the order of a whole-number key: sums of row hashes by slice.

First each side is read as it lies, for the price of a scan, in stretches that are cut into slices. The whole
row is in its hash, key included, so that sides whose slices agree are equal, in whatever order the rows of a
slice lie. Where a slice differs, its keys are looked at again by the index, and so is every row that lies in
it though its key belongs elsewhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.postgres_expressions import Expression, own_column
from bot.reconcile.rows.postgres_hash import RowHash
from bot.reconcile.rows.postgres_pair import BOTH, KeyText, PostgresPair
from bot.reconcile.rows.postgres_pipeline import both, in_order
from bot.reconcile.rows.postgres_ranges import Cell
from bot.reconcile.rows.postgres_slices import Stretches
from bot.reconcile.rows.postgres_sums import RangeSums
from bot.reconcile.rows.postgres_table import rendered, trusted
from bot.reconcile.rows.postgres_verdicts import Verdicts

_FIRST = 4
"""Stretches from all over the table, read first: they tell whether this way is a good one."""

_LARGE, _SMALL = 4096, 256
"""Rows of a slice. A small one costs more to be found, and less to be looked at again."""

_MANY, _FEW = 0.12, 0.007
"""Of a stretch's slices: so many large ones differ that small ones are better, or so few small ones."""

_MOST_DIFFERING = 0.6
_REFINED_AT_ONCE = 32_768
_STRAYS_OF = 64
_MOST_STRAYS = 50_000
"""Rows out of order in slices that differ, held at once: some megabytes."""

_PLANNER = {
    "enable_seqscan": "off",
    "enable_indexscan": "on",
    "enable_tidscan": "on",
    # The system reads ahead of a scan by itself, and to hand each page over costs more than it gives.
    "effective_io_concurrency": "0",
    "max_parallel_workers_per_gather": "0",
}
# Where a slice begins is looked up just before it is read, when its pages are wanted anyway. A row that was
# moved is no place to cut at; any cuts in rising order will do, as long as all rows lie between two of them.
_SUMS = sql.SQL(
    "WITH edge AS MATERIALIZED (SELECT edge_number, (SELECT compared.ctid FROM {relation}"
    " WHERE {axis} >= edge_key ORDER BY {axis} LIMIT 1) AS edge_place FROM unnest({lows}::int8[])"
    " WITH ORDINALITY AS one (edge_key, edge_number)),"
    " cut AS MATERIALIZED (SELECT edge_number, coalesce(max(edge_place) FILTER (WHERE edge_number > 1"
    " AND edge_place > {begin}::tid AND edge_place < {end}::tid) OVER (ORDER BY edge_number), {begin}::tid)"
    " AS slice_begin FROM edge),"
    " slice AS MATERIALIZED (SELECT edge_number, slice_begin, lead(slice_begin, 1, {end}::tid)"
    " OVER (ORDER BY edge_number) AS slice_end FROM cut)"
    " SELECT found.rows, found.hashes, slice_begin::text, slice_end::text FROM slice, LATERAL"
    " (SELECT count(*) AS rows, sum({hash})::text AS hashes FROM {relation}"
    " WHERE compared.ctid >= slice_begin AND compared.ctid < slice_end AND {chosen}) AS found"
    " ORDER BY edge_number"
)
# OFFSET keeps the planner from making a join of it, which would read the whole table.
_STRAYS = sql.SQL(
    "SELECT slice_number, found.* FROM unnest({begins}::tid[], {ends}::tid[], {lows}::int8[],"
    " {highs}::int8[]) WITH ORDINALITY AS slice (slice_begin, slice_end, slice_low, slice_high,"
    " slice_number), LATERAL (SELECT {keys}, {hash} FROM {relation} WHERE compared.ctid >= slice_begin"
    " AND compared.ctid < slice_end AND ({axis} < slice_low OR {axis} > slice_high) AND {chosen}"
    " OFFSET 0) AS found LIMIT {most}"
)


class TooDisorderlyError(Exception):
    """So many slices differ that reading by the index is better. Nothing is counted or told yet."""


@dataclass(frozen=True)
class _Sum:
    """What one side says of a slice, and where it begins and ends."""

    rows: int
    hashes: str
    bounds: tuple[str, str]


@dataclass(frozen=True)
class _Slice:
    """One that differs: its keys, the rows of the fuller side, where it begins and ends on each side."""

    keys: Cell
    rows: int
    bounds: dict[Side, tuple[str, str]]


class SliceSums:
    """Finds the keys whose rows may differ; no key may be twice on a side. `cells` looks at what differs."""

    def __init__(
        self, *, pair: PostgresPair, stretches: Stretches, row_hash: RowHash, cells: RangeSums
    ) -> None:
        self._pair = pair
        self._stretches = stretches
        self._cells = cells
        self._parts = {
            side: {
                name: rendered(part)
                for name, part in self._of_side(side, row_hash((*pair.values, *pair.keys), side)).items()
            }
            for side in BOTH
        }
        self._stretch_rows = max(pair.legacy_table.rows, pair.new_table.rows) / len(stretches)
        self._slice_rows = _LARGE
        self._read = dict.fromkeys(BOTH, 0)
        self._done = 0
        self._bad: list[_Slice] = []

    async def compare(self, collector: Collector, verdicts: Verdicts) -> None:
        """Counts all rows, and judges the keys that may differ.

        Raises SourceError and CalledOffError, and TooDisorderlyError.
        """
        for side in BOTH:
            self._pair.side(side).tune(_PLANNER)
        await self._summed(collector)
        bad = sorted(self._bad, key=lambda one: one.keys.low)
        strays = await self._strays(bad)
        await verdicts.judge_nulls()
        collector.count(legacy=self._read["legacy"], new=self._read["new"])
        await self._refined(bad, strays, collector, verdicts)

    async def _summed(self, collector: Collector) -> None:
        numbers = range(len(self._stretches))
        # From the last one on, where rows lie that were moved.
        first = numbers[:: len(numbers) // -_FIRST]
        differing = 0.0
        # One by one: a query that is given up ends its connection's snapshot.
        for number in first:
            differing = await self._sum(number)
            await self._advance(collector)
        if differing > _MOST_DIFFERING:
            raise TooDisorderlyError
        ahead = 2 * max(self._pair.side(side).place.spec.connections for side in BOTH)
        others = (number for number in numbers if number not in first)
        done = in_order(others, self._sum, ahead=ahead)
        try:
            async for _ in done:
                await self._advance(collector)
        finally:
            await done.aclose()

    async def _sum(self, number: int) -> float:
        """The share of a stretch's slices that differ."""
        rows = self._slice_rows
        cells = list(self._stretches.keys(number).cut(max(1, round(self._stretch_rows / rows))))
        legacy, new = await both(self._sums("legacy", number, cells), self._sums("new", number, cells))
        found = 0
        for cell, one, other in zip(cells, legacy, new, strict=True):
            self._read["legacy"] += one.rows
            self._read["new"] += other.rows
            if (one.rows, one.hashes) != (other.rows, other.hashes):
                found += 1
                bounds: dict[Side, tuple[str, str]] = {"legacy": one.bounds, "new": other.bounds}
                self._bad.append(_Slice(cell, max(one.rows, other.rows), bounds))
        self._done += 1
        share = found / len(cells)
        if rows == _LARGE and share > _MANY:
            self._slice_rows = _SMALL
        elif rows == _SMALL and share < _FEW:
            self._slice_rows = _LARGE
        return share

    async def _sums(self, side: Side, number: int, cells: Sequence[Cell]) -> list[_Sum]:
        begin, end = self._stretches.bounds(side, number)
        query = _SUMS.format(
            **self._parts[side],
            begin=sql.Literal(begin),
            end=sql.Literal(end),
            lows=_array(cell.low for cell in cells),
        )
        return [
            _Sum(int(str(rows)), str(hashes), (str(first), str(last)))
            for rows, hashes, first, last in await self._pair.side(side).ask(query)
        ]

    async def _strays(self, bad: Sequence[_Slice]) -> list[KeyText]:
        """The keys of rows in a slice that is not theirs, which have no equal there on the other side."""
        found: list[KeyText] = []
        for start in range(0, len(bad), _STRAYS_OF):
            some = bad[start : start + _STRAYS_OF]
            legacy, new = await both(self._outside("legacy", some), self._outside("new", some))
            found += [tuple(str(part) for part in row[1:-1]) for row in legacy ^ new]
            if max(len(legacy), len(new), len(found)) > _MOST_STRAYS:
                raise TooDisorderlyError
        return sorted(found, key=_axis)

    async def _outside(self, side: Side, slices: Sequence[_Slice]) -> set[tuple[object, ...]]:
        query = _STRAYS.format(
            **self._parts[side],
            begins=_array(f'"{one.bounds[side][0]}"' for one in slices),
            ends=_array(f'"{one.bounds[side][1]}"' for one in slices),
            lows=_array(one.keys.low for one in slices),
            highs=_array(one.keys.high for one in slices),
            most=sql.Literal(_MOST_STRAYS + 1),
        )
        return set(await self._pair.side(side).ask(query))

    async def _refined(
        self, bad: Sequence[_Slice], strays: list[KeyText], collector: Collector, verdicts: Verdicts
    ) -> None:
        self._cells.tune()
        ahead = 2 * max(self._pair.side(side).place.spec.connections for side in BOTH)
        done = in_order(_batches(bad), self._looked_at, ahead=ahead)
        judged = 0
        try:
            async for last, candidates in done:
                until = judged
                while until < len(strays) and _axis(strays[until]) <= last:
                    until += 1
                await verdicts.judge([*candidates, *strays[judged:until]])
                judged = until
                await self._advance(collector)
        finally:
            await done.aclose()
        await verdicts.judge(strays[judged:])

    async def _looked_at(self, slices: Sequence[_Slice]) -> tuple[int, list[KeyText]]:
        """The last key of some slices, and the keys among theirs that may differ."""
        return slices[-1].keys.high, await self._cells.candidates((one.keys, one.rows) for one in slices)

    async def _advance(self, collector: Collector) -> None:
        rows = round(self._pair.legacy_table.rows + self._pair.new_table.rows)
        await collector.advance(
            chunks=self._done,
            rows=sum(self._read.values()),
            rows_total=rows,
            chunks_total=len(self._stretches),
        )

    def _of_side(self, side: Side, row_hash: Expression) -> dict[str, Expression]:
        return {
            "hash": row_hash,
            "relation": self._pair.table(side).relation,
            "axis": own_column(self._pair.key_columns(side)[0]),
            "chosen": self._pair.chosen(side),
            "keys": self._pair.key_texts(side),
        }


def _axis(key: KeyText) -> int:
    return int(key[0])


def _batches(bad: Sequence[_Slice]) -> Iterator[list[_Slice]]:
    batch, rows = list[_Slice](), 0
    for one in bad:
        batch.append(one)
        rows += one.rows
        if rows >= _REFINED_AT_ONCE:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _array(values: Iterable[object]) -> Expression:
    return trusted(f"'{{{','.join(map(str, values))}}}'")
