"""Candidates become differences: their rows are read from both sides, and compared by the row definition."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from bot.ports.clock import Clock
from bot.reconcile.rows.collector import Collector, Key
from bot.reconcile.rows.keys import encoded_key
from bot.reconcile.rows.postgres_key_rows import NO_HASHES, KeyRowReader, KeyRows, RowHashes
from bot.reconcile.rows.postgres_odd_row import OddPlace, OddRow
from bot.reconcile.rows.postgres_pair import BOTH, KeyText, PostgresPair
from bot.reconcile.rows.recheck import PAUSE, ROUNDS

_AT_ONCE = 2000
"""Candidates that are read in one query; some megabytes of rows."""

Read = Callable[[Mapping[Key, KeyRows]], Awaitable[dict[Key, KeyRows]]]


class Verdicts:
    """Judges candidates: any of one call's come after all of an earlier one's in the order of the keys.

    With `recheck`, what differs is read again a moment later, as it then is, before it is told: until two
    reads one after the other find the same.
    """

    def __init__(self, *, pair: PostgresPair, collector: Collector, clock: Clock, recheck: bool) -> None:
        self._pair = pair
        self._collector = collector
        self._clock = clock
        self._recheck = recheck
        self._definition = pair.comparison.definition
        self._reader = KeyRowReader(pair=pair)
        self._waiting: dict[Key, KeyRows] = {}
        self._odd: dict[OddPlace, object] = {}
        self._hashes: RowHashes = NO_HASHES
        self._opened = clock.monotonic()

    async def judge(self, candidates: Iterable[KeyText]) -> None:
        """Tell of those that differ, or keep them to be read again."""
        for some in self._parts(candidates):
            await self._judged(await self._reader.read(some, now=False))

    async def judge_odd(self, rows: Iterable[OddRow], hashes: RowHashes) -> None:
        """The same of keys that are there once on a side at most, by their rows that are odd.

        `hashes` say how those of rows are made. What still has the one that it had in the snapshot was read
        twice, and found the same.
        """
        # Two sides write one number with more or fewer zeros, and what is one key is not seen by its texts.
        if not self._recheck or any(one.form == "numeric" for one in self._pair.keys):
            await self.judge(row.key for row in rows)
            return
        self._odd |= {row.place: row.hash for row in rows}
        self._hashes = hashes
        if len(self._odd) >= 2 * _AT_ONCE:
            await self.finish()

    async def judge_nulls(self) -> None:
        """The rows whose key has a NULL somewhere, which no range and no query by key finds."""
        if all(column.not_null for side in BOTH for column in self._pair.key_columns(side)):
            return
        found = await self._reader.read_nulls(now=False)
        self._collector.count(
            legacy=sum(len(one.legacy) for one in found.values()),
            new=sum(len(one.new) for one in found.values()),
        )
        if not self._recheck:
            self._tell(_in_order(found))
            return
        differing = {key: rows for key, rows in _in_order(found).items() if self._differ(rows)}
        await self._told_when_still(differing, lambda _: self._reader.read_nulls(now=True))

    async def finish(self) -> None:
        """Tell of all that was kept."""
        await self._finish_odd()
        waiting, self._waiting = self._waiting, {}
        keys = list(waiting)
        for start in range(0, len(keys), _AT_ONCE):
            some = {key: waiting[key] for key in keys[start : start + _AT_ONCE]}
            await self._told_when_still(some, self._read_again)
            await self._collector.tell()

    async def _finish_odd(self) -> None:
        odd, self._odd = self._odd, {}
        for keys in self._parts(key for _, key in odd):
            read_at = await self._moment_after(self._opened)
            found = await self._reader.read(keys, now=True, hashes=self._hashes)
            differing = {key: rows for key, rows in _in_order(found).items() if self._differ(rows)}
            still = {key for key, rows in differing.items() if rows.hashes == _of_key(rows.texts, odd)}
            await self._told_when_still(differing, self._read_again, still=still, read_at=read_at)
            await self._collector.tell()

    def _parts(self, candidates: Iterable[KeyText]) -> Iterator[list[KeyText]]:
        """Every candidate once, as many as are read at once."""
        keys = list(dict.fromkeys(candidates))
        if len(keys) > _AT_ONCE:
            keys.sort(key=self._place)
        for start in range(0, len(keys), _AT_ONCE):
            yield keys[start : start + _AT_ONCE]

    async def _judged(self, found: Mapping[Key, KeyRows]) -> None:
        if not self._recheck:
            self._tell(_in_order(found))
            return
        self._waiting |= {key: rows for key, rows in _in_order(found).items() if self._differ(rows)}
        if len(self._waiting) >= _AT_ONCE:
            await self.finish()

    async def _told_when_still(
        self,
        moving: Mapping[Key, KeyRows],
        read: Read,
        *,
        still: AbstractSet[Key] = frozenset(),
        read_at: float | None = None,
    ) -> None:
        """What was read first, `read_at` or in the snapshot, is told in the order in which it is given.

        What is `still` as it was is told as it is.
        """
        ordered, told = list(moving), {key: moving[key] for key in moving if key in still}
        moving = {key: rows for key, rows in moving.items() if key not in told}
        read_at = self._opened if read_at is None else read_at
        for turn in range(1, ROUNDS + 1):
            if not moving:
                break
            read_at = await self._moment_after(read_at)
            found = await read(moving)
            now = {
                key: found[key] for key in moving if key in found and self._differ(found[key], moving[key])
            }
            told |= {
                key: rows for key, rows in now.items() if turn == ROUNDS or self._same(rows, moving[key])
            }
            moving = {key: rows for key, rows in now.items() if key not in told}
        self._tell({key: told[key] for key in ordered if key in told})

    async def _moment_after(self, read_at: float) -> float:
        """Wait until what was read then can have moved on; what it is then."""
        await self._clock.sleep(PAUSE - (self._clock.monotonic() - read_at))
        return self._clock.monotonic()

    def _place(self, texts: KeyText) -> bytes:
        keys = zip(self._definition.keys, texts, strict=True)
        return encoded_key(tuple(one.legacy(text) for one, text in keys))

    def _tell(self, found: Mapping[Key, KeyRows]) -> None:
        for key, rows in found.items():
            if not rows.too_new:
                self._tell_one(key, rows)

    def _tell_one(self, key: Key, rows: KeyRows) -> None:
        match len(rows.legacy), len(rows.new):
            case 1, 1:
                self._collector.compare(key, rows.legacy[0], rows.new[0])
            case 1, 0:
                self._collector.missing_in_new(key, rows.legacy[0])
            case 0, 1:
                self._collector.missing_in_legacy(key, rows.new[0])
            case 0, 0:
                pass
            case legacy, new:
                self._collector.duplicated(key, legacy_rows=legacy, new_rows=new)

    def _differ(self, rows: KeyRows, before: KeyRows | None = None) -> bool:
        """Whether they do, with `before` which did."""
        if rows.too_new:
            return False
        if before is not None and rows.same_as(before):
            return True
        if len(rows.legacy) != 1 or len(rows.new) != 1:
            return True
        cells = zip(self._definition.compared, rows.legacy[0], rows.new[0], strict=True)
        return any(one.differ(a, b) for one, a, b in cells)

    def _same(self, now: KeyRows, before: KeyRows) -> bool:
        if now.same_as(before):
            return True
        counts = (len(now.legacy), len(now.new)) == (len(before.legacy), len(before.new))
        return counts and (
            max(len(now.legacy), len(now.new)) > 1 or self._values(now) == self._values(before)
        )

    def _values(self, rows: KeyRows) -> list[object]:
        compared = self._definition.compared
        legacy = [one.legacy(cell) for row in rows.legacy for one, cell in zip(compared, row, strict=True)]
        new = [one.new(cell) for row in rows.new for one, cell in zip(compared, row, strict=True)]
        return [*legacy, *new]

    async def _read_again(self, moving: Mapping[Key, KeyRows]) -> dict[Key, KeyRows]:
        texts = dict.fromkeys(key for rows in moving.values() for key in rows.texts)
        return await self._reader.read(list(texts), now=True)


def _in_order(found: Mapping[Key, KeyRows]) -> dict[Key, KeyRows]:
    return {key: found[key] for key in sorted(found, key=encoded_key)}


def _of_key(texts: Iterable[KeyText], odd: Mapping[OddPlace, object]) -> dict[OddPlace, object]:
    """The odd rows that have one of the key's texts."""
    places = [(side, key) for key in texts for side in BOTH]
    return {place: odd[place] for place in places if place in odd}
