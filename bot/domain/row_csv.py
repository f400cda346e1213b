"""Rows that differ as a CSV that is safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from bot.domain.row_difference import CellDifference, RowDifference
from bot.domain.sighting import ROW_KINDS

HIDDEN = "hidden"
"""What stands for values that the playbook does not show."""

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# What a spreadsheet takes for a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def head(key: Sequence[str]) -> str:
    """The first line: a mark by which Excel reads UTF-8, and the names of the columns."""
    names = ["kind", *key, "legacy rows", "new rows", "column", "legacy", "new", "note"]
    return "\ufeff" + _line(names)


def lines(row: RowDifference) -> Iterator[str]:
    """A line for each column in which a row differs; one where that cannot be said.

    Of a row that one side misses, the shown columns of the other.
    """
    about = [
        ROW_KINDS[row.kind],
        *("NULL" if part is None else part for part in row.key),
        str(row.legacy_rows),
        str(row.new_rows),
    ]
    if not row.cells:
        yield _line([*about, "", "", "", ""])
    for cell in row.cells:
        yield _line([*about, cell.column, *cell_values(cell), cell.note])


def cell_values(cell: CellDifference) -> tuple[str, str]:
    """Both sides of a cell as they are told; empty on a side that has no such row."""
    if cell.legacy is None and cell.new is None:
        return HIDDEN, HIDDEN
    return cell.legacy or "", cell.new or ""


def spreadsheet_safe(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula; numbers stay."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([spreadsheet_safe(cell) for cell in cells])
    return written.getvalue()
