"""A row as one number of 64 bits, by PostgreSQL's own hash functions or by MD5.

A record's own hash will not do: it adds its columns up, so that two rows which swapped a value would have
the same sum. Here each hash is the seed of the next. What the native functions leave out is hashed beside
them: NULLs, a numeric's sign, the upper half of an int8, and an instant's microseconds beyond 32 bits.
"""

from collections.abc import Sequence
from typing import Protocol

from psycopg import sql

from bot.reconcile.rows.postgres_expressions import ComparedValues, Expression, Form
from bot.reconcile.rows.postgres_table import trusted

_A_WORD = 15
"""Columns whose two flags each fit into an int4."""

_EMPTY: dict[Form, str] = {
    "small": "0",
    "integer": "0::int8",
    "numeric": "0::numeric",
    "float": "0::float8",
    "text": "''",
    "date": "date '2000-01-01'",
    "time": "time '00:00'",
    "timestamp": "timestamp '2000-01-01'",
    "bytes": "''::bytea",
    "uuid": "'00000000-0000-0000-0000-000000000000'::uuid",
}
_LINKS: dict[Form, str] = {
    "small": "hashint4extended({v}, {s})",
    "integer": "hashint8extended({v}, {s} # ({v} >> 32))",
    "numeric": "hash_numeric_extended({v}, {s})",
    "float": "hashfloat8extended({v}, {s})",
    "text": "hashtextextended({v}, {s})",
    # Two infinite days have no number.
    "date": "hashint4extended(CASE WHEN isfinite({v}) THEN {v} - date '2000-01-01'"
    " WHEN {v} > '2000-01-01' THEN 2147483647 ELSE -2147483647 END, {s})",
    "time": "hashfloat8extended(date_part('epoch', {v}), {s})",
    # The epoch as a float has a microsecond's place in it until 2242; beyond, the low bits are hashed too.
    "timestamp": "hashfloat8extended(date_part('epoch', {v}), CASE WHEN {v} BETWEEN '1750-01-01'"
    " AND '2200-01-01' OR NOT isfinite({v}) THEN 0 ELSE date_part('microseconds', {v})::int8 END # {s})",
    "bytes": "hash_record_extended(ROW({v}), {s})",
    "uuid": "uuid_hash_extended({v}, {s})",
}

_LINKS_SINCE_18: dict[Form, str] = {"date": "hashdateextended({v}, {s})"}


class RowHash(Protocol):
    """Makes an int8 expression over the columns of one side."""

    def __call__(self, columns: Sequence[ComparedValues], side: str) -> Expression:
        """The expression; columns with a tolerance are not allowed."""


class NativeHash:
    """PostgreSQL's own functions, each seeded by the one before. `version` is the older server's."""

    def __init__(self, version: int = 0) -> None:
        self._links = _LINKS | (_LINKS_SINCE_18 if version >= 18_00_00 else {})

    def __call__(self, columns: Sequence[ComparedValues], side: str) -> Expression:
        """The row's hash."""
        mixing = [column for column in columns if column.form not in ("boolean", "integer", "numeric")]
        # A NULL takes nothing away where there is no seed yet, and needs no flag then.
        mixing.sort(key=lambda column: not _can_be_null_first(column))
        numerics = [column for column in columns if column.form == "numeric"]
        wholes = [column for column in columns if column.form == "integer"]
        seed, flagged = self._first(mixing, columns, side)
        # A numeric's hash hands the seed on nearly as it was for some values: what is before it and after it
        # mixes all bits.
        for column in numerics:
            seed = self._linked(column, side, seed)
        for column in mixing[1:]:
            if wholes:
                # A seed that is mixed takes an int8 in as it is, and the next hash mixes both.
                seed = sql.SQL("({} # {})").format(seed, _filled(wholes.pop(), side))
            seed = self._linked(column, side, seed)
        for column in wholes:
            seed = self._linked(column, side, seed)
        if (numerics or flagged) and not mixing[1:] and all(column.form != "integer" for column in columns):
            seed = sql.SQL("hashtextextended('', {})").format(seed)
        return seed

    def _first(
        self, mixing: Sequence[ComparedValues], columns: Sequence[ComparedValues], side: str
    ) -> tuple[Expression, bool]:
        """The first seed, and whether flags are in it that no hash has mixed yet."""
        if not mixing:
            return _flags(columns, side, mixed=True), False
        first = mixing[0]
        if not _can_be_null_first(first):
            return self._linked(first, side, _flags(columns, side, mixed=False)), False
        zero = sql.SQL("0::int8")
        linked = trusted(self._links[first.form]).format(v=first.side(side), s=zero)
        seed = sql.SQL("coalesce({}, 1)").format(linked)
        others = [column for column in columns if column is not first]
        if all(_flag(column, side) is None for column in others):
            return seed, False
        return sql.SQL("({} # {})").format(seed, _flags(others, side, mixed=False)), True

    def _linked(self, column: ComparedValues, side: str, seed: Expression) -> Expression:
        return trusted(self._links[column.form]).format(v=_filled(column, side), s=seed)


