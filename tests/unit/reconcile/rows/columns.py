"""Columns and comparisons for tests, without a database."""

from bot.domain.playbook.row_checks import Column, Rows
from bot.reconcile.rows.cells import CellComparison, row_definition
from bot.reconcile.rows.kinds import Kind, SideColumn
from bot.reconcile.rows.resolve import resolve


def rows(**declared: object) -> Rows:
    """A declared row check of two tables."""
    tables = {"legacy": {"table": "t"}, "new": {"table": "t"}}
    return Rows.model_validate({"key": ["id"], **tables, **declared})


def comparison(
    legacy: Kind,
    new: Kind | None = None,
    *,
    zones: tuple[str, str] = ("UTC", "UTC"),
    **rule: object,
) -> CellComparison:
    """The comparison of a column `x` of these kinds."""
    declared = rows(
        legacy={"table": "t", "zone": zones[0]},
        new={"table": "t", "zone": zones[1]},
        columns={"x": Column.model_validate(rule)},
    )
    key = SideColumn("id", "integer")
    sides = [(key, SideColumn("x", kind)) for kind in (legacy, new or legacy)]
    return row_definition(declared, resolve(declared, *sides)).compared[0]


def differ(one: CellComparison, legacy: object, new: object) -> bool:
    """Whether two values differ."""
    return one.difference(legacy, new) is not None
