"""Candidates become differences: their rows are read from both sides, and compared by the row definition."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.ports.clock import Clock
from bot.reconcile.rows.canonical import Unreadable
from bot.reconcile.rows.collector import Collector, Key, Row
from bot.reconcile.rows.postgres_pair import BOTH, KeyText, PostgresPair
from bot.reconcile.rows.postgres_pipeline import both
from bot.reconcile.rows.postgres_side import Answer
from bot.reconcile.rows.postgres_table import TypedColumn
from bot.reconcile.rows.postgres_values import Expression, own_column

_AT_ONCE = 2000
"""Candidates that are read in one query; some megabytes of rows."""

_PAUSE = 0.25
"""Seconds that a key has to differ at least before it is told, where no snapshot is common to both sides."""

_AS_TEXT = frozenset({"date", "time", "timestamp", "timestamptz", "json", "jsonb"})


@dataclass
class _Rows:
    """The rows of one key on each side; `too_new` where a side's watermark leaves one out."""

    legacy: list[Row] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    texts: dict[KeyText, None] = field(default_factory=dict)
    too_new: bool = False


class Verdicts:
    """Judges candidates: any of one call's come after all of an earlier one's in the order of the keys.

    With `recheck`, what differs is read once more a moment later, as it then is, before it is told.
    """

    def __init__(self, *, pair: PostgresPair, collector: Collector, clock: Clock, recheck: bool) -> None:
        self._pair = pair
        self._collector = collector
        self._clock = clock
        self._recheck = recheck
        self._definition = pair.comparison.definition
        self._waiting: list[KeyText] = []
        self._read_at = 0.0

    async def judge(self, candidates: Iterable[KeyText]) -> None:
        """Tell of those that differ, or keep them to be read again."""
        keys = sorted(dict.fromkeys(candidates), key=self._place)
        for start in range(0, len(keys), _AT_ONCE):
            found = await self._read(keys[start : start + _AT_ONCE], now=False)
            await self._judged(found)

    async def judge_nulls(self) -> None:
        """The rows whose key has a NULL somewhere, which no range and no query by key finds."""
        if all(column.not_null for side in BOTH for column in self._pair.key_columns(side)):
            return
        legacy, new = self._a_null("legacy"), self._a_null("new")
        found = await self._rows(legacy, new, now=False)
        self._collector.count(
            legacy=sum(len(one.legacy) for one in found.values()),
            new=sum(len(one.new) for one in found.values()),
        )
        if self._recheck and any(map(self._differ, found.values())):
            await self._clock.sleep(_PAUSE)
            now = await self._rows(legacy, new, now=True)
            found = {key: now[key] for key, rows in found.items() if key in now and self._differ(rows)}
        for key in sorted(found, key=in_key_order):
            self._tell(key, found[key])

    async def finish(self) -> None:
        """Tell of all that was kept."""
        while self._waiting:
            keys, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            await self._clock.sleep(self._read_at + _PAUSE - self._clock.monotonic())
            found = await self._read(keys, now=True)
            for key in sorted(found, key=in_key_order):
                self._tell(key, found[key])

    def _place(self, texts: KeyText) -> tuple[tuple[int, object], ...]:
        return in_key_order(
            tuple(one.legacy(text) for one, text in zip(self._definition.keys, texts, strict=True))
        )

    async def _judged(self, found: dict[Key, _Rows]) -> None:
        self._read_at = self._clock.monotonic()
        for key in sorted(found, key=in_key_order):
            if not self._recheck:
                self._tell(key, found[key])
            elif self._differ(found[key]):
                self._waiting += found[key].texts
        if len(self._waiting) >= _AT_ONCE:
            await self.finish()

    def _tell(self, key: Key, rows: _Rows) -> None:
        if rows.too_new:
            return
        match len(rows.legacy), len(rows.new):
            case 1, 1:
                self._collector.compare(key, rows.legacy[0], rows.new[0])
            case 1, 0:
                self._collector.missing_in_new(key, rows.legacy[0])
            case 0, 1:
                self._collector.missing_in_legacy(key, rows.new[0])
            case legacy, new:
                self._collector.duplicated(key, legacy_rows=legacy, new_rows=new)

    def _differ(self, rows: _Rows) -> bool:
        if rows.too_new:
            return False
        if len(rows.legacy) != 1 or len(rows.new) != 1:
            return True
        cells = zip(self._definition.compared, rows.legacy[0], rows.new[0], strict=True)
        return any(not one.equal(one.legacy(a), one.new(b)) for one, a, b in cells)

    async def _read(self, keys: Sequence[KeyText], *, now: bool) -> dict[Key, _Rows]:
        legacy, new = self._pair.wanted("legacy", keys), self._pair.wanted("new", keys)
        return await self._rows(legacy, new, now=now)

    async def _rows(self, legacy: Expression, new: Expression, *, now: bool) -> dict[Key, _Rows]:
        answers = await both(self._ask("legacy", legacy, now=now), self._ask("new", new, now=now))
        found: dict[Key, _Rows] = defaultdict(_Rows)
        size = len(self._definition.keys)
        for row in answers[0]:
            cells = zip(self._definition.keys, row, strict=False)
            self._add(found[tuple(one.legacy(cell) for one, cell in cells)], row, size).legacy.append(
                row[size:-1 - size]
            )
        for row in answers[1]:
            cells = zip(self._definition.keys, row, strict=False)
            self._add(found[tuple(one.new(cell) for one, cell in cells)], row, size).new.append(
                row[size:-1 - size]
            )
        return found

    def _add(self, rows: _Rows, row: Row, size: int) -> _Rows:
        rows.too_new = rows.too_new or bool(row[-1 - size])
        rows.texts[tuple(str(part) for part in row[-size:])] = None
        return rows

    async def _ask(self, side: Side, condition: Expression, *, now: bool) -> Answer:
        pair = self._pair
        columns = pair.table(side).columns
        compared = [columns[one.side(side).name] for one in pair.comparison.resolved.columns]
        query = sql.SQL("SELECT {}, {}, {} FROM {} WHERE {}").format(
            sql.SQL(", ").join(map(_as_read, compared)),
            pair.too_new(side),
            pair.key_texts(side),
            pair.table(side).relation,
            sql.SQL(" AND ").join([condition, *pair.filtered(side, watermark=False)]),
        )
        asked = pair.side(side)
        return await (asked.ask_now(query) if now else asked.ask(query))

    def _a_null(self, side: Side) -> Expression:
        keys = [own_column(column) for column in self._pair.key_columns(side) if not column.not_null]
        nulls = [sql.SQL("{} IS NULL").format(key) for key in keys]
        return sql.SQL("({})").format(sql.SQL(" OR ").join([sql.SQL("false"), *nulls]))


def in_key_order(key: Key) -> tuple[tuple[int, object], ...]:
    """The order of keys: NULL first, then values, then what is none."""
    return tuple(
        (0, 0) if part is None else (2 if isinstance(part, Unreadable) else 1, part) for part in key
    )


def _as_read(column: TypedColumn) -> Expression:
    """What a driver is given: times as text, as it has no infinite ones; JSON exact."""
    own = own_column(column)
    return sql.SQL("{}::text").format(own) if column.type in _AS_TEXT else own
