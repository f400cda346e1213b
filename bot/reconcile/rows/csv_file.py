"""CSV: a first line of names, commas, UTF-8. An empty field is NULL, a quoted empty one the empty text."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from bot.reconcile.rows.batch import Cells
from bot.reconcile.rows.kinds import SideColumn

_BLOCK_BYTES = 4 << 20
_PARSED = csv.ParseOptions(newlines_in_values=True)


def csv_columns(file: Path) -> tuple[SideColumn, ...]:
    """The names; everything in the file is text, and is read as what the other side has."""
    with csv.open_csv(file, parse_options=_PARSED) as reader:
        names: list[str] = reader.schema.names
    return tuple(SideColumn(name=name, kind="untyped", declared="text") for name in names)


def csv_batches(file: Path, names: Sequence[str]) -> Iterator[tuple[Cells, ...]]:
    """The columns of these names as text."""
    wanted = list(dict.fromkeys(names))
    options = csv.ConvertOptions(
        column_types=dict.fromkeys(wanted, pa.string()),
        include_columns=wanted,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    read = csv.ReadOptions(block_size=_BLOCK_BYTES)
    with csv.open_csv(file, read_options=read, parse_options=_PARSED, convert_options=options) as reader:
        for batch in reader:
            if batch.num_rows:
                yield tuple(Cells(batch.column(name)) for name in names)
