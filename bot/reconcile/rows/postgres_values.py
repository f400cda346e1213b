"""A column's values on both sides as SQL expressions that are equal only where the row definition says so.

They may be unequal where it says equal (a candidate more to look at), never the other way.
"""

from decimal import Decimal
from zoneinfo import ZoneInfo

from psycopg import sql

from bot.reconcile.rows.kinds import NUMBERS, Kind
from bot.reconcile.rows.postgres_expressions import (
    HEADER,
    ColumnPair,
    ComparedValues,
    Expression,
    Form,
    own_column,
    text_value,
)
from bot.reconcile.rows.postgres_mapped import mapped_values
from bot.reconcile.rows.postgres_table import TypedColumn
from bot.reconcile.rows.resolve import ResolvedColumn

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


def compared_values(
    column: ResolvedColumn, legacy: TypedColumn, new: TypedColumn, *, zones: tuple[str, str]
) -> ComparedValues | None:
    """The expressions of a column; None where SQL cannot say it. `zones` are those of times without one."""
    pair = ColumnPair(column, legacy, new, same_zone=_same_instant(column, zones))
    if column.rule.map is not None:
        return mapped_values(pair, ZoneInfo(zones[1]))
    found = _unruled(pair)
    if found is None:
        return None
    form, one, other = found
    return _ruled(pair, form, one, other)


def _unruled(pair: ColumnPair) -> tuple[Form, Expression, Expression] | None:
    legacy, new, kind = pair.column.legacy.kind, pair.column.new.kind, pair.column.kind
    if legacy is None or new is None:
        return None
    kinds = {legacy, new}
    if kinds <= NUMBERS and kind in NUMBERS:
        form = _number_form(pair)
        return form, _number(pair.legacy, form), _number(pair.new, form)
    if kinds == {"text"} and kind == "text":
        return "text", text_value(pair.legacy, pair), text_value(pair.new, pair)
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


def _written_alike(kind: Kind, kinds: set[Kind], pair: ColumnPair) -> sql.SQL | None:
    """Values that are equal where their texts are."""
    if kind == "uuid" and kinds == {"uuid", "text"}:
        return sql.SQL('lower({}::text) COLLATE "C"')
    if kind == "json" and kinds == {"json"} and pair.legacy.type == pair.new.type:
        return sql.SQL('{}::text COLLATE "C"')
    return None


def _ruled(pair: ColumnPair, form: Form, legacy: Expression, new: Expression) -> ComparedValues | None:
    rule = pair.column.rule
    nullable = not (pair.legacy.not_null and pair.new.not_null)
    bounded, same_scale = False, False
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
        same_scale = pair.legacy.type == pair.new.type and pair.legacy.modifier == pair.new.modifier >= HEADER
    if rule.round is not None and form in ("numeric", "float"):
        form, same_scale = "numeric", False
        legacy, new = (_rounded(_exact(one), rule.round) for one in (legacy, new))
    tolerance = rule.tolerance if form in ("small", "integer", "numeric", "float") else None
    if tolerance is not None and form != "numeric":
        form, legacy, new = "numeric", _exact(legacy), _exact(new)
    return ComparedValues(
        form=form,
        legacy=legacy,
        new=new,
        nullable=nullable,
        tolerance=tolerance,
        bounded=bounded,
        same_scale=same_scale,
    )


def _number_form(pair: ColumnPair) -> Form:
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
    return column.type == "numeric" and column.modifier >= HEADER


def _same_instant(column: ResolvedColumn, zones: tuple[str, str]) -> bool:
    """Whether the database's naive times compare as the instants do.

    An hour that a zone has twice is one time to it and another to us: such pairs are for another plan.
    """
    naive = [
        zone for side, zone in ((column.legacy, zones[0]), (column.new, zones[1])) if side.kind == "timestamp"
    ]
    return set(naive) <= {"UTC"} or (len(naive) == 2 and len(set(naive)) == 1)