def md5_hash(columns: Sequence[ComparedValues], side: str) -> Expression:
    """The upper half of the MD5 of the row's text.

    A record as text quotes and escapes its values and leaves a NULL out, so that no two rows have one text.
    """
    values = [_as_written(column, side) for column in columns]
    values += [_unmapped(column, side) for column in columns if column.unmapped is not None]
    row = sql.SQL(", ").join(values)
    return sql.SQL("('x' || left(md5(ROW({})::text), 16))::bit(64)::int8").format(row)


def _can_be_null_first(column: ComparedValues) -> bool:
    """Whether its hash is NULL where the value is, and only there."""
    return column.nullable and column.unmapped is None and column.form not in ("date", "bytes")


def _filled(column: ComparedValues, side: str) -> Expression:
    value = column.side(side)
    if not column.nullable:
        return value
    return sql.SQL("coalesce({}, {})").format(value, trusted(_EMPTY[column.form]))


def _flags(columns: Sequence[ComparedValues], side: str, *, mixed: bool) -> Expression:
    """The first seed. Its bits are not spread out, so that a hash has to follow unless it is `mixed`."""
    flags = [flag for column in columns if (flag := _flag(column, side)) is not None]
    words = [_word(flags[start : start + _A_WORD]) for start in range(0, len(flags), _A_WORD)]
    if len(words) < 2 and not mixed:
        return sql.SQL("({})::int8").format(words[0]) if words else sql.SQL("0::int8")
    seed: Expression = sql.SQL("0::int8")
    for word in words:
        seed = sql.SQL("hashint4extended({}, {})").format(word, seed)
    return seed


def _word(flags: Sequence[Expression]) -> Expression:
    return sql.SQL(" + ").join(
        sql.SQL("({}) * {}").format(flag, sql.Literal(4**place)) if place else sql.SQL("({})").format(flag)
        for place, flag in enumerate(flags)
    )


def _flag(column: ComparedValues, side: str) -> Expression | None:
    """0 to 3, or -1 to 2: what a column's own hash does not say."""
    value = column.side(side)
    cases: list[Expression] = []
    if column.unmapped is not None and side == "legacy":
        cases.append(sql.SQL("WHEN {} THEN 3").format(column.unmapped))
    if column.form == "numeric" and column.bounded and column.unmapped is None:
        # One call is cheaper than a CASE; NaN counts as positive, and has a hash of its own.
        sign = sql.SQL("numeric_cmp({}, 0)").format(value)
        return sql.SQL("coalesce({}, 2)").format(sign) if column.nullable else sign
    if column.nullable:
        cases.append(sql.SQL("WHEN {} IS NULL THEN 1").format(value))
    if column.form == "numeric":
        cases.append(sql.SQL("WHEN {} < 0 THEN 2").format(value))
        if not column.bounded:
            cases.append(sql.SQL("WHEN {} = 'Infinity' THEN 3").format(value))
    if column.form == "boolean":
        cases.append(sql.SQL("WHEN {} THEN 2").format(value))
    if not cases and column.unmapped is None:
        return None
    return sql.SQL("CASE {} ELSE 0 END").format(sql.SQL(" ").join(cases)) if cases else sql.SQL("0")


def _unmapped(column: ComparedValues, side: str) -> Expression:
    return column.unmapped if column.unmapped is not None and side == "legacy" else sql.SQL("false")


def _as_written(column: ComparedValues, side: str) -> Expression:
    """A value whose text is one and the same for equal ones."""
    value = column.side(side)
    match column.form:
        case "numeric":
            return value if column.same_scale else sql.SQL("trim_scale({})").format(value)
        case "float":
            # -0 and 0 are one number.
            return sql.SQL("({} + 0.0::float8)").format(value)
        case "timestamp":
            return sql.SQL("{}::timestamp").format(value)
        case _:
            return value
