"""Some keys' rows, read from both PostgreSQL sides: in the snapshot, or as they are now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.collector import Key, Row
from bot.reconcile.rows.postgres_expressions import Expression, own_column
from bot.reconcile.rows.postgres_odd_row import OddPlace
from bot.reconcile.rows.postgres_pair import BOTH, KeyText, PostgresPair
from bot.reconcile.rows.postgres_pipeline import both
from bot.reconcile.rows.postgres_side import Answer
from bot.reconcile.rows.postgres_table import TypedColumn

RowHashes = Mapping[Side, Expression]
NO_HASHES: RowHashes = dict.fromkeys(BOTH, sql.SQL("NULL"))
_AS_TEXT = frozenset({"date", "time", "timestamp", "timestamptz", "json", "jsonb"})


@dataclass
class KeyRows:
    """The rows of one key on each side; `too_new` where a side's watermark leaves one out.

    `hashes` are by the side and the key's texts there; those of a key that is there twice are not told apart.
    """

    legacy: list[Row] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    hashes: dict[OddPlace, object] = field(default_factory=dict)
    too_new: bool = False

    def add(self, side: Side, values: Row, marks: Row) -> None:
        """One more. Its marks are whether it is too new, its hash, and its key's texts."""
        too_new, row_hash, *texts = marks
        (self.legacy if side == "legacy" else self.new).append(values)
        self.too_new = self.too_new or bool(too_new)
        self.hashes[side, tuple(map(str, texts))] = row_hash

    @property
    def texts(self) -> list[KeyText]:
        """The key's, as one side or the other writes it."""
        return [key for _, key in self.hashes]

    def same_as(self, other: "KeyRows") -> bool:
        """Whether both have the same rows, as drivers give them."""
        return (self.legacy, self.new) == (other.legacy, other.new)


class KeyRowReader:
    """Asks both sides."""

    def __init__(self, *, pair: PostgresPair) -> None:
        self._pair = pair
        self._definition = pair.comparison.definition

    async def read(
        self, keys: Sequence[KeyText], *, now: bool, hashes: RowHashes = NO_HASHES
    ) -> dict[Key, KeyRows]:
        """The rows of these keys, with hashes where it is said how they are made."""
        wanted: RowHashes = {side: self._pair.wanted(side, keys) for side in BOTH}
        return await self._rows(wanted, now=now, hashes=hashes)

    async def read_nulls(self, *, now: bool) -> dict[Key, KeyRows]:
        """The rows whose key has a NULL somewhere."""
        return await self._rows({side: self._a_null(side) for side in BOTH}, now=now, hashes=NO_HASHES)

    async def _rows(
        self, conditions: Mapping[Side, Expression], *, now: bool, hashes: RowHashes
    ) -> dict[Key, KeyRows]:
        mine, theirs = await both(
            *(self._ask(side, conditions[side], now=now, row_hash=hashes[side]) for side in BOTH)
        )
        found: dict[Key, KeyRows] = defaultdict(KeyRows)
        keys, size = self._definition.keys, len(self._definition.keys)
        for row in mine:
            key = tuple(one.legacy(cell) for one, cell in zip(keys, row, strict=False))
            found[key].add("legacy", row[size : -2 - size], row[-2 - size :])
        for row in theirs:
            key = tuple(one.new(cell) for one, cell in zip(keys, row, strict=False))
            found[key].add("new", row[size : -2 - size], row[-2 - size :])
        return dict(found)

    async def _ask(self, side: Side, condition: Expression, *, now: bool, row_hash: Expression) -> Answer:
        """Rows with their marks behind them, whatever their time: one that left a window is there."""
        pair = self._pair
        columns = pair.table(side).columns
        compared = [columns[one.side(side).name] for one in pair.comparison.resolved.columns]
        query = sql.SQL("SELECT {}, {}, {}, {} FROM {} WHERE {}").format(
            sql.SQL(", ").join(map(_as_read, compared)),
            pair.too_new(side),
            row_hash,
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


def _as_read(column: TypedColumn) -> Expression:
    """What a driver is given: times as text, as it has no infinite ones; JSON exact."""
    own = own_column(column)
    return sql.SQL("{}::text").format(own) if column.type in _AS_TEXT else own
