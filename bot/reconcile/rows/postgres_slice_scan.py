"""A stretch of both sides, read as it lies and cut into slices: for each its count, and its sum of hashes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.postgres_expressions import Expression
from bot.reconcile.rows.postgres_pair import PostgresPair
from bot.reconcile.rows.postgres_pipeline import both
from bot.reconcile.rows.postgres_ranges import Cell
from bot.reconcile.rows.postgres_slice import Slice, array_of
from bot.reconcile.rows.postgres_slices import Stretches

# Where a slice begins is looked up just before it is read, when its pages are wanted anyway. A row that was
# moved is no place to cut at, and any cuts in rising order will do, as long as all rows lie between two of
# them: so the first row of a key that lies behind that of the next key is passed over, and so is one that
# lies before that of an earlier key.
_SUMS = sql.SQL(
    "WITH edge AS MATERIALIZED (SELECT edge_number, (SELECT compared.ctid FROM {relation}"
    " WHERE {axis} >= edge_key ORDER BY {axis} LIMIT 1) AS edge_place FROM unnest({lows}::int8[])"
    " WITH ORDINALITY AS one (edge_key, edge_number)),"
    " risen AS MATERIALIZED (SELECT edge_number, edge_place, edge_number > 1 AND edge_place > {begin}::tid"
    " AND edge_place < {end}::tid AND (edge_place <= lead(edge_place) OVER (ORDER BY edge_number))"
    " IS NOT FALSE AS is_cut FROM edge),"
    " cut AS MATERIALIZED (SELECT edge_number, coalesce(max(edge_place) FILTER (WHERE is_cut)"
    " OVER (ORDER BY edge_number), {begin}::tid) AS slice_begin FROM risen),"
    " slice AS MATERIALIZED (SELECT edge_number, slice_begin, lead(slice_begin, 1, {end}::tid)"
    " OVER (ORDER BY edge_number) AS slice_end FROM cut)"
    " SELECT found.rows, found.hashes, slice_begin::text, slice_end::text FROM slice, LATERAL"
    " (SELECT count(*) AS rows, sum({hash})::text AS hashes FROM {relation}"
    " WHERE compared.ctid >= slice_begin AND compared.ctid < slice_end AND {chosen}) AS found"
    " ORDER BY edge_number"
)


@dataclass(frozen=True)
class _Sum:
    """What one side says of a slice, and where it begins and ends there."""

    rows: int
    hashes: str | None
    begin: str
    end: str

    def with_next(self, after: "_Sum") -> "_Sum":
        """Both as one."""
        sums = [int(one.hashes) for one in (self, after) if one.hashes is not None]
        return _Sum(self.rows + after.rows, str(sum(sums)) if sums else None, self.begin, after.end)


@dataclass(frozen=True)
class _Both:
    """A slice's keys, and what both sides say of it."""

    keys: Cell
    legacy: _Sum
    new: _Sum

    @property
    def has_no_place(self) -> bool:
        """Whether a side was not cut where it begins: what rows it has there lie in the next."""
        return self.legacy.begin == self.legacy.end or self.new.begin == self.new.end

    @property
    def rows(self) -> int:
        """Of both sides."""
        return self.legacy.rows + self.new.rows

    def with_next(self, after: "_Both") -> "_Both":
        """Both as one."""
        keys = Cell(self.keys.low, after.keys.high)
        return _Both(keys, self.legacy.with_next(after.legacy), self.new.with_next(after.new))

    def differs(self) -> bool:
        """Whether the sides do."""
        return (self.legacy.rows, self.legacy.hashes) != (self.new.rows, self.new.hashes)

    def to_look_at(self) -> Slice:
        """As it is looked at again."""
        legacy, new = self.legacy, self.new
        bounds: dict[Side, tuple[str, str]] = {
            "legacy": (legacy.begin, legacy.end),
            "new": (new.begin, new.end),
        }
        return Slice(self.keys, max(legacy.rows, new.rows), bounds)


@dataclass(frozen=True)
class Scanned:
    """How many rows were read of each side, the slices that differ, and their share of the rows."""

    rows: Mapping[Side, int]
    differing: list[Slice]
    share: float


class SliceScan:
    """Asks both sides; `of_side` has the expressions of each: hash, keys, relation, axis, chosen."""

    def __init__(
        self, *, pair: PostgresPair, stretches: Stretches, of_side: Mapping[Side, Mapping[str, Expression]]
    ) -> None:
        self._pair = pair
        self._stretches = stretches
        self._of_side = of_side

    async def stretch(self, number: int, *, slices: int) -> Scanned:
        """Read a stretch in about so many slices."""
        cells = list(self._stretches.keys(number).cut(slices))
        legacy, new = await both(self._sums("legacy", number, cells), self._sums("new", number, cells))
        differing = [one for one in _aligned(map(_Both, cells, legacy, new)) if one.differs()]
        rows: dict[Side, int] = {
            "legacy": sum(one.rows for one in legacy),
            "new": sum(one.rows for one in new),
        }
        share = sum(one.rows for one in differing) / max(sum(rows.values()), 1)
        return Scanned(rows, [one.to_look_at() for one in differing], share)

    async def _sums(self, side: Side, number: int, cells: Sequence[Cell]) -> list[_Sum]:
        begin, end = self._stretches.bounds(side, number)
        query = _SUMS.format(
            **self._of_side[side],
            begin=sql.Literal(begin),
            end=sql.Literal(end),
            lows=array_of(cell.low for cell in cells),
        )
        return [
            _Sum(int(str(rows)), None if hashes is None else str(hashes), str(first), str(last))
            for rows, hashes, first, last in await self._pair.side(side).ask(query)
        ]


def _aligned(slices: Iterable[_Both]) -> Iterator[_Both]:
    """The slices, each that has no place of its own joined to the next."""
    waiting: _Both | None = None
    for one in slices:
        joined = one if waiting is None else waiting.with_next(one)
        waiting = joined if joined.has_no_place else None
        if waiting is None:
            yield joined
    if waiting is not None:
        yield waiting
