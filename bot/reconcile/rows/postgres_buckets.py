"""PostgreSQL sides whose rows lie in no order that a query could follow: sums by buckets of the key's hash.

Each side is read once from its first page to its last, in a few slices where it is a large table, and once
more for the rows of the buckets that differ, if any do.
"""

from collections.abc import Iterator
from functools import partial

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.postgres_expressions import Expression, own_column
from bot.reconcile.rows.postgres_hash import RowHash
from bot.reconcile.rows.postgres_odd_row import odd_rows
from bot.reconcile.rows.postgres_pair import BOTH, KeyText, PostgresPair, UnsuitedError
from bot.reconcile.rows.postgres_pipeline import both, in_order
from bot.reconcile.rows.postgres_side import Answer
from bot.reconcile.rows.postgres_verdicts import Verdicts

_BUCKET_ROWS = 128
_MOST_BUCKETS = 65_536
_SLICE_ROWS = 32 * _MOST_BUCKETS
"""A slice gives up to as many numbers as there are buckets; so that these are few beside its rows."""

_MOST_HASHES = 200_000
"""Rows of differing buckets that are held at once: some tens of megabytes."""

_PLANNER = {"work_mem": "64MB"}
_SUMS = sql.SQL(
    "SELECT {bucket}, count(*), sum({hash})::text FROM {relation} WHERE {slice} AND {chosen} GROUP BY 1"
)
_HASHES = sql.SQL("SELECT {keys}, {hash} FROM {relation} WHERE {chosen} AND {bucket} = ANY({buckets})")
_TWICE = sql.SQL(
    "SELECT {keys} FROM {relation} WHERE {chosen} GROUP BY {names} HAVING count(*) > 1 LIMIT {most}"
)


class BucketSums:
    """Finds the keys whose rows may differ, whatever the order of the rows."""

    def __init__(self, *, pair: PostgresPair, row_hash: RowHash) -> None:
        self._pair = pair
        rows = max(pair.legacy_table.rows, pair.new_table.rows, 1)
        wanted = rows / _BUCKET_ROWS
        self._buckets = min(_MOST_BUCKETS, 1 << max(4, round(wanted).bit_length()))
        self._parts = {side: self._of_side(side, row_hash) for side in BOTH}
        self._counts = {side: [0] * self._buckets for side in BOTH}
        self._sums = {side: [0] * self._buckets for side in BOTH}

    async def compare(self, collector: Collector, verdicts: Verdicts) -> None:
        """Counts all rows, and judges the keys that may differ.

        Raises SourceError and CalledOffError, and UnsuitedError, nothing told yet, where so many buckets
        differ that reading every row once in order is the better way.
        """
        for side in BOTH:
            self._pair.side(side).tune(_PLANNER)
        await self._summed(collector)
        candidates = await self._candidates()
        collector.count(legacy=sum(self._counts["legacy"]), new=sum(self._counts["new"]))
        await verdicts.judge_nulls()
        await verdicts.judge(candidates)

    async def _summed(self, collector: Collector) -> None:
        slices = [(side, one) for side in BOTH for one in self._slices(side)]
        rows = round(self._pair.legacy_table.rows + self._pair.new_table.rows)
        # Slices of both sides by turns, so that both are read at the same time.
        halves = [[one for one in slices if one[0] == side] for side in BOTH]
        turns = sorted(slices, key=lambda one: halves[BOTH.index(one[0])].index(one))
        ahead = 2 * sum(self._pair.side(side).place.spec.connections for side in BOTH)
        done = in_order(turns, self._sum_slice, ahead=ahead)
        number = 0
        try:
            async for _ in done:
                number += 1
                await collector.advance(chunks=number, rows_total=rows, chunks_total=len(slices))
        finally:
            await done.aclose()

    async def _sum_slice(self, one: tuple[Side, Expression]) -> None:
        side, slice_ = one
        counts, sums = self._counts[side], self._sums[side]
        for bucket, rows, hashes in await self._pair.side(side).ask(
            _SUMS.format(**self._parts[side], slice=slice_)
        ):
            place = int(str(bucket))
            counts[place] += int(str(rows))
            sums[place] += int(str(hashes))

    async def _candidates(self) -> list[KeyText]:
        legacy, new = self._counts["legacy"], self._counts["new"]
        bad = [
            bucket
            for bucket in range(self._buckets)
            if legacy[bucket] != new[bucket] or self._sums["legacy"][bucket] != self._sums["new"][bucket]
        ]
        if sum(max(legacy[bucket], new[bucket]) for bucket in bad) > _MOST_HASHES:
            raise UnsuitedError("too many rows may differ")
        found: list[KeyText] = []
        if bad:
            odd = odd_rows(*await both(self._hashes("legacy", bad), self._hashes("new", bad)))
            found = [row.key for row in odd]
        for side in BOTH:
            if not self._pair.is_unique(side):
                found += await self._repeated(side)
        return found

    async def _hashes(self, side: Side, buckets: list[int]) -> Answer:
        query = _HASHES.format(**self._parts[side], buckets=sql.Literal(buckets))
        return await self._pair.side(side).ask(query)

    async def _repeated(self, side: Side) -> list[KeyText]:
        query = _TWICE.format(**self._parts[side], most=sql.Literal(_MOST_HASHES + 1))
        answer = await self._pair.side(side).ask(query)
        if len(answer) > _MOST_HASHES:
            raise UnsuitedError("too many keys are there twice")
        return [tuple(str(part) for part in row) for row in answer]

    def _slices(self, side: Side) -> Iterator[Expression]:
        table = self._pair.table(side)
        slices = max(1, round(table.rows / _SLICE_ROWS)) if table.pages else 1
        pages = -(-table.pages // slices)
        for number in range(slices):
            low = sql.SQL("compared.ctid >= {}::tid").format(sql.Literal(f"({number * pages},0)"))
            high = sql.SQL("compared.ctid < {}::tid").format(sql.Literal(f"({(number + 1) * pages},0)"))
            # Neither end has a bound: pages that came after the count belong to it.
            bounds = ([low] if number else []) + ([high] if number < slices - 1 else [])
            yield sql.SQL(" AND ").join([sql.SQL("true"), *bounds])

    def _of_side(self, side: Side, row_hash: RowHash) -> dict[str, Expression]:
        pair = self._pair
        mask = partial(sql.SQL("({} & {})").format, row_hash(pair.keys, side))
        return {
            "bucket": mask(sql.Literal(self._buckets - 1)),
            "hash": row_hash((*pair.values, *pair.keys), side),
            "relation": pair.table(side).relation,
            "chosen": pair.chosen(side),
            "keys": pair.key_texts(side),
            "names": sql.SQL(", ").join(map(own_column, pair.key_columns(side))),
        }
