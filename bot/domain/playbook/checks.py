"""The checks of a reconciliation, as declared."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.playbook.part import Identifier, Part, Sql, Text
from bot.domain.playbook.places import ColumnName, Condition, TableName
from bot.domain.playbook.row_checks import Rows
from bot.domain.playbook.schedule import ReadyWhen, Schedule
from bot.domain.playbook.table_checks import Freshness, Lag, Rules, Schema, SuccessRate
from bot.domain.quantities import Limit

CheckKind = Literal[
    "scalar", "grouped", "growth", "rows", "schema", "freshness", "lag", "success_rate", "rules"
]
KINDS: tuple[CheckKind, ...] = (
    "scalar",
    "grouped",
    "growth",
    "rows",
    "schema",
    "freshness",
    "lag",
    "success_rate",
    "rules",
)
READY = "ready"
"""The id of the check that a playbook's `ready_when` is; no declared check has it."""


class Figure(Part):
    """One number of a table without writing SQL; those of one table are read in one scan.

    Exactly one of `count` (`rows`, or a column whose values that are not NULL count), `sum`, `average`,
    `minimum`, `maximum`.
    """

    table: TableName
    where: Condition | None = None
    count: ColumnName | None = None
    sum: ColumnName | None = None
    average: ColumnName | None = None
    minimum: ColumnName | None = None
    maximum: ColumnName | None = None

    @model_validator(mode="after")
    def _one_figure(self) -> Self:
        parts = (self.count, self.sum, self.average, self.minimum, self.maximum)
        if sum(part is not None for part in parts) != 1:
            raise ValueError("a figure is exactly one of count, sum, average, minimum, maximum")
        return self


class Sides(Part):
    """One query for each side."""

    legacy: Sql
    new: Sql


class Figures(Part):
    """One number for each side: a query that gives it, or a figure of a table."""

    legacy: Sql | Figure
    new: Sql | Figure


class Growth(Part):
    """A figure now and one period before; the two rates of growth are compared in percentage points."""

    current: Figures
    previous: Figures


class Check(Part):
    """One comparison of legacy and new, or of one of them against what has to hold.

    The tolerance of a growth check is in percentage points; of a row check it is how many rows may
    differ, or which percentage of legacy's.
    """

    id: Identifier
    title: Text
    scalar: Figures | None = None
    grouped: Sides | None = None
    growth: Growth | None = None
    rows: Rows | None = None
    schema_: Schema | None = Field(default=None, alias="schema")
    freshness: Freshness | None = None
    lag: Lag | None = None
    success_rate: SuccessRate | None = None
    rules: Rules | None = None
    tolerance: Limit = Limit(value="0", unit="%")
    critical: bool = False
    owner: Identifier
    on_fail: Text

    @property
    def _declared(self) -> tuple[CheckKind, ...]:
        names = {kind: "schema_" if kind == "schema" else kind for kind in KINDS}
        return tuple(kind for kind, name in names.items() if getattr(self, name) is not None)

    @property
    def kind(self) -> CheckKind:
        """Which comparison it is."""
        return self._declared[0]

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        if len(self._declared) != 1:
            raise ValueError(f"a check has exactly one of {', '.join(KINDS)}")
        if (self.tolerance.unit == "pp") != (self.growth is not None):
            raise ValueError("a growth check has its tolerance in percentage points (0.5pp), no other has")
        if self.tolerance.value < 0:
            raise ValueError("a tolerance is not negative")
        if self.kind not in ("scalar", "grouped", "growth", "rows") and self.tolerance.value:
            raise ValueError(f"a {self.kind} check has its limit inside, and no tolerance")
        if self.id == READY:
            raise ValueError(f"“{READY}” is the id of ready_when; choose another")
        return self


class CoverageRules(Part):
    """Tables that no check compares on purpose, by name or schema.table, of either side."""

    ignore: tuple[TableName, ...] = ()


class Reconcile(Part):
    """What a reconciliation of this migration runs, and when.

    `explained_is_clean`: a discrepancy that is explained in the register does not end a row of clean days.
    """

    schedule: Schedule | None = None
    ready_when: ReadyWhen | None = None
    explained_is_clean: bool = False
    coverage: CoverageRules = CoverageRules()
    checks: tuple[Check, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ready_after_it_is_due(self) -> Self:
        by = self.ready_when.by if self.ready_when is not None else None
        # Both are times of day of the same form.
        if by is not None and self.schedule is not None and by <= self.schedule.at:
            raise ValueError(
                f"ready_when.by ({by}) is later on the day than schedule.at ({self.schedule.at})"
            )
        return self
