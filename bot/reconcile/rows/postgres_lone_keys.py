"""Slices in which the rows of one key alone differ: two sums tell which key that is.

Where that is so, the sides' sums of (a row's hash times its key) differ by (the difference of the sums of the
hashes) times that key. Which is no more than a guess: the key is looked up, and it is the only one when its
rows that lie there make up all of the difference of the slice's count and sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.postgres_expressions import Expression
from bot.reconcile.rows.postgres_odd_row import HashedRow, odd_rows
from bot.reconcile.rows.postgres_pair import PostgresPair
from bot.reconcile.rows.postgres_pipeline import both
from bot.reconcile.rows.postgres_side import Answer
from bot.reconcile.rows.postgres_slice import Slice, array_of, placed

# Of the hash and of the key 31 bits each, so that their product fits into an int8. To take the first key away
# would not always fit; its bits do as well. OFFSET keeps the hash from being made twice.
_SUMS = sql.SQL(
    "SELECT found.* FROM unnest({begins}::tid[], {ends}::tid[], {lows}::int8[]) WITH ORDINALITY AS slice"
    " (slice_begin, slice_end, slice_low, slice_number), LATERAL (SELECT count(*), sum(hash)::text,"
    " sum(hash & 2147483647)::text, sum((hash & 2147483647) * ((key # slice_low) & 2147483647))::text"
    " FROM (SELECT {hash} AS hash, {axis}::int8 AS key FROM {relation} WHERE compared.ctid >= slice_begin"
    " AND compared.ctid < slice_end AND {chosen} OFFSET 0) AS lying) AS found ORDER BY slice_number"
)
_ROWS = sql.SQL(
    "SELECT key_number::int, found.* FROM unnest({axes}::int8[], {begins}::tid[], {ends}::tid[])"
    " WITH ORDINALITY AS wanted (key_axis, slice_begin, slice_end, key_number), LATERAL (SELECT"
    " compared.ctid >= slice_begin AND compared.ctid < slice_end, {keys}, {hash} FROM {relation}"
    " WHERE {axis} = key_axis AND {chosen}) AS found"
)
_BITS = 31


@dataclass
class _Rows:
    """A key's rows on one side; of those in the slice, count and sum of the hashes."""

    found: set[HashedRow] = field(default_factory=set)
    lying: int = 0
    hashes: int = 0


@dataclass(frozen=True)
class _Guess:
    """A slice, its lone key, and by how much legacy's rows there are more, and their hashes greater."""

    slice: Slice
    key: int
    rows: int
    hashes: int

    @classmethod
    def of(cls, one: Slice, legacy: Sequence[object], new: Sequence[object]) -> "_Guess | None":
        """From what both sides say of the slice; None where no key makes up what they differ by."""
        sums = zip(legacy, new, strict=True)
        rows, hashes, bits, products = (int(str(mine or 0)) - int(str(theirs or 0)) for mine, theirs in sums)
        if not bits or products % bits:
            return None
        key = one.keys.low ^ (products // bits)
        if not (0 <= products // bits < 1 << _BITS and one.keys.low <= key <= one.keys.high):
            return None
        return cls(one, key, rows, hashes)

    def is_right(self, legacy: _Rows, new: _Rows) -> bool:
        """Whether the key's rows make up what the sides of the slice differ by."""
        return (self.rows, self.hashes) == (legacy.lying - new.lying, legacy.hashes - new.hashes)


class LoneKeys:
    """Asks both sides; `of_side` has the expressions of each: hash, keys, relation, axis, chosen."""

    def __init__(self, *, pair: PostgresPair, of_side: Mapping[Side, Mapping[str, Expression]]) -> None:
        self._pair = pair
        self._of_side = of_side

    async def find(self, slices: Sequence[Slice]) -> list[Slice]:
        """Note the odd rows of each slice whose rows are all of one key; the others are left."""
        legacy, new = await both(self._sums("legacy", slices), self._sums("new", slices))
        guesses = [_Guess.of(*one) for one in zip(slices, legacy, new, strict=True)]
        made = [guess for guess in guesses if guess is not None]
        if not made:
            return list(slices)
        mine, theirs = await both(self._rows("legacy", made), self._rows("new", made))
        for guess, one, other in zip(made, mine, theirs, strict=True):
            if guess.is_right(one, other):
                guess.slice.lone = odd_rows(one.found, other.found)
        return [one for one in slices if one.lone is None]

    async def _sums(self, side: Side, slices: Sequence[Slice]) -> Answer:
        return await self._pair.side(side).ask(_SUMS.format(**self._of_side[side], **placed(slices, side)))

    async def _rows(self, side: Side, guesses: Sequence[_Guess]) -> list[_Rows]:
        slices = [guess.slice for guess in guesses]
        axes = array_of(guess.key for guess in guesses)
        query = _ROWS.format(**self._of_side[side], **placed(slices, side), axes=axes)
        rows = [_Rows() for _ in guesses]
        for number, lies, *row in await self._pair.side(side).ask(query):
            one = rows[int(str(number)) - 1]
            one.found.add(tuple(row))
            if lies:
                one.lying += 1
                one.hashes += int(str(row[-1]))
        return rows
