"""Checks of what a table is and how fresh it is, as declared."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.playbook.part import Part, Sql
from bot.domain.playbook.places import ColumnName, Condition, Side, TableName, Zone
from bot.domain.quantities import Duration, Limit, format_duration

ColumnKind = Literal[
    "integer",
    "decimal",
    "float",
    "text",
    "boolean",
    "date",
    "timestamp",
    "timestamptz",
    "time",
    "bytes",
    "uuid",
    "json",
    "untyped",
]
"""What a column's type means, whatever the database calls it; `untyped` is a column of SQLite without one."""


class Tables(Part):
    """A table on each side."""

    legacy: TableName
    new: TableName


class Schema(Part):
    """The columns of two tables: which are there, of which kind, and whether they may be NULL.

    `renamed` maps legacy's names to the new side's; `ignore` names columns of either side.
    `kinds` accepts a kind on the new side for a legacy column, such as `{status: boolean}`.
    """

    tables: Tables
    renamed: dict[ColumnName, ColumnName] = Field(default_factory=dict)
    kinds: dict[ColumnName, ColumnKind] = Field(default_factory=dict)
    ignore: tuple[ColumnName, ...] = ()
    nullable: bool = True

    @model_validator(mode="after")
    def _each_column_once(self) -> Self:
        if len(set(self.renamed.values())) != len(self.renamed):
            raise ValueError("two columns are renamed to one")
        ruled = sorted({*self.renamed, *self.kinds} & set(self.ignore))
        if ruled:
            raise ValueError(f"{ruled[0]} is compared and ignored")
        return self


class Zones(Part):
    """The time zones of times that are written without one, by side."""

    legacy: Zone = "UTC"
    new: Zone = "UTC"

    def of(self, side: Side) -> str:
        """The zone of a side."""
        return self.legacy if side == "legacy" else self.new


class Freshness(Part):
    """The newest time of one or both sides, each at most `at_most` ago."""

    legacy: Sql | None = None
    new: Sql | None = None
    at_most: Duration
    zones: Zones = Zones()

    @property
    def limit(self) -> str:
        """How old the newest time may be, as people read it."""
        return format_duration(self.at_most)

    @model_validator(mode="after")
    def _some_side(self) -> Self:
        if self.legacy is None and self.new is None:
            raise ValueError("freshness asks legacy, new, or both")
        return self


class Lag(Part):
    """The newest time of legacy against that of the new side: it is at most `at_most` behind."""

    legacy: Sql
    new: Sql
    at_most: Duration
    zones: Zones = Zones()

    @property
    def limit(self) -> str:
        """How far the new side may be behind, as people read it."""
        return format_duration(self.at_most)


class SuccessRate(Part):
    """How many jobs of a side succeeded: a query gives a status and a count in each row.

    `at_least` is a percentage of all of them.
    """

    source: Side
    query: Sql
    succeeded: tuple[str, ...] = Field(min_length=1)
    at_least: Limit

    @model_validator(mode="after")
    def _a_percentage(self) -> Self:
        if self.at_least.unit != "%" or not 0 <= self.at_least.value <= 100:
            raise ValueError("at_least is a percentage from 0% to 100%")
        return self


class Rules(Part):
    """What has to hold in a table of one side: columns that are unique together, and that are never NULL.

    As in SQL, a row with a NULL in one of the unique columns is no duplicate of any other.
    """

    source: Side
    table: TableName
    where: Condition | None = None
    unique: tuple[tuple[ColumnName, ...], ...] = ()
    not_null: tuple[ColumnName, ...] = ()

    @model_validator(mode="after")
    def _some_rule(self) -> Self:
        if not self.unique and not self.not_null:
            raise ValueError("rules has at least one of unique, not_null")
        if not all(self.unique):
            raise ValueError("an entry of unique is a list of columns")
        if any(len(set(rules)) != len(rules) for rules in (self.unique, self.not_null, *self.unique)):
            raise ValueError("a rule, or a column of one, is there twice")
        return self
