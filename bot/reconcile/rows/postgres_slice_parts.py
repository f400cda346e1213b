"""Slices in which rows of several keys differ: in which parts of their keys, and whether their strays do."""

from collections.abc import Mapping, Sequence

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.postgres_expressions import Expression
from bot.reconcile.rows.postgres_odd_row import OddRow, odd_rows
from bot.reconcile.rows.postgres_pair import PostgresPair
from bot.reconcile.rows.postgres_pipeline import both
from bot.reconcile.rows.postgres_side import Answer
from bot.reconcile.rows.postgres_slice import Slice, array_of, placed

# A shift rounds down on both sides of zero, and the difference of two keys would not always fit. OFFSET keeps
# the planner from making a join of it, which would read the whole table.
_SUMS = sql.SQL(
    "SELECT slice_number::int, found.part, count(*), sum(found.hash)::text FROM unnest({begins}::tid[],"
    " {ends}::tid[], {lows}::int8[], {highs}::int8[], {shifts}::int4[]) WITH ORDINALITY AS slice"
    " (slice_begin, slice_end, slice_low, slice_high, slice_shift, slice_number), LATERAL (SELECT"
    " CASE WHEN {axis} BETWEEN slice_low AND slice_high THEN {axis}::int8 >> slice_shift END AS part,"
    " {hash} AS hash FROM {relation} WHERE compared.ctid >= slice_begin AND compared.ctid < slice_end"
    " AND {chosen} OFFSET 0) AS found GROUP BY slice_number, found.part"
)
_STRAYS = sql.SQL(
    "SELECT found.* FROM unnest({begins}::tid[], {ends}::tid[], {lows}::int8[], {highs}::int8[]) AS slice"
    " (slice_begin, slice_end, slice_low, slice_high), LATERAL (SELECT {keys}, {hash} FROM {relation}"
    " WHERE compared.ctid >= slice_begin AND compared.ctid < slice_end"
    " AND ({axis} < slice_low OR {axis} > slice_high) AND {chosen} OFFSET 0) AS found LIMIT {most}"
)


class SliceParts:
    """Asks both sides; `of_side` has the expressions of each: hash, keys, relation, axis, chosen."""

    def __init__(self, *, pair: PostgresPair, of_side: Mapping[Side, Mapping[str, Expression]]) -> None:
        self._pair = pair
        self._of_side = of_side

    async def find(self, slices: Sequence[Slice]) -> None:
        """Note the parts of each that differ, and whether its strays do."""
        legacy, new = await both(self._sums("legacy", slices), self._sums("new", slices))
        fuller: dict[tuple[int, int | None], int] = {}
        for number, part, rows, _ in set(legacy) ^ set(new):
            which = int(str(number)), None if part is None else int(str(part))
            fuller[which] = max(fuller.get(which, 0), int(str(rows)))
        for number, part in sorted(fuller, key=lambda which: (which[0], which[1] or 0)):
            if part is None:
                slices[number - 1].strays = True
            else:
                slices[number - 1].parts.extend((part, fuller[number, part]))

    async def strays(self, slices: Sequence[Slice], *, most: int) -> list[OddRow] | None:
        """The strays that have no equal there on the other side; None when a side has more strays."""
        legacy, new = await both(
            self._strays("legacy", slices, most=most), self._strays("new", slices, most=most)
        )
        if max(len(legacy), len(new)) > most:
            return None
        return odd_rows(legacy, new)

    async def _sums(self, side: Side, slices: Sequence[Slice]) -> Answer:
        shifts = array_of(one.shift for one in slices)
        query = _SUMS.format(**self._of_side[side], **placed(slices, side), shifts=shifts)
        return await self._pair.side(side).ask(query)

    async def _strays(self, side: Side, slices: Sequence[Slice], *, most: int) -> Answer:
        query = _STRAYS.format(**self._of_side[side], **placed(slices, side), most=sql.Literal(most + 1))
        return await self._pair.side(side).ask(query)
