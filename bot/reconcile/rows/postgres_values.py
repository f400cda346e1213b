"""A column's values on both sides as SQL expressions that are equal only where the row definition says so.

They may be unequal where it says equal (a candidate more to look at), never the other way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from psycopg import sql

from bot.domain.quantities import Limit
from bot.reconcile.rows.canonical import Canonical, canonical, number_text
from bot.reconcile.rows.kinds import NUMBERS, Kind
from bot.reconcile.rows.postgres_table import TypedColumn, trusted
from bot.reconcile.rows.resolve import ResolvedColumn

Expression = sql.SQL | sql.Composed | sql.Identifier
Form = Literal[
    "small", "integer", "numeric", "float", "text", "boolean", "date", "time", "timestamp", "bytes", "uuid"
]
"""The SQL type of both expressions, and so how it is hashed: `small` is int4, `integer` int8."""

_INTEGERS = frozenset({"int2", "int4", "int8"})
_FLOATS = frozenset({"float4", "float8"})
_TIMES: frozenset[Kind] = frozenset({"timestamp", "timestamptz"})
_PLAIN: dict[Kind, Form] = {
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "bytes": "bytes",
    "uuid": "uuid",
}
_MAPPED: frozenset[Kind] = frozenset({"text", "integer", "boolean"})
_HEADER = 4
"""What a type's modifier counts beside the characters."""


@dataclass(frozen=True)
class ComparedValues:
    """Both sides' expressions over `compared.column`.

    `unmapped` is true for a value of legacy that a map does not have: it equals nothing. `bounded` numbers
    are finite or NaN.
    """

    form: Form
    legacy: Expression
    new: Expression
    nullable: bool
    unmapped: Expression | None = None
    tolerance: Limit | None = None
    bounded: bool = False

    def side(self, side: str) -> Expression:
        """The expression of one side."""
        return self.legacy if side == "legacy" else self.new


@dataclass(frozen=True)
class _Pair:
    column: ResolvedColumn
    legacy: TypedColumn
    new: TypedColumn
    same_zone: bool


def compared_values(
    column: ResolvedColumn, legacy: TypedColumn, new: TypedColumn, *, zones: tuple[str, str]
) -> ComparedValues | None:
    """The expressions of a column; None where SQL cannot say it. `zones` are those of times without one."""
    pair = _Pair(column, legacy, new, same_zone=_same_instant(column, zones))
    if column.rule.map is not None:
        return _mapped(pair, ZoneInfo(zones[1]))
    found = _unruled(pair)
    if found is None:
        return None
    form, one, other = found
    return _ruled(pair, form, one, other)


def own_column(column: TypedColumn) -> Expression:
    """A column by its name."""
    return sql.Identifier("compared", column.name)


def _unruled(pair: _Pair) -> tuple[Form, Expression, Expression] | None:
    legacy, new, kind = pair.column.legacy.kind, pair.column.new.kind, pair.column.kind
    if legacy is None or new is None:
        return None
    kinds = {legacy, new}
    if kinds <= NUMBERS and kind in NUMBERS:
        form = _number_form(pair)
        return form, _number(pair.legacy, form), _number(pair.new, form)
    if kinds == {"text"} and kind == "text":
        return "text", _text(pair.legacy, pair), _text(pair.new, pair)
    if kinds == {"boolean", "integer"} and kind == "boolean":
        # Any other number than 0 and 1 is no boolean, and neither's equal.
        size: Form = "integer" if "int8" in (pair.legacy.type, pair.new.type) else "small"
        return size, _whole(pair.legacy, size), _whole(pair.new, size)
    written = _written_alike(kind, kinds, pair)
    if written is not None:
        return "text", written.format(own_column(pair.legacy)), written.format(own_column(pair.new))
    form = "timestamp" if kind in _TIMES else _PLAIN.get(kind, "text")
    fits = kinds <= _TIMES and pair.same_zone if form == "timestamp" else kinds == {kind} and form != "text"
    return (form, own_column(pair.legacy), own_column(pair.new)) if fits else None


def _written_alike(kind: Kind, kinds: set[Kind], pair: _Pair) -> sql.SQL | None:
    """Values that are equal where their texts are."""
    if kind == "uuid" and kinds == {"uuid", "text"}:
        return sql.SQL('lower({}::text) COLLATE "C"')
    if kind == "json" and kinds == {"json"} and pair.legacy.type == pair.new.type:
        return sql.SQL('{}::text COLLATE "C"')
    return None


def _ruled(pair: _Pair, form: Form, legacy: Expression, new: Expression) -> ComparedValues | None:
    rule = pair.column.rule
    nullable = not (pair.legacy.not_null and pair.new.not_null)
    bounded = False
    if rule.trim:
        if pair.column.kind in ("json", "uuid"):
            return None
        if form == "text":
            legacy, new = (sql.SQL("rtrim({}, ' ')").format(one) for one in (legacy, new))
    if rule.null_is_empty and form in ("text", "bytes"):
        if pair.column.kind not in ("text", "bytes"):
            return None
        legacy, new = (sql.SQL("coalesce({}, '')").format(one) for one in (legacy, new))
        nullable = False
    if form == "numeric":
        bounded = all(one.type in _INTEGERS or _has_scale(one) for one in (pair.legacy, pair.new))
    if rule.round is not None and form in ("numeric", "float"):
        form = "numeric"
        legacy, new = (_rounded(_exact(one), rule.round) for one in (legacy, new))
    tolerance = rule.tolerance if form in ("small", "integer", "numeric", "float") else None
    if tolerance is not None and form != "numeric":
        form, legacy, new = "numeric", _exact(legacy), _exact(new)
    return ComparedValues(
        form=form, legacy=legacy, new=new, nullable=nullable, tolerance=tolerance, bounded=bounded
    )


