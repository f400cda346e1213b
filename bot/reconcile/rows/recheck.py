"""Differing keys read again on both sides before anyone is told: rows move while they are compared.

A key is told of when two reads one after the other found the same rows on both sides, and they differ.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.domain.playbook.places import Side
from bot.ports.clock import Clock
from bot.reconcile.rows.cells import RowDefinition
from bot.reconcile.rows.chunk import MergeKey, Suspect, Values
from bot.reconcile.rows.keys import encoded_key
from bot.reconcile.rows.place import RowPlace
from bot.reconcile.rows.reader import RowReader

PAUSE = 0.25
"""Seconds from a read of a key to its next one."""

ROUNDS = 5
"""How often a key is read again whose rows still move; what differs then is told of."""

_GRACE = 2.0
MakeReader = Callable[[RowPlace, RowDefinition], RowReader]
_Found = dict[MergeKey, tuple[int, Values]]
"""How many rows each key has on one side, and the first one's values."""


class Recheck:
    """Reads keys again: `native` ones are asked for by value, for others a side is read from end to end."""

    def __init__(
        self,
        definition: RowDefinition,
        places: Mapping[Side, RowPlace],
        *,
        native: bool,
        make_reader: MakeReader,
        clock: Clock,
    ) -> None:
        self._definition = definition
        self._places = places
        self._native = native
        self._make_reader = make_reader
        self._clock = clock
        self._open: set[RowReader] = set()

    async def confirmed(self, suspects: Sequence[Suspect], *, read_at: float) -> list[Suspect]:
        """Those that differ still, as they are now, in the same order. `read_at` is by the steady clock."""
        told: dict[MergeKey, Suspect] = {}
        moving = {one.key: one for one in suspects}
        for turn in range(1, ROUNDS + 1):
            if not moving:
                break
            await self._clock.sleep(PAUSE - (self._clock.monotonic() - read_at))
            read_at = self._clock.monotonic()
            now = await self._now(moving)
            still = {key: one for key, one in now.items() if turn == ROUNDS or self._same(one, moving[key])}
            told |= still
            moving = {key: one for key, one in now.items() if key not in still}
        return [told[one.key] for one in suspects if one.key in told]

    async def _now(self, suspects: Mapping[MergeKey, Suspect]) -> dict[MergeKey, Suspect]:
        """Those of the keys that differ now."""
        wanted = list(suspects)
        reads = await asyncio.gather(*(self._bounded(place, wanted) for place in self._places.values()))
        (legacy, mine_moving), (new, theirs_moving) = reads
        found = {}
        for key in wanted:
            if key in mine_moving or key in theirs_moving:
                continue
            mine, theirs = legacy.get(key, (0, None)), new.get(key, (0, None))
            now = Suspect(key=key, legacy_rows=mine[0], new_rows=theirs[0], legacy=mine[1], new=theirs[1])
            if self._differs(now):
                found[key] = now
        return found

    async def _bounded(self, place: RowPlace, keys: Sequence[MergeKey]) -> tuple[_Found, set[MergeKey]]:
        """Keys that are asked for by value are to be there in the time of one query."""
        reading = asyncio.create_task(asyncio.to_thread(self._comparable, place, keys))
        try:
            # Shielded: a thread cannot be cancelled, so its reader is, and the thread then ends by itself.
            async with asyncio.timeout(place.seconds + _GRACE if self._native else None):
                return await asyncio.shield(reading)
        except TimeoutError:
            raise place.problem(f"no answer within {place.seconds:g} s") from None
        finally:
            if not reading.done():
                for reader in tuple(self._open):
                    reader.cancel()
                await asyncio.wait((reading,), timeout=_GRACE)
                reading.cancel()

    def _comparable(self, place: RowPlace, keys: Sequence[MergeKey]) -> tuple[_Found, set[MergeKey]]:
        """The rows that the keys have now, and those keys that have one in front of the watermark.

        A window does not count here: a row whose time left it on one side alone is there all the same.
        """
        rows = self._read(replace(place, filters=()), keys)
        marks = tuple(one for one in place.filters if not one.at_least)
        if not marks:
            return rows, set()
        behind = self._read(replace(place, filters=marks), keys)
        return rows, {key for key, (count, _) in rows.items() if behind.get(key, (0, ()))[0] < count}

    def _read(self, place: RowPlace, keys: Sequence[MergeKey]) -> _Found:
        reader = self._make_reader(place, self._definition)
        wanted, found = set(keys), _Found()
        size = len(self._definition.keys)
        self._open.add(reader)
        try:
            reader.open()
            if self._native:
                reader.narrow(keys)
            for cells in reader.batches(ordered=False):
                for values in zip(*(one.values() for one in cells), strict=True):
                    parts = values[:size]
                    key = parts if self._native else (self._encoded(reader, parts),)
                    if key in wanted:
                        count, first = found.get(key, (0, values))
                        found[key] = (count + 1, first)
        finally:
            self._open.discard(reader)
            reader.close()
        return found

    @staticmethod
    def _encoded(reader: RowReader, parts: Sequence[object]) -> bytes:
        return encoded_key([reader.canonical(index, part) for index, part in enumerate(parts)])

    def _differs(self, one: Suspect) -> bool:
        if one.legacy is None and one.new is None:
            return False
        if one.kind != "differing":
            return True
        legacy, new = self._canonical(one)
        compared = zip(self._definition.columns, legacy, new, strict=True)
        return not all(column.equal(mine, theirs) for column, mine, theirs in compared)

    def _same(self, now: Suspect, before: Suspect) -> bool:
        counts = (now.legacy_rows, now.new_rows) == (before.legacy_rows, before.new_rows)
        return counts and (now.kind == "duplicated" or self._canonical(now) == self._canonical(before))

    def _canonical(self, one: Suspect) -> tuple[list[object], list[object]]:
        columns = self._definition.columns
        legacy = [column.legacy(value) for column, value in zip(columns, one.legacy or (), strict=False)]
        new = [column.new(value) for column, value in zip(columns, one.new or (), strict=False)]
        return legacy, new
