"""Two PostgreSQL databases whose rows lie in the order of a whole-number key: sums of row hashes by slice.

First each side is read as it lies, for the price of a scan. The whole row is in its hash, key included, so
that sides whose slices agree are equal, in whatever order the rows of a slice lie. Where a slice differs, its
keys are looked at again by the index, and so is every row that lies in it though its key belongs elsewhere.
"""

from array import array
from collections.abc import Iterator, Sequence

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.postgres_expressions import Expression, own_column
from bot.reconcile.rows.postgres_hash import RowHash
from bot.reconcile.rows.postgres_pair import BOTH, KeyText, PostgresPair
from bot.reconcile.rows.postgres_pipeline import both, in_order
from bot.reconcile.rows.postgres_slices import Slices
from bot.reconcile.rows.postgres_sums import RangeSums
from bot.reconcile.rows.postgres_table import rendered, trusted
from bot.reconcile.rows.postgres_verdicts import Verdicts

SIZES = ((4096, 0.1), (512, 0.4))
"""Rows of a slice, and the share that may differ, which is read twice. Small slices cost more to be found."""

_ROWS_AT_ONCE = 131_072
_SAMPLE = 32
_REFINED_AT_ONCE = 32_768
_STRAYS_OF = 64
_MOST_STRAYS = 50_000
"""Rows out of order in slices that differ, held at once: some megabytes."""

