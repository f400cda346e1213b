"""The parts of which a column's SQL expressions are made."""

from dataclasses import dataclass
from typing import Literal

from psycopg import sql

from bot.domain.quantities import Limit
from bot.reconcile.rows.postgres_table import TypedColumn
from bot.reconcile.rows.resolve import ResolvedColumn

Expression = sql.SQL | sql.Composed | sql.Identifier
Form = Literal[
    "small", "integer", "numeric", "float", "text", "boolean", "date", "time", "timestamp", "bytes", "uuid"
]
"""The SQL type of both expressions, and so how it is hashed: `small` is int4, `integer` int8."""

HEADER = 4
"""What a type's modifier counts beside the characters."""


@dataclass(frozen=True)
class ComparedValues:
    """Both sides' expressions over `compared.column`.

    `unmapped` is true for a value of legacy that a map does not have: it equals nothing. `bounded` numbers
    are finite or NaN; those of the same scale are written with as many decimals on both sides.
    """

    form: Form
    legacy: Expression
    new: Expression
    nullable: bool
    unmapped: Expression | None = None
    tolerance: Limit | None = None
    bounded: bool = False
    same_scale: bool = False

    def side(self, side: str) -> Expression:
        """The expression of one side."""
        return self.legacy if side == "legacy" else self.new


@dataclass(frozen=True)
class ColumnPair:
    """A column as both catalogs have it; `same_zone` where naive times compare as the instants do."""

    column: ResolvedColumn
    legacy: TypedColumn
    new: TypedColumn
    same_zone: bool


def own_column(column: TypedColumn) -> Expression:
    """A column by its name."""
    return sql.Identifier("compared", column.name)


def text_value(column: TypedColumn, pair: ColumnPair) -> Expression:
    """A text column, in the order of bytes, with the spaces that a reader is given."""
    text = sql.SQL("{}::text").format(own_column(column))
    both_padded = pair.legacy.type == pair.new.type == "bpchar" and pair.legacy.modifier == pair.new.modifier
    as_read = not both_padded or pair.column.rule.null_is_empty
    if column.type == "bpchar" and as_read and not pair.column.rule.trim:
        # Its cast to text drops the spaces that a reader is given.
        text = sql.SQL("rpad({}, {})").format(text, sql.Literal(max(column.modifier - HEADER, 0)))
    return sql.SQL('{} COLLATE "C"').format(text)
