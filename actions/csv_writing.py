"""Rows of a database as CSV for another system: every value exactly, nothing made safe for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256


class CsvLines:
    """One file's lines in UTF-8, piece by piece. NULL is an empty cell, as an empty text is.

    `count` is how many rows there were.
    """

    def __init__(self) -> None:
        self._digest = sha256()
        self.count = 0

    @property
    def digest(self) -> str:
        """SHA-256 over what was given until now, in hex."""
        return self._digest.hexdigest()

    def head(self, names: Sequence[str]) -> bytes:
        """The names of the columns."""
        return self._lines([names])

    def rows(self, some: Sequence[Sequence[object]]) -> bytes:
        """Some more rows."""
        self.count += len(some)
        return self._lines([cell(value) for value in row] for row in some)

    def _lines(self, rows: Iterable[Sequence[str]]) -> bytes:
        written = io.StringIO()
        csv.writer(written).writerows(rows)
        piece = written.getvalue().encode()
        self._digest.update(piece)
        return piece


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
