"""Candidates become differences: their rows are read from both sides, and compared by the row definition."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.ports.clock import Clock
from bot.reconcile.rows.collector import Collector, Key, Row
from bot.reconcile.rows.keys import encoded_key
from bot.reconcile.rows.postgres_expressions import Expression, own_column
from bot.reconcile.rows.postgres_pair import BOTH, KeyText, PostgresPair
from bot.reconcile.rows.postgres_pipeline import both
from bot.reconcile.rows.postgres_side import Answer
from bot.reconcile.rows.postgres_table import TypedColumn
from bot.reconcile.rows.recheck import PAUSE, ROUNDS

_AT_ONCE = 2000
"""Candidates that are read in one query; some megabytes of rows."""

_AS_TEXT = frozenset({"date", "time", "timestamp", "timestamptz", "json", "jsonb"})


@dataclass
class _Rows:
    """The rows of one key on each side; `too_new` where a side's watermark leaves one out."""

    legacy: list[Row] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    texts: dict[KeyText, None] = field(default_factory=dict)
    too_new: bool = False

    def add(self, marks: Row) -> None:
        """What stands behind a row: whether it is too new, and its key's texts."""
        self.too_new = self.too_new or bool(marks[0])
        self.texts[tuple(str(part) for part in marks[1:])] = None

    def same_as(self, other: "_Rows") -> bool:
        """Whether both have the same rows, as drivers give them."""
        return (self.legacy, self.new) == (other.legacy, other.new)


