"""The table that is compared: six columns that the database itself makes up, and rows that differ in it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Dialect = Literal["postgresql", "sqlite", "mariadb"]
"""For `mariadb` the session has to be in its ANSI mode."""

_GAP = 100
"""Each key that it divides is left free: a row that only the new side has can stand there."""

_COLUMNS = (
    "(employee_id {key} PRIMARY KEY, full_name text NOT NULL, department text,"
    " salary numeric(12, 2) NOT NULL, level integer NOT NULL, hired_on date NOT NULL)"
)
# Only by this name is the key the number of the row itself in SQLite.
_KEYS: dict[Dialect, str] = {"postgresql": "bigint", "sqlite": "integer", "mariadb": "bigint"}
_NAMES = "abcdefghijklmnopqrstuvwxyz"
_DEPARTMENTS = "Sales   Finance Legal   Ops     Research"
_HIRED: dict[Dialect, str] = {
    "postgresql": "date '1990-01-01' + CAST(id * 7919 % 12000 AS integer)",
    "sqlite": "date('1990-01-01', '+' || (id * 7919 % 12000) || ' days')",
    "mariadb": "date '1990-01-01' + INTERVAL (id * 7919 % 12000) DAY",
}
_IDS: dict[Dialect, str] = {
    "postgresql": "generate_series(CAST(1 AS bigint), {last}) AS id",
    "sqlite": "(WITH RECURSIVE ids(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < {last})"
    " SELECT id FROM ids) AS ids",
    "mariadb": "(SELECT seq AS id FROM seq_1_to_{last}) AS ids",
}
_CHANGES = (
    "full_name = full_name || 'x'",
    "department = CASE WHEN department = 'Ops' THEN 'Legal' ELSE 'Ops' END",
    "salary = round(salary + 0.01, 2)",
    "level = level + 1",
    "hired_on = {next_day}",
)
_NEXT_DAY: dict[Dialect, str] = {
    "postgresql": "hired_on + 1",
    "sqlite": "date(hired_on, '+1 day')",
    "mariadb": "hired_on + INTERVAL 1 DAY",
}


@dataclass(frozen=True)
class Planted:
    """The keys at which the new side differs, scattered. A changed row differs in one cell."""

    changed: tuple[int, ...]
    missing_new: tuple[int, ...]
    missing_legacy: tuple[int, ...]

    @property
    def keys(self) -> list[int]:
        """All of them, in order."""
        return sorted((*self.changed, *self.missing_new, *self.missing_legacy))


def last_key(rows: int) -> int:
    """The greatest key of a legacy table of so many rows."""
    return _nth_key(rows)


def planted(rows: int, differing: int) -> Planted:
    """Of ten: six changed, two missing on the new side, two on the legacy side. The same each time."""
    chance = random.Random(f"{rows}:{differing}")
    missing = differing // 5
    last = last_key(rows)
    extra = chance.sample(range(_GAP, last, _GAP), missing)
    there = [_nth_key(nth) for nth in chance.sample(range(1, rows + 1), differing - missing)]
    return Planted(tuple(there[missing:]), tuple(there[:missing]), tuple(extra))


def _nth_key(nth: int) -> int:
    return nth + (nth - 1) // (_GAP - 1)


def filling(dialect: Dialect, table: str, rows: int) -> Iterator[str]:
    """The statements that make the legacy table."""
    yield f"CREATE TABLE {table} {_COLUMNS.format(key=_KEYS[dialect])}"
    yield _inserted(dialect, table, rows, f"id % {_GAP} <> 0")


def planting(dialect: Dialect, table: str, rows: int, differing: int) -> Iterator[str]:
    """The statements that make a copy of the legacy table differ."""
    plan = planted(rows, differing)
    for number, change in enumerate(_CHANGES):
        if keys := plan.changed[number :: len(_CHANGES)]:
            changed = change.format(next_day=_NEXT_DAY[dialect])
            yield f"UPDATE {table} SET {changed} WHERE employee_id IN ({_listed(keys)})"
    if plan.missing_new:
        yield f"DELETE FROM {table} WHERE employee_id IN ({_listed(plan.missing_new)})"
        yield _inserted(dialect, table, rows, f"id IN ({_listed(plan.missing_legacy)})")


def _inserted(dialect: Dialect, table: str, rows: int, which: str) -> str:
    ids = _IDS[dialect].format(last=last_key(rows))
    return (
        f"INSERT INTO {table} SELECT id,"
        f" 'Person ' || substr('{_NAMES}', CAST(1 + id * 31 % 26 AS integer), 5) || (id * 7919 % 1000003),"
        f" CASE WHEN id % 97 = 0 THEN NULL"
        f" ELSE rtrim(substr('{_DEPARTMENTS}', CAST(1 + id * 13 % 5 * 8 AS integer), 8)) END,"
        f" CAST((3000000 + id * 7919 % 9000000) / 100.0 AS decimal(12, 2)),"
        f" 1 + id * 17 % 12, {_HIRED[dialect]} FROM {ids} WHERE {which}"
    )


def _listed(keys: Sequence[int]) -> str:
    return ", ".join(map(str, keys))
