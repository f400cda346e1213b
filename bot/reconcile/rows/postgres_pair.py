"""Both PostgreSQL sides of a row check with everything that its queries are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.place import TimeFilter
from bot.reconcile.rows.plan import RowComparison
from bot.reconcile.rows.postgres_expressions import ComparedValues, Expression, Form, own_column
from bot.reconcile.rows.postgres_side import PostgresSide
from bot.reconcile.rows.postgres_table import PostgresTable, TypedColumn, trusted
from bot.reconcile.rows.postgres_values import compared_values
from bot.reconcile.rows.resolve import ResolvedColumn

BOTH: tuple[Side, Side] = ("legacy", "new")

KeyText = tuple[str, ...]
"""A key's values as PostgreSQL writes them."""

_KEY_TYPES: dict[Form, str] = {
    "small": "int8",
    "integer": "int8",
    "numeric": "numeric",
    "text": "text",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "bytes": "bytea",
    "uuid": "uuid",
}
_TEXTS = frozenset({"text", "varchar"})
_TIMES = frozenset({"timestamp", "timestamptz"})


class UnsuitedError(Exception):
    """The fast plans cannot do this check; the plan that reads every row can."""


@dataclass(frozen=True)
class PostgresPair:
    """What is compared, in SQL: `keys` and `values` are in the order of the row definition."""

    comparison: RowComparison
    legacy: PostgresSide
    new: PostgresSide
    legacy_table: PostgresTable
    new_table: PostgresTable
    keys: tuple[ComparedValues, ...]
    values: tuple[ComparedValues, ...]

    def side(self, side: Side) -> PostgresSide:
        """One side, to be asked."""
        return self.legacy if side == "legacy" else self.new

    def table(self, side: Side) -> PostgresTable:
        """One side's table."""
        return self.legacy_table if side == "legacy" else self.new_table

    def key_columns(self, side: Side) -> tuple[TypedColumn, ...]:
        """One side's columns of the key."""
        columns = self.table(side).columns
        return tuple(columns[one.side(side).name] for one in self.comparison.resolved.keys)

    def is_unique(self, side: Side) -> bool:
        """Whether no key can be there twice."""
        return self.table(side).is_unique(column.name for column in self.key_columns(side))

    def chosen(self, side: Side) -> Expression:
        """What stands behind WHERE for the rows that are compared, whose key has no NULL."""
        keys = [own_column(column) for column in self.key_columns(side) if not column.not_null]
        there = [sql.SQL("{} IS NOT NULL").format(key) for key in keys]
        timely = [self._in_time(side, one) for one in self.comparison.place(side).filters]
        return sql.SQL(" AND ").join([*self.declared(side), *timely, *there])

    def declared(self, side: Side) -> list[Expression]:
        """The playbook's own conditions, at least one."""
        where = self.comparison.place(side).declared.where
        return [sql.SQL("true")] if where is None else [sql.SQL("({})").format(trusted(where))]

    def too_new(self, side: Side) -> Expression:
        """True for a row that its side's watermark leaves out."""
        marks = [one for one in self.comparison.place(side).filters if not one.at_least]
        behind = [self._in_time(side, one) for one in marks]
        return sql.SQL("NOT ({})").format(sql.SQL(" AND ").join([sql.SQL("true"), *behind]))

    def key_texts(self, side: Side) -> Expression:
        """The key's columns as texts, for SELECT."""
        return sql.SQL(", ").join(
            sql.SQL("{}::text").format(own_column(column)) for column in self.key_columns(side)
        )

    def wanted(self, side: Side, keys: Sequence[KeyText]) -> Expression:
        """A condition for the rows of some keys."""
        columns = self.key_columns(side)
        owns = sql.SQL(", ").join(own_column(column) for column in columns)
        names = [sql.Identifier(f"wanted_{place}") for place in range(len(columns))]
        typed = [
            sql.SQL("{}::{}").format(name, trusted(self._key_type(place, column)))
            for place, (name, column) in enumerate(zip(names, columns, strict=True))
        ]
        arrays = [sql.SQL("{}::text[]").format(sql.Literal(list(parts))) for parts in zip(*keys, strict=True)]
        return sql.SQL("({}) IN (SELECT {} FROM unnest({}) AS wanted ({}))").format(
            owns, sql.SQL(", ").join(typed), sql.SQL(", ").join(arrays), sql.SQL(", ").join(names)
        )

    def _key_type(self, place: int, column: TypedColumn) -> str:
        form = self.keys[place].form
        return column.type if form == "timestamp" else _KEY_TYPES[form]

    def _in_time(self, side: Side, one: TimeFilter) -> Expression:
        column = self.table(side).columns[one.column]
        if column.type not in _TIMES:
            raise UnsuitedError(f"a time of type {column.type}")
        moment = sql.SQL("timestamptz {}").format(sql.Literal(one.moment.isoformat()))
        if column.type == "timestamp":
            zone = sql.Literal(self.comparison.place(side).declared.zone)
            moment = sql.SQL("({} AT TIME ZONE {})").format(moment, zone)
        own = own_column(column)
        if one.at_least:
            return sql.SQL("{} >= {}").format(own, moment)
        return sql.SQL("({o} <= {m} OR {o} IS NULL)").format(o=own, m=moment)


def paired(
    comparison: RowComparison,
    sides: tuple[PostgresSide, PostgresSide],
    tables: tuple[PostgresTable, PostgresTable],
) -> PostgresPair:
    """The pair. Raises UnsuitedError where SQL cannot say how a column is compared."""
    zones = (comparison.legacy.declared.zone, comparison.new.declared.zone)

    def expressions(column: ResolvedColumn) -> ComparedValues:
        legacy, new = (tables[0].columns[column.legacy.name], tables[1].columns[column.new.name])
        found = compared_values(column, legacy, new, zones=zones)
        if found is None:
            raise UnsuitedError(f"column {column.name} is not compared in SQL")
        return found

    pair = PostgresPair(
        comparison=comparison,
        legacy=sides[0],
        new=sides[1],
        legacy_table=tables[0],
        new_table=tables[1],
        keys=tuple(map(expressions, comparison.resolved.keys)),
        values=tuple(map(expressions, comparison.resolved.compared)),
    )
    for place, key in enumerate(comparison.resolved.keys):
        columns = (pair.key_columns("legacy")[place], pair.key_columns("new")[place])
        if not _can_be_key(key, pair.keys[place].form, columns):
            raise UnsuitedError(f"column {key.name} of the key is not matched in SQL")
    return pair


def _can_be_key(key: ResolvedColumn, form: Form, columns: tuple[TypedColumn, TypedColumn]) -> bool:
    """Whether the database finds and tells keys apart just as the row definition does."""
    rule, types = key.rule, {column.type for column in columns}
    if rule.map is not None or rule.trim or rule.null_is_empty or rule.round is not None:
        return False
    match form:
        case "float":
            return False
        case "text":
            return types <= _TEXTS and all(column.deterministic for column in columns)
        case "numeric":
            return types == {"numeric"}
        case "small" | "integer":
            return "bool" not in types
        case _:
            return len(types) == 1
