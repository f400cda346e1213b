"""Parquet: columns have types of their own."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from bot.reconcile.rows.batch import Cells
from bot.reconcile.rows.kinds import Kind, SideColumn

_ROWS = 1 << 14
_KINDS: tuple[tuple[Callable[[pa.DataType], bool], Kind], ...] = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "float"),
    (pa.types.is_decimal, "decimal"),
    (pa.types.is_string, "text"),
    (pa.types.is_large_string, "text"),
    (pa.types.is_date, "date"),
    (pa.types.is_time, "time"),
    (lambda kind: pa.types.is_timestamp(kind) and kind.tz is None, "timestamp"),
    (pa.types.is_timestamp, "timestamptz"),
    (pa.types.is_binary, "bytes"),
    (pa.types.is_large_binary, "bytes"),
    (pa.types.is_fixed_size_binary, "bytes"),
)


def parquet_columns(file: Path) -> tuple[SideColumn, ...]:
    """The names and kinds; lists, structures and maps have no comparison."""
    schema = parquet.read_schema(file)
    return tuple(SideColumn(name=one.name, kind=_kind(one.type), declared=str(one.type)) for one in schema)


def parquet_batches(file: Path, names: Sequence[str]) -> Iterator[tuple[Cells, ...]]:
    """The columns of these names."""
    with parquet.ParquetFile(file) as opened:
        for batch in opened.iter_batches(batch_size=_ROWS, columns=list(dict.fromkeys(names))):
            if batch.num_rows:
                yield tuple(Cells(_plain(batch.column(name))) for name in names)


def _kind(kind: pa.DataType) -> Kind | None:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return next((known for is_it, known in _KINDS if is_it(kind)), None)


def _plain(array: pa.Array) -> pa.Array:
    """In the few types that values are compared in."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _plain(array.dictionary_decode())
    if pa.types.is_decimal(kind):
        return pc.cast(array, pa.string())
    plainer = {pa.large_string(): pa.string(), pa.date64(): pa.date32(), pa.float16(): pa.float32()}
    wanted = plainer.get(kind)
    if wanted is None and (pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)):
        wanted = pa.binary()
    if wanted is None and pa.types.is_time(kind):
        wanted = pa.time64("ns")
    return array if wanted is None else pc.cast(array, wanted)
