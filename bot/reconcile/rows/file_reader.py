"""Reads rows out of files: CSV, JSON and Parquet, some at a time."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from bot.reconcile.rows.batch import Cells, tag
from bot.reconcile.rows.csv_file import csv_batches, csv_columns
from bot.reconcile.rows.json_file import json_columns, json_rows
from bot.reconcile.rows.kinds import SideColumn
from bot.reconcile.rows.parquet_file import parquet_batches, parquet_columns
from bot.reconcile.rows.place import RowPlace
from bot.reconcile.rows.reader import RowReader
from bot.reconcile.rows.time_filter import let_through

_ROWS = 1 << 12
_READ_ERRORS = (OSError, pa.ArrowException, UnicodeDecodeError, ValueError)


def files_of(place: RowPlace) -> list[Path]:
    """The files of a pattern, by name. Raises SourceError where there is none."""
    pattern = place.declared.file or ""
    path = place.folder / pattern
    if path.is_file():
        return [path]
    base = Path(path.anchor) if Path(pattern).is_absolute() else place.folder
    found = sorted(one for one in base.glob(str(path.relative_to(base))) if one.is_file())
    if not found:
        raise place.problem(f"there is no file {pattern}")
    return found


def format_of(place: RowPlace, file: Path) -> str:
    """csv, json or parquet. Raises SourceError for an ending that says something else."""
    known = {
        "csv": "csv",
        "json": "json",
        "jsonl": "json",
        "ndjson": "json",
        "parquet": "parquet",
        "pq": "parquet",
    }
    found = place.declared.format or known.get(file.suffix.lower().removeprefix("."))
    if found is None:
        raise place.problem(f"{file.name} does not tell its format", do="Write format: csv, json or parquet")
    return found


def file_columns(place: RowPlace) -> tuple[SideColumn, ...]:
    """The columns of the files; all of them have the same. Raises SourceError."""
    found: tuple[SideColumn, ...] | None = None
    for file in files_of(place):
        readers = {"csv": csv_columns, "json": json_columns, "parquet": parquet_columns}
        try:
            columns = readers[format_of(place, file)](file)
        except _READ_ERRORS as error:
            raise _unread(place, file, error) from None
        if found is not None and {one.name for one in columns} != {one.name for one in found}:
            raise place.problem(f"{file.name} has other columns than the files before it")
        found = found or columns
    return found or ()


class FileReader(RowReader):
    """The rows of one or more files. Nothing is known of their order, and files do not move."""

    _ended = False

    def open(self) -> None:
        """See that there are files."""
        files_of(self.place)

    def orders_keys(self) -> bool:
        """Never."""
        return False

    def narrow(self, keys: Sequence[tuple[object, ...]]) -> None:
        """A file is read whole: what else comes with it is left out by who reads."""

    def batches(self, *, ordered: bool) -> Iterator[tuple[Cells, ...]]:
        """All rows, file after file."""
        if ordered:
            raise self.place.problem("files have no order")
        names = [*(one.name for one in self.columns), *(one.column for one in self.place.filters)]
        for file in files_of(self.place):
            try:
                for cells in self._batches(file, names):
                    if self._ended:
                        return
                    yield from let_through(self.place, cells)
            except _READ_ERRORS as error:
                raise _unread(self.place, file, error) from None

    def cancel(self) -> None:
        """Read no further batch."""
        self._ended = True

    def close(self) -> None:
        """Nothing is held between two batches."""

    def _batches(self, file: Path, names: Sequence[str]) -> Iterator[tuple[Cells, ...]]:
        match format_of(self.place, file):
            case "csv":
                yield from csv_batches(file, names)
            case "parquet":
                yield from parquet_batches(file, names)
            case _:
                for rows in json_rows(file, known={*names, *(self._known())}, size=_ROWS):
                    yield tuple(
                        Cells(pa.array([tag(row.get(name)) for row in rows], pa.string()), tagged=True)
                        for name in names
                    )

    def _known(self) -> set[str]:
        return {one.name for one in file_columns(self.place)}


def _unread(place: RowPlace, file: Path, error: Exception) -> Exception:
    # What a line holds is nobody's business here: CSV's error repeats it behind the number of its columns.
    told = re.sub(r"(, got \d+):.*", r"\1", place.identity.first_line(error))
    return place.problem(f"{file.name} cannot be read: {told}")
