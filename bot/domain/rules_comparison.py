"""Whether a table keeps its rules, out of what was counted in it."""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain.check_result import MOST_FOUND, CheckResult, Found
from bot.domain.check_verdict import result_of, unknown_result
from bot.domain.comparison_text import SAME
from bot.domain.group import Group, group_name
from bot.domain.playbook.checks import Check
from bot.domain.playbook.table_checks import Rules
from bot.domain.quantities import plain


@dataclass(frozen=True)
class Duplicates:
    """Keys of columns that should be unique and are there more than once, the most frequent first.

    `keys` is how many there are in all, and `first` names some of them with their rows.
    """

    columns: tuple[str, ...]
    keys: int
    first: tuple[tuple[Group, int], ...]


@dataclass(frozen=True)
class RulesCounted:
    """What was counted in a table: its rows, the NULLs by column, and the duplicates."""

    rows: int
    nulls: dict[str, int]
    duplicates: tuple[Duplicates, ...]


def compare_rules(check: Check, rules: Rules, counted: RulesCounted) -> CheckResult:
    """Every rule has to hold for every row. A table without rows is unknown: it says nothing of them."""
    if not counted.rows:
        return unknown_result(check, f"{rules.source}: {rules.table} has no rows")
    found = [
        Found(name=f"NULL in {column}", text=f"{column}: {_rows(rows)} NULL")
        for column, rows in counted.nulls.items()
        if rows
    ]
    broken = [f"{column}: {_rows(rows)} NULL" for column, rows in counted.nulls.items() if rows]
    for one in counted.duplicates:
        if one.keys:
            label = ", ".join(one.columns)
            broken.append(f"{label}: {_keys(one.keys)}")
            found += [
                Found(
                    name=f"{label} = {group_name(key)}",
                    text=f"{label} {group_name(key)}: {plain(Decimal(rows))} rows",
                )
                for key, rows in one.first
            ]
    total = len(counted.nulls) + len(counted.duplicates)
    text = f"{plain(Decimal(counted.rows))} {'row' if counted.rows == 1 else 'rows'}"
    return result_of(
        check,
        status="failed" if broken else "passed",
        legacy=text if rules.source == "legacy" else "",
        new=text if rules.source == "new" else "",
        difference=f"{len(broken)} of {_rules(total)} broken ({'; '.join(broken)})" if broken else SAME,
        found=tuple(found[:MOST_FOUND]),
    )


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{plain(Decimal(count))} rows are"


def _keys(count: int) -> str:
    return (
        "1 key is there more than once"
        if count == 1
        else f"{plain(Decimal(count))} keys are there more than once"
    )


def _rules(count: int) -> str:
    return "1 rule" if count == 1 else f"{count} rules"
