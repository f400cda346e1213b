"""Two PostgreSQL databases whose rows lie in the order of a whole-number key: sums of row hashes by slice.

First each side is read as it lies, for the price of a scan, in stretches that are cut into slices. The whole
row is in its hash, key included, so that sides whose slices agree are equal, in whatever order the rows of a
slice lie. A slice that differs is read as it lies once more, for the parts of its keys that differ, which are
then looked at row by row, and for the rows that lie in it though their keys belong elsewhere.
"""

from collections.abc import Iterator, Sequence

from bot.domain.playbook.places import Side
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.postgres_expressions import Expression, own_column
from bot.reconcile.rows.postgres_hash import RowHash
from bot.reconcile.rows.postgres_lone_keys import LoneKeys
from bot.reconcile.rows.postgres_odd_row import OddRow
from bot.reconcile.rows.postgres_pair import BOTH, PostgresPair
from bot.reconcile.rows.postgres_pipeline import in_order
from bot.reconcile.rows.postgres_slice import Slice
from bot.reconcile.rows.postgres_slice_parts import SliceParts
from bot.reconcile.rows.postgres_slice_scan import SliceScan
from bot.reconcile.rows.postgres_slices import Stretches
from bot.reconcile.rows.postgres_sums import RangeSums
from bot.reconcile.rows.postgres_table import rendered
from bot.reconcile.rows.postgres_verdicts import Verdicts

_FIRST = 4
"""Stretches from all over the table, read first: they tell whether this way is a good one."""

_LARGE, _SMALL = 4096, 256
"""Rows of a slice. A small one costs more to be found, and less to be looked at again."""

_MANY, _FEW = 0.12, 0.007
"""Of the rows, how many lie in slices that differ: so many want small ones, so few large ones."""

_MOST_DIFFERING = 0.6
_REFINED_AT_ONCE = 8192
"""Lone keys, and rows of parts that differ, looked at together."""

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


class TooDisorderlyError(Exception):
    """So many slices differ that reading by the index is better. Nothing is counted or told yet."""


class SliceSums:
    """Finds the keys whose rows may differ; no key may be twice on a side. `cells` looks at what differs."""

    def __init__(
        self, *, pair: PostgresPair, stretches: Stretches, row_hash: RowHash, cells: RangeSums
    ) -> None:
        self._pair = pair
        self._stretches = stretches
        self._cells = cells
        self._of_side = {
            side: {
                name: rendered(part)
                for name, part in self._expressions(side, row_hash((*pair.values, *pair.keys), side)).items()
            }
            for side in BOTH
        }
        self._hashes = {side: parts["hash"] for side, parts in self._of_side.items()}
        self._stretch_rows = max(pair.legacy_table.rows, pair.new_table.rows) / len(stretches)
        self._slice_rows = _SMALL
        self._read = dict.fromkeys(BOTH, 0)
        self._done = 0
        self._scan = SliceScan(pair=pair, stretches=stretches, of_side=self._of_side)
        self._lone_keys = LoneKeys(pair=pair, of_side=self._of_side)
        self._parts = SliceParts(pair=pair, of_side=self._of_side)
        self._bad: list[Slice] = []
        self._unknown: list[Slice] = []

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
        await self._look_again(self._unknown)

    async def _sum(self, number: int) -> float:
        """The share of a stretch's rows that lie in slices which differ."""
        rows = self._slice_rows
        scanned = await self._scan.stretch(number, slices=max(1, round(self._stretch_rows / rows)))
        for side in BOTH:
            self._read[side] += scanned.rows[side]
        share, bad = scanned.share, scanned.differing
        if rows == _LARGE and share > _MANY:
            self._slice_rows = _SMALL
        elif rows == _SMALL and share < _FEW:
            self._slice_rows = _LARGE
        self._bad += bad
        self._done += 1
        # Each question has a price of its own; one that reads more than a stretch would outlast its time-out.
        unknown = [*self._unknown, *bad]
        if sum(one.rows for one in unknown) <= self._stretch_rows:
            self._unknown = unknown
        else:
            unknown, self._unknown = self._unknown, bad
            await self._look_again(unknown)
        return share

    async def _look_again(self, slices: Sequence[Slice]) -> None:
        """At slices that differ, for what does so in them."""
        if slices and (left := await self._lone_keys.find(slices)):
            await self._parts.find(left)

    async def _strays(self, bad: Sequence[Slice]) -> list[OddRow]:
        """The rows in a slice that is not theirs, which have no equal there on the other side."""
        wanted = [one for one in bad if one.strays]
        found: list[OddRow] = []
        for start in range(0, len(wanted), _STRAYS_OF):
            some = wanted[start : start + _STRAYS_OF]
            strays = await self._parts.strays(some, most=_MOST_STRAYS)
            if strays is None or len(found) + len(strays) > _MOST_STRAYS:
                raise TooDisorderlyError
            found += strays
        return sorted(found, key=_axis)

    async def _refined(
        self, bad: Sequence[Slice], strays: list[OddRow], collector: Collector, verdicts: Verdicts
    ) -> None:
        self._cells.tune()
        ahead = 2 * max(self._pair.side(side).place.spec.connections for side in BOTH)
        done = in_order(_batches(bad), self._looked_at, ahead=ahead)
        judged = 0
        try:
            async for last, odd in done:
                until = judged
                while until < len(strays) and _axis(strays[until]) <= last:
                    until += 1
                await verdicts.judge_odd([*odd, *strays[judged:until]], self._hashes)
                judged = until
                await self._advance(collector)
        finally:
            await done.aclose()
        await verdicts.judge_odd(strays[judged:], self._hashes)

    async def _looked_at(self, slices: Sequence[Slice]) -> tuple[int, list[OddRow]]:
        """The last key of some slices, and their odd rows."""
        parts = await self._cells.odd_rows(part for one in slices for part in one.differing())
        return slices[-1].keys.high, [row for one in slices for row in one.lone or ()] + parts

    async def _advance(self, collector: Collector) -> None:
        rows = round(self._pair.legacy_table.rows + self._pair.new_table.rows)
        await collector.advance(
            chunks=self._done,
            rows=sum(self._read.values()),
            rows_total=rows,
            chunks_total=len(self._stretches),
        )

    def _expressions(self, side: Side, row_hash: Expression) -> dict[str, Expression]:
        return {
            "hash": row_hash,
            "relation": self._pair.table(side).relation,
            "axis": own_column(self._pair.key_columns(side)[0]),
            "chosen": self._pair.chosen(side),
            "keys": self._pair.key_texts(side),
        }


def _axis(row: OddRow) -> int:
    return int(row.key[0])


def _batches(bad: Sequence[Slice]) -> Iterator[list[Slice]]:
    batch, rows = list[Slice](), 0
    for one in bad:
        batch.append(one)
        rows += one.differing_rows
        if rows >= _REFINED_AT_ONCE:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch
