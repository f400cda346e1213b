"""Facts of the rows of a check that differ: told in a thread, or sent as a file."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from bot.domain.check_result import CheckStatus
from bot.domain.messages.facts import Facts
from bot.domain.playbook.row_checks import Rows
from bot.domain.row_difference import RowDifference, RowsFound

MOST_TOLD = 100
"""Rows that are told in a message."""


class DifferingRowsFacts(Facts):
    """The first rows of a check that differ, of `kept` that are kept one by one.

    `key` are the names of the key's columns. `owner` is who may have all of them as a file.
    """

    kind: ClassVar[str] = "differing_rows"
    reconciliation: str
    migration: str
    check: str
    title: str
    status: CheckStatus
    tolerance: str
    found: RowsFound
    key: tuple[str, ...]
    rows: tuple[RowDifference, ...]
    kept: int
    asked_by: str
    reconciled_at: datetime
    owner: str


class RowFileFacts(Facts):
    """All rows of a check that differ, as the CSV that a person asked for."""

    kind: ClassVar[str] = "row_file"
    reconciliation: str
    check: str


def key_names(rows: Rows | None, parts: int) -> tuple[str, ...]:
    """The names of a key's columns; numbers where the playbook has no such key any more."""
    keys = rows.keys if rows is not None else ()
    if len(keys) != parts:
        return tuple(f"key {number}" for number in range(1, parts + 1))
    return tuple(key.legacy if key.legacy == key.new else f"{key.legacy} / {key.new}" for key in keys)


def counts_in_words(found: RowsFound) -> str:
    """`3 missing in new, 49 differing`: what there is of each kind."""
    kinds = (
        (found.missing_in_new, "missing in new"),
        (found.missing_in_legacy, "missing in legacy"),
        (found.differing, "differing"),
        (found.duplicated, "duplicated"),
    )
    return _listed(f"{count:,} {kind}" for count, kind in kinds if count)


def columns_in_words(found: RowsFound, *, most: int = 8) -> str:
    """`level 37, status 12`: in how many rows each column differs."""
    named = [f"{one.column} {one.rows:,}" for one in found.columns[:most]]
    more = len(found.columns) - len(named)
    return _listed([*named, *([f"and {more} more columns"] if more else [])])


def rows_in_words(found: RowsFound) -> str:
    """`12 missing in new, 37 differing; by column: level 37`; the kinds only where not all just differ."""
    kinds = counts_in_words(found) if found.differing < found.total else ""
    columns = columns_in_words(found)
    return "; ".join(filter(None, (kinds, f"by column: {columns}" if columns else "")))


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)
