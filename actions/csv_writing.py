"""Rows of a database as CSV for another system: every value exactly, nothing made safe for a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self


class CsvFile:
    """Writes one file in UTF-8. NULL is an empty cell, as an empty text is.

    `count` is how many rows were written.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, quoting=csv.QUOTE_MINIMAL)
        self.count = 0

    def __enter__(self) -> Self:
        """The file, to be closed at the end."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._file.close()

    def head(self, names: Sequence[str]) -> None:
        """The names of the columns."""
        self._writer.writerow(names)

    def rows(self, some: Iterable[Sequence[object]]) -> None:
        """Some more rows."""
        for row in some:
            self._writer.writerow([cell(value) for value in row])
            self.count += 1


def cell(value: object) -> str:
    """A value as text: numbers without an exponent, times in ISO 8601, bytes in hex."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case bytes() | memoryview():
            return bytes(value).hex()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value)
