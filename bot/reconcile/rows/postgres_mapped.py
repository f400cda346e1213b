"""A column with a map: legacy's values turned into the new side's, in SQL."""

from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from psycopg import sql

from bot.reconcile.rows.canonical import Canonical, canonical
from bot.reconcile.rows.kinds import Kind
from bot.reconcile.rows.numbers import number_text
from bot.reconcile.rows.postgres_expressions import (
    ColumnPair,
    ComparedValues,
    Expression,
    Form,
    own_column,
    text_value,
)
from bot.reconcile.rows.postgres_table import trusted

_MAPPED: frozenset[Kind] = frozenset({"text", "integer", "boolean"})


def mapped_values(pair: ColumnPair, zone: ZoneInfo) -> ComparedValues | None:
    """The expressions; None where SQL cannot say it. A target that the new side cannot have is none."""
    column, rule = pair.column, pair.column.rule
    if column.legacy.kind not in _MAPPED or column.kind != column.new.kind or rule.cast is not None:
        return None
    if rule.null_is_empty or rule.round is not None or rule.tolerance is not None:
        return None
    if (target := _target(pair)) is None:
        return None
    form, new = target
    if column.legacy.kind == "text":
        own = text_value(pair.legacy, pair)
        own = sql.SQL("rtrim({}, ' ')").format(own) if rule.trim else own
    else:
        own = sql.SQL("{}::text").format(own_column(pair.legacy))
    written = {
        text: _written(canonical(value, column.kind, zone), form)
        for text, value in (rule.map or {}).items()
        if "\x00" not in text
    }
    known = {text: value for text, value in written.items() if value is not None}
    names = sql.SQL(", ").join([sql.SQL("NULL"), *map(sql.Literal, known)])
    unmapped = sql.SQL("({o} IS NOT NULL AND ({o} IN ({n})) IS NOT TRUE)").format(o=own, n=names)
    return ComparedValues(
        form=form, legacy=_chosen(own, known, form), new=new, nullable=True, unmapped=unmapped
    )


def _target(pair: ColumnPair) -> tuple[Form, Expression] | None:
    own = own_column(pair.new)
    match pair.column.new.kind:
        case "text":
            text = text_value(pair.new, pair)
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