Read = Callable[[Mapping[Key, _Rows]], Awaitable[dict[Key, _Rows]]]


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
        self._waiting: dict[Key, _Rows] = {}
        self._opened = clock.monotonic()

    async def judge(self, candidates: Iterable[KeyText]) -> None:
        """Tell of those that differ, or keep them to be read again."""
        keys = list(dict.fromkeys(candidates))
        if len(keys) > _AT_ONCE:
            keys.sort(key=self._place)
        for start in range(0, len(keys), _AT_ONCE):
            await self._judged(await self._read(keys[start : start + _AT_ONCE], now=False))

    async def judge_nulls(self) -> None:
        """The rows whose key has a NULL somewhere, which no range and no query by key finds."""
        if all(column.not_null for side in BOTH for column in self._pair.key_columns(side)):
            return
        found = await self._read_nulls(now=False)
        self._collector.count(
            legacy=sum(len(one.legacy) for one in found.values()),
            new=sum(len(one.new) for one in found.values()),
        )
        if not self._recheck:
            self._tell(_in_order(found))
            return
        differing = {key: rows for key, rows in _in_order(found).items() if self._differ(rows)}
        await self._told_when_still(differing, lambda _: self._read_nulls(now=True))

    async def finish(self) -> None:
        """Tell of all that was kept."""
        waiting, self._waiting = self._waiting, {}
        keys = list(waiting)
        for start in range(0, len(keys), _AT_ONCE):
            some = {key: waiting[key] for key in keys[start : start + _AT_ONCE]}
            await self._told_when_still(some, self._read_again)
            await self._collector.tell()

    async def _judged(self, found: Mapping[Key, _Rows]) -> None:
        if not self._recheck:
            self._tell(_in_order(found))
            return
        self._waiting |= {key: rows for key, rows in _in_order(found).items() if self._differ(rows)}
        if len(self._waiting) >= _AT_ONCE:
            await self.finish()

    async def _told_when_still(self, moving: Mapping[Key, _Rows], read: Read) -> None:
        """What was read first is as old as the snapshot. It is told in the order in which it is given."""
        ordered, told = list(moving), dict[Key, _Rows]()
        read_at = self._opened
        for turn in range(1, ROUNDS + 1):
            if not moving:
                break
            await self._clock.sleep(PAUSE - (self._clock.monotonic() - read_at))
            read_at = self._clock.monotonic()
            found = await read(moving)
            now = {
                key: found[key] for key in moving if key in found and self._differ(found[key], moving[key])
            }
            told |= {
                key: rows for key, rows in now.items() if turn == ROUNDS or self._same(rows, moving[key])
            }
            moving = {key: rows for key, rows in now.items() if key not in told}
        self._tell({key: told[key] for key in ordered if key in told})

    def _place(self, texts: KeyText) -> bytes:
        keys = zip(self._definition.keys, texts, strict=True)
        return encoded_key(tuple(one.legacy(text) for one, text in keys))

    def _tell(self, found: Mapping[Key, _Rows]) -> None:
        for key, rows in found.items():
            if not rows.too_new:
                self._tell_one(key, rows)

    def _tell_one(self, key: Key, rows: _Rows) -> None:
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

    def _differ(self, rows: _Rows, before: _Rows | None = None) -> bool:
        """Whether they do, with `before` which did."""
        if rows.too_new:
            return False
        if before is not None and rows.same_as(before):
            return True
        if len(rows.legacy) != 1 or len(rows.new) != 1:
            return True
        cells = zip(self._definition.compared, rows.legacy[0], rows.new[0], strict=True)
        return any(one.differ(a, b) for one, a, b in cells)

    def _same(self, now: _Rows, before: _Rows) -> bool:
        if now.same_as(before):
            return True
        counts = (len(now.legacy), len(now.new)) == (len(before.legacy), len(before.new))
        return counts and (
            max(len(now.legacy), len(now.new)) > 1 or self._values(now) == self._values(before)
        )

    def _values(self, rows: _Rows) -> list[object]:
        compared = self._definition.compared
        legacy = [one.legacy(cell) for row in rows.legacy for one, cell in zip(compared, row, strict=True)]
        new = [one.new(cell) for row in rows.new for one, cell in zip(compared, row, strict=True)]
        return [*legacy, *new]

    async def _read_again(self, moving: Mapping[Key, _Rows]) -> dict[Key, _Rows]:
        return await self._read([texts for rows in moving.values() for texts in rows.texts], now=True)

    async def _read(self, keys: Sequence[KeyText], *, now: bool) -> dict[Key, _Rows]:
        legacy, new = self._pair.wanted("legacy", keys), self._pair.wanted("new", keys)
        return await self._rows(legacy, new, now=now)

    async def _read_nulls(self, *, now: bool) -> dict[Key, _Rows]:
        return await self._rows(self._a_null("legacy"), self._a_null("new"), now=now)

    async def _rows(self, legacy: Expression, new: Expression, *, now: bool) -> dict[Key, _Rows]:
        mine, theirs = await both(self._ask("legacy", legacy, now=now), self._ask("new", new, now=now))
        found: dict[Key, _Rows] = defaultdict(_Rows)
        keys, size = self._definition.keys, len(self._definition.keys)
        for row in mine:
            key = tuple(one.legacy(cell) for one, cell in zip(keys, row, strict=False))
            found[key].add(row[-1 - size :])
            found[key].legacy.append(row[size : -1 - size])
        for row in theirs:
            key = tuple(one.new(cell) for one, cell in zip(keys, row, strict=False))
            found[key].add(row[-1 - size :])
            found[key].new.append(row[size : -1 - size])
        return dict(found)

    async def _ask(self, side: Side, condition: Expression, *, now: bool) -> Answer:
        """Rows with the key's texts behind them, whatever their time: one that left a window is there."""
        pair = self._pair
        columns = pair.table(side).columns
        compared = [columns[one.side(side).name] for one in pair.comparison.resolved.columns]
        query = sql.SQL("SELECT {}, {}, {} FROM {} WHERE {}").format(
            sql.SQL(", ").join(map(_as_read, compared)),
            pair.too_new(side),
            pair.key_texts(side),
            pair.table(side).relation,
            sql.SQL(" AND ").join([condition, *pair.declared(side)]),
        )
        asked = pair.side(side)
        return await (asked.ask_now(query) if now else asked.ask(query))

    def _a_null(self, side: Side) -> Expression:
        keys = [own_column(column) for column in self._pair.key_columns(side) if not column.not_null]
        nulls = [sql.SQL("{} IS NULL").format(key) for key in keys]
        return sql.SQL("({})").format(sql.SQL(" OR ").join([sql.SQL("false"), *nulls]))


def _in_order(found: Mapping[Key, _Rows]) -> dict[Key, _Rows]:
    return {key: found[key] for key in sorted(found, key=encoded_key)}


def _as_read(column: TypedColumn) -> Expression:
    """What a driver is given: times as text, as it has no infinite ones; JSON exact."""
    own = own_column(column)
    return sql.SQL("{}::text").format(own) if column.type in _AS_TEXT else own
