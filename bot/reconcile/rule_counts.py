"""Counts what breaks the rules of a table."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, TableClause

from bot.domain.check_result import MOST_FOUND
from bot.domain.playbook.table_checks import Rules
from bot.domain.rules_comparison import Duplicates, RulesCounted
from bot.reconcile.cells import to_decimal, to_group_part
from bot.reconcile.figures import condition
from bot.reconcile.tables import table_of

AnySelect = sa.Select[*tuple[Any, ...]]


def count_broken(connection: Connection, rules: Rules) -> RulesCounted:
    """One scan for rows and NULLs, then one for each set of unique columns, and its first duplicates."""
    unique = [column for columns in rules.unique for column in columns]
    table = table_of(rules.table, (*rules.not_null, *unique))
    nulls = [sa.func.count(sa.case((table.c[name].is_(None), 1))) for name in rules.not_null]
    (row,) = connection.execute(_where(sa.select(sa.func.count(), *nulls).select_from(table), rules)).all()
    counts = [int(to_decimal(cell)) for cell in row]
    return RulesCounted(
        rows=counts[0],
        nulls=dict(zip(rules.not_null, counts[1:], strict=True)),
        duplicates=tuple(_duplicates(connection, rules, table, columns) for columns in rules.unique),
    )


def _duplicates(connection: Connection, rules: Rules, table: TableClause, names: Sequence[str]) -> Duplicates:
    columns = [table.c[name] for name in names]
    rows = sa.func.count().label("rows_of_key")
    grouped = _where(sa.select(*columns, rows).select_from(table), rules)
    grouped = grouped.where(*(column.is_not(None) for column in columns))
    grouped = grouped.group_by(*columns).having(sa.func.count() > 1)
    keys = connection.execute(sa.select(sa.func.count()).select_from(grouped.subquery())).scalar_one()
    if not keys:
        return Duplicates(columns=tuple(names), keys=0, first=())
    first = connection.execute(grouped.order_by(rows.desc(), *columns)).fetchmany(MOST_FOUND)
    return Duplicates(
        columns=tuple(names),
        keys=int(keys),
        first=tuple((tuple(to_group_part(part) for part in row[:-1]), int(row[-1])) for row in first),
    )


def _where(statement: AnySelect, rules: Rules) -> AnySelect:
    return statement if rules.where is None else statement.where(condition(rules.where))