_PLANNER = {
    "enable_seqscan": "off",
    "enable_tidscan": "on",
    # The system reads ahead of a scan by itself, and to hand each page over costs more than it gives.
    "effective_io_concurrency": "0",
    "max_parallel_workers_per_gather": "0",
}
_SUMS = sql.SQL(
    "SELECT found.rows, found.hashes FROM unnest({begins}::tid[], {ends}::tid[]) WITH ORDINALITY"
    " AS slice (slice_begin, slice_end, slice_number), LATERAL (SELECT count(*) AS rows, sum({hash})::text"
    " AS hashes FROM {relation} WHERE compared.ctid >= slice_begin AND compared.ctid < slice_end"
    " AND {chosen}) AS found ORDER BY slice_number"
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


class SliceSums:
    """Finds the keys whose rows may differ; no key may be twice on a side. `cells` looks at what differs.

    `most_differing` is the share of a sample of the slices that may.
    """

    def __init__(
        self,
        *,
        pair: PostgresPair,
        slices: Slices,
        most_differing: float,
        row_hash: RowHash,
        cells: RangeSums,
    ) -> None:
        self._pair = pair
        self._slices = slices
        self._most_differing = most_differing
        self._cells = cells
        self._parts = {
            side: {
                name: rendered(part)
                for name, part in self._of_side(side, row_hash((*pair.values, *pair.keys), side)).items()
            }
            for side in BOTH
        }
        self._read = dict.fromkeys(BOTH, 0)
        self._done = 0
        # Of slices that differ, the rows of the side that has more.
        self._bad: dict[int, int] = {}

    async def compare(self, collector: Collector, verdicts: Verdicts) -> None:
        """Counts all rows, and judges the keys that may differ.

        Raises SourceError and CalledOffError, and TooDisorderlyError.
        """
        for side in BOTH:
            self._pair.side(side).tune(_PLANNER)
        await self._summed(collector)
        bad = sorted(self._bad)
        strays = await self._strays(bad) if bad else []
        await verdicts.judge_nulls()
        collector.count(legacy=self._read["legacy"], new=self._read["new"])
        await self._refined(bad, strays, collector, verdicts)

    async def _summed(self, collector: Collector) -> None:
        sample, *chunks = self._chunks()
        await self._sum(sample)
        self._done = 1
        # Nothing else is under way: a query that is given up ends its connection's snapshot.
        if len(self._bad) > self._most_differing * len(sample):
            raise TooDisorderlyError
        ahead = 2 * max(self._pair.side(side).place.spec.connections for side in BOTH)
        done = in_order(chunks, self._sum, ahead=ahead)
        try:
            async for _ in done:
                self._done += 1
                await self._advance(collector, 1 + len(chunks))
        finally:
            await done.aclose()

    def _chunks(self) -> Iterator[Sequence[int]]:
        """The numbers of the slices of each query: first a few from all over the table, then all others."""
        slices = len(self._slices)
        # From the last on, in which rows lie that were moved.
        sample = range(slices)[:: slices // -_SAMPLE]
        yield sample
        others = array("q", [number for number in range(slices) if number not in sample])
        rows = max(self._pair.legacy_table.rows, self._pair.new_table.rows)
        at_once = max(1, round(_ROWS_AT_ONCE * slices / max(rows, 1)))
        for start in range(0, len(others), at_once):
            yield others[start : start + at_once]

    async def _sum(self, numbers: Sequence[int]) -> None:
        legacy, new = await both(self._sums("legacy", numbers), self._sums("new", numbers))
        for number, one, other in zip(numbers, legacy, new, strict=True):
            self._read["legacy"] += one[0]
            self._read["new"] += other[0]
            if one != other:
                self._bad[number] = max(one[0], other[0])

    async def _sums(self, side: Side, numbers: Sequence[int]) -> list[tuple[int, str]]:
        query = _SUMS.format(**self._parts[side], **self._slices.bounds(side, numbers))
        return [(int(str(rows)), str(hashes)) for rows, hashes in await self._pair.side(side).ask(query)]

    async def _strays(self, bad: Sequence[int]) -> list[KeyText]:
        """The keys of rows in a slice that is not theirs, which have no equal there on the other side."""
        found: list[KeyText] = []
        for start in range(0, len(bad), _STRAYS_OF):
            some = bad[start : start + _STRAYS_OF]
            legacy, new = await both(self._outside("legacy", some), self._outside("new", some))
            found += [tuple(str(part) for part in row[1:-1]) for row in legacy ^ new]
            if max(len(legacy), len(new), len(found)) > _MOST_STRAYS:
                raise TooDisorderlyError
        return sorted(found, key=_axis)

    async def _outside(self, side: Side, numbers: Sequence[int]) -> set[tuple[object, ...]]:
        keys = [self._slices.keys(number) for number in numbers]
        query = _STRAYS.format(
            **self._parts[side],
            **self._slices.bounds(side, numbers),
            lows=trusted(f"'{{{','.join(str(one.low) for one in keys)}}}'"),
            highs=trusted(f"'{{{','.join(str(one.high) for one in keys)}}}'"),
            most=sql.Literal(_MOST_STRAYS + 1),
        )
        return set(await self._pair.side(side).ask(query))

    async def _refined(
        self, bad: Sequence[int], strays: list[KeyText], collector: Collector, verdicts: Verdicts
    ) -> None:
        self._cells.tune()
        ahead = 2 * max(self._pair.side(side).place.spec.connections for side in BOTH)
        done = in_order(self._batches(bad), self._looked_at, ahead=ahead)
        judged = 0
        try:
            async for last, candidates in done:
                until = judged
                while until < len(strays) and _axis(strays[until]) <= last:
                    until += 1
                await verdicts.judge([*candidates, *strays[judged:until]])
                judged = until
                await self._advance(collector, self._done)
        finally:
            await done.aclose()
        await verdicts.judge(strays[judged:])

    def _batches(self, bad: Sequence[int]) -> Iterator[list[int]]:
        batch, rows = list[int](), 0
        for number in bad:
            batch.append(number)
            rows += self._bad[number]
            if rows >= _REFINED_AT_ONCE:
                yield batch
                batch, rows = [], 0
        if batch:
            yield batch

    async def _looked_at(self, numbers: Sequence[int]) -> tuple[int, list[KeyText]]:
        """The last key of some slices, and the keys among theirs that may differ."""
        cells = [(self._slices.keys(number), self._bad[number]) for number in numbers]
        return cells[-1][0].high, await self._cells.candidates(cells)

    async def _advance(self, collector: Collector, chunks_total: int) -> None:
        rows = round(self._pair.legacy_table.rows + self._pair.new_table.rows)
        read = sum(self._read.values())
        await collector.advance(chunks=self._done, rows=read, rows_total=rows, chunks_total=chunks_total)

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
