"""The ordered merge: both sides streamed in the order of their keys, whatever they are."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from bot.reconcile.rows.batch import Batch, joined
from bot.reconcile.rows.cells import RowDefinition
from bot.reconcile.rows.chunk import MergeKey, Suspect, suspects
from bot.reconcile.rows.keys import place_of
from bot.reconcile.rows.stream import SideStream

_KEPT_OF_A_KEY = 2
"""Rows of one key that are enough to see that there are several."""


@dataclass(frozen=True)
class Merged:
    """So many more rows of each side were read, and these of their keys differ, in order."""

    legacy: int
    new: int
    suspects: list[Suspect]


async def merged(definition: RowDefinition, legacy: SideStream, new: SideStream) -> AsyncIterator[Merged]:
    """Pairs the rows of two streams. Memory holds a few batches of each, however many rows a key has."""
    one, other = sides = _Side(legacy), _Side(new)
    while True:
        await asyncio.gather(one.fill(), other.fill())
        # Both at once: one that went ahead would have a batch more in memory, and wait all the same.
        for side in sides:
            side.read_on()
        ends = [side.last for side in sides if not side.ended]
        if not ends and not one.rows and not other.rows:
            return
        # Keys before the first of the two last ones are complete on both sides, and that one is, too, where
        # each side that it is the last one of goes on with another.
        bound = min(ends) if ends else None
        whole = all(side.closed for side in sides if side.rows and side.last == bound)
        # In no variable of this loop, or what is done with would stay in memory while the next is read.
        found = await _compared(definition, *(side.take(bound, whole=whole) for side in sides))
        if found is not None:
            yield found


@dataclass(frozen=True)
class _Taken:
    """Complete keys of one side; `folded` rows more have the first of them."""

    batch: Batch | None
    folded: int

    @property
    def rows(self) -> int:
        return 0 if self.batch is None else self.batch.rows


class _Side:
    """What is in memory of one side: some rows, and the batch after them."""

    def __init__(self, stream: SideStream) -> None:
        self._stream = stream
        self._batch: Batch | None = None
        self._following: Batch | None = None
        self._began = False
        self._folded = 0
        self._hungry = True

    @property
    def rows(self) -> int:
        """How many rows are in memory, without the batch after them."""
        return 0 if self._batch is None else self._batch.rows

    @property
    def ended(self) -> bool:
        """Whether all that is left is in memory."""
        return self._began and self._following is None

    @property
    def last(self) -> MergeKey:
        """The last key in memory."""
        return () if self._batch is None else self._batch.key_at(self._batch.rows - 1)

    @property
    def closed(self) -> bool:
        """Whether no row of the last key comes after those in memory."""
        return self._following is None or self._following.key_at(0) != self.last

    def read_on(self) -> None:
        """Have the batch after those in memory read."""
        self._stream.read_on()

    async def fill(self) -> None:
        """Read on, where what is in memory goes no further than the keys that were taken."""
        if not self._began:
            self._following = await self._stream.next()
            self._began = True
        if self._following is None or not self._hungry:
            return
        self._batch = joined(self._batch, self._following) if self._batch is not None else self._following
        self._following = await self._stream.next()
        self._hungry = False

    def take(self, bound: MergeKey | None, *, whole: bool) -> _Taken:
        """The rows before a key, or with it where that is `whole`; without a key all."""
        batch = self._batch
        if batch is None or not batch.rows:
            return _Taken(batch, 0)
        place = (
            batch.rows
            if bound is None or (whole and self.last == bound)
            else place_of(batch, bound, after=whole)
        )
        self._batch = batch.slice(place)
        self._hungry = not self._batch.rows or self.last == bound
        if not place:
            self._fold(bound)
            return _Taken(batch.slice(0, 0), 0)
        folded, self._folded = self._folded, 0
        return _Taken(batch.slice(0, place), folded)

    def _fold(self, bound: MergeKey | None) -> None:
        """Count the rows that are all of one key instead of keeping them."""
        if self._batch is not None and self.rows > _KEPT_OF_A_KEY and self.last == bound:
            self._folded += self.rows - _KEPT_OF_A_KEY
            self._batch = self._batch.slice(0, _KEPT_OF_A_KEY)


async def _compared(definition: RowDefinition, legacy: _Taken, new: _Taken) -> Merged | None:
    if not legacy.rows and not new.rows:
        return None
    found = await asyncio.to_thread(_found, definition, legacy, new)
    return Merged(legacy.rows + legacy.folded, new.rows + new.folded, found)


def _found(definition: RowDefinition, legacy: _Taken, new: _Taken) -> list[Suspect]:
    some = legacy.batch or new.batch
    if some is None:
        return []
    mine = legacy.batch if legacy.batch is not None else some.slice(0, 0)
    theirs = new.batch if new.batch is not None else some.slice(0, 0)
    found = suspects(definition, mine, theirs)
    for taken, side in ((legacy, "legacy"), (new, "new")):
        if taken.folded and taken.batch is not None:
            first = taken.batch.key_at(0)
            found = [_with_more(one, side, taken.folded) if one.key == first else one for one in found]
    return found


def _with_more(one: Suspect, side: str, rows: int) -> Suspect:
    if side == "legacy":
        return replace(one, legacy_rows=one.legacy_rows + rows)
    return replace(one, new_rows=one.new_rows + rows)