def _mapped(pair: _Pair, zone: ZoneInfo) -> ComparedValues | None:
    column, rule = pair.column, pair.column.rule
    if column.legacy.kind not in _MAPPED or column.kind != column.new.kind or rule.cast is not None:
        return None
    if column.legacy.kind == "text":
        own = _text(pair.legacy, pair)
        own = sql.SQL("rtrim({}, ' ')").format(own) if rule.trim else own
    else:
        own = sql.SQL("{}::text").format(own_column(pair.legacy))
    targets = {text: canonical(value, column.kind, zone) for text, value in (rule.map or {}).items()}
    as_new = _target(pair)
    if as_new is None:
        return None
    form, new = as_new
    written = {text: _written(value, form) for text, value in targets.items()}
    known = {text: value for text, value in written.items() if value is not None}
    legacy = _chosen(own, known, form)
    names = sql.SQL(", ").join([sql.Literal(text) for text in known])
    unmapped = sql.SQL("({} IS NOT NULL AND {} NOT IN ({}))").format(own, own, names) if known else own
    if not known:
        unmapped = sql.SQL("({} IS NOT NULL)").format(own)
    if rule.null_is_empty or rule.round is not None or rule.tolerance is not None:
        return None
    return ComparedValues(form=form, legacy=legacy, new=new, nullable=True, unmapped=unmapped)


def _target(pair: _Pair) -> tuple[Form, Expression] | None:
    own = own_column(pair.new)
    match pair.column.new.kind:
        case "text":
            text = _text(pair.new, pair)
            return "text", sql.SQL("rtrim({}, ' ')").format(text) if pair.column.rule.trim else text
        case "boolean":
            return "boolean", own
        case "integer":
            return "integer", sql.SQL("{}::int8").format(own)
        case "decimal":
            return "numeric", own
        case _:
            return None


def _written(value: Canonical, form: Form) -> str | None:
    if form == "text":
        return value if isinstance(value, str) and "\x00" not in value else None
    if form == "boolean":
        return str(value).lower() if isinstance(value, bool) else None
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    fits = form == "numeric" or (value == value.to_integral_value() and abs(value) < 2**63)
    return number_text(value) if fits else None


def _chosen(own: Expression, known: Mapping[str, str], form: Form) -> Expression:
    of_type = sql.SQL("int8") if form == "integer" else trusted(form)
    cases = [
        sql.SQL("WHEN {} THEN {}::{}").format(sql.Literal(text), sql.Literal(value), of_type)
        for text, value in known.items()
    ]
    if not cases:
        return sql.SQL("NULL::{}").format(of_type)
    chosen = sql.SQL("(CASE {} {} END)").format(own, sql.SQL(" ").join(cases))
    return sql.SQL('{} COLLATE "C"').format(chosen) if form == "text" else chosen


def _text(column: TypedColumn, pair: _Pair) -> Expression:
    text = sql.SQL("{}::text").format(own_column(column))
    both_padded = pair.legacy.type == pair.new.type == "bpchar" and pair.legacy.modifier == pair.new.modifier
    as_read = not both_padded or pair.column.rule.null_is_empty
    if column.type == "bpchar" and as_read and not pair.column.rule.trim:
        # Its cast to text drops the spaces that a reader is given.
        text = sql.SQL("rpad({}, {})").format(text, sql.Literal(max(column.modifier - _HEADER, 0)))
    return sql.SQL('{} COLLATE "C"').format(text)


def _number_form(pair: _Pair) -> Form:
    types = {pair.legacy.type, pair.new.type}
    if types <= {"int2", "int4"}:
        return "small"
    if types <= _INTEGERS | {"oid"}:
        return "integer"
    return "float" if len(types) == 1 and types <= _FLOATS else "numeric"


def _number(column: TypedColumn, form: Form) -> Expression:
    own = own_column(column)
    if form in ("small", "integer"):
        return _whole(column, form)
    if form == "float":
        return own if column.type == "float8" else sql.SQL("{}::float8").format(own)
    return own if column.type == "numeric" else _exact(own)


def _whole(column: TypedColumn, form: Form) -> Expression:
    own = own_column(column)
    if form == "small":
        return own if column.type == "int4" else sql.SQL("{}::int4").format(own)
    if column.type == "bool":
        return sql.SQL("{}::int4::int8").format(own)
    return own if column.type == "int8" else sql.SQL("{}::int8").format(own)


def _exact(number: Expression) -> Expression:
    """A float by its shortest text that reads back as the same; others lose nothing on that way."""
    return sql.SQL("{}::text::numeric").format(number)


def _rounded(number: Expression, places: int) -> Expression:
    """Half to even; numeric's own round is half away from zero."""
    step = sql.Literal(Decimal(1).scaleb(places))
    digits = sql.Literal(places)
    return sql.SQL(
        "CASE WHEN abs({n} - trunc({n}, {d})) * {s} = 0.5 AND mod(trunc({n}, {d}) * {s}, 2) = 0"
        " THEN trunc({n}, {d}) ELSE round({n}, {d}) END"
    ).format(n=number, d=digits, s=step)


def _has_scale(column: TypedColumn) -> bool:
    return column.type == "numeric" and column.modifier >= _HEADER


def _same_instant(column: ResolvedColumn, zones: tuple[str, str]) -> bool:
    """Whether the database's naive times compare as the instants do.

    An hour that a zone has twice is one time to it and another to us: such pairs are for another plan.
    """
    naive = [
        zone for side, zone in ((column.legacy, zones[0]), (column.new, zones[1])) if side.kind == "timestamp"
    ]
    return set(naive) <= {"UTC"} or (len(naive) == 2 and len(set(naive)) == 1)
