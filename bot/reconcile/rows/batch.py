"""Some rows of one side as Arrow arrays, and how their values are read out of them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from bot.reconcile.rows.json_tree import json_text
from bot.reconcile.rows.values import Clock, Day, Instant, Naive

_PER_SECOND = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1000, "ns": 1}


@dataclass(frozen=True)
class Cells:
    """A column's values. `tagged` ones are texts whose first character tells their type.

    A source whose values are not of one type (an SQLite column, a JSON file) gives tagged ones: i and d for
    numbers in digits, r for a float, t for text, b for bytes in hexadecimal, z for a boolean, j for JSON.
    """

    array: pa.Array
    tagged: bool = False

    def slice(self, start: int, length: int) -> "Cells":
        """Some of them, not copied."""
        return Cells(self.array.slice(start, length), self.tagged)

    def take(self, indices: pa.Array) -> "Cells":
        """Those at the places."""
        return Cells(self.array.take(indices), self.tagged)

    def filter(self, chosen: pa.Array) -> "Cells":
        """Those at whose place there is a true."""
        return Cells(self.array.filter(chosen), self.tagged)

    def values(self) -> list[object]:
        """As a driver would give them."""
        return _tagged_values(self.array) if self.tagged else _values(self.array)


@dataclass(frozen=True)
class Batch:
    """Rows in the order of their keys.

    `keys` are what they are matched and ordered by: arrays of the same types on both sides, without NULL.
    `cells` are the columns of the row definition, the key's first.
    """

    keys: tuple[pa.Array, ...]
    cells: tuple[Cells, ...]

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.keys[0])

    def slice(self, start: int, length: int | None = None) -> "Batch":
        """Some of them, not copied."""
        size = self.rows - start if length is None else length
        return Batch(
            tuple(key.slice(start, size) for key in self.keys),
            tuple(cells.slice(start, size) for cells in self.cells),
        )

    def take(self, indices: pa.Array) -> "Batch":
        """Those at the places."""
        return Batch(
            tuple(key.take(indices) for key in self.keys), tuple(cells.take(indices) for cells in self.cells)
        )

    def filter(self, chosen: pa.Array) -> "Batch":
        """Those at whose place there is a true."""
        return Batch(
            tuple(key.filter(chosen) for key in self.keys),
            tuple(cells.filter(chosen) for cells in self.cells),
        )

    def key_at(self, row: int) -> tuple[object, ...]:
        """The key of a row, comparable with others."""
        return tuple(key[row].as_py() for key in self.keys)

    def columns(self, start: int = 0) -> list[tuple[object, ...]]:
        """The rows' values, from one column on."""
        return list(zip(*(cells.values() for cells in self.cells[start:]), strict=True)) or [()] * self.rows


def joined(first: Batch, second: Batch) -> Batch:
    """One batch after the other."""
    if not first.rows:
        return second
    return Batch(
        tuple(pa.concat_arrays(pair) for pair in zip(first.keys, second.keys, strict=True)),
        tuple(map(joined_cells, zip(first.cells, second.cells, strict=True))),
    )


def joined_cells(parts: Sequence[Cells]) -> Cells:
    """One after the other; tagged where they are not of one type."""
    first = parts[0]
    if all((one.tagged, one.array.type) == (first.tagged, first.array.type) for one in parts):
        return Cells(pa.concat_arrays([one.array for one in parts]), first.tagged)
    values = [tag(value) for cells in parts for value in cells.values()]
    return Cells(pa.array(values, pa.string()), tagged=True)


def tag(value: object) -> str | None:
    """A value as a tagged text; the other way round as `Cells.values` reads it."""
    if value is None:
        return None
    taggers: tuple[tuple[tuple[type, ...], Callable[[object], str]], ...] = (
        ((bool,), lambda one: f"z{int(bool(one))}"),
        ((str,), lambda one: f"t{one}"),
        ((int,), lambda one: f"i{one}"),
        ((float,), lambda one: f"r{one!r}"),
        ((Decimal,), lambda one: f"d{one}"),
        ((bytes,), lambda one: f"b{one.hex()}" if isinstance(one, bytes) else ""),
        ((Instant,), lambda one: f"n{one.nanoseconds}" if isinstance(one, Instant) else ""),
        ((Naive,), lambda one: f"l{one.nanoseconds}" if isinstance(one, Naive) else ""),
        ((Clock,), lambda one: f"c{one.nanoseconds}" if isinstance(one, Clock) else ""),
        ((Day,), lambda one: f"y{one.days}" if isinstance(one, Day) else ""),
    )
    tagger = next((one for types, one in taggers if isinstance(value, types)), None)
    return tagger(value) if tagger else f"j{json_text(value)}"


_UNTAG: dict[str, Callable[[str], object]] = {
    "i": int,
    "d": Decimal,
    "r": float,
    "t": str,
    "b": bytes.fromhex,
    "z": "1".__eq__,
    "n": lambda text: Instant(int(text)),
    "l": lambda text: Naive(int(text)),
    "c": lambda text: Clock(int(text)),
    "y": lambda text: Day(int(text)),
    "j": lambda text: json.loads(text, parse_float=Decimal),
}


def _tagged_values(array: pa.Array) -> list[object]:
    return [None if text is None else _UNTAG[text[0]](text[1:]) for text in texts(array)]


def texts(array: pa.Array) -> Sequence[str | None]:
    """The texts of an array; what is not UTF-8 is kept, as surrogates."""
    try:
        found: list[str | None] = array.to_pylist()
    except UnicodeDecodeError:
        raw = pc.cast(array, pa.binary()).to_pylist()
        found = [None if one is None else one.decode("utf-8", "surrogateescape") for one in raw]
    return found


def _values(array: pa.Array) -> list[object]:
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return list(texts(array))
    if pa.types.is_timestamp(kind):
        made: Callable[[int], object] = Naive if kind.tz is None else Instant
        factor = _PER_SECOND[kind.unit]
        return [None if one is None else made(one * factor) for one in _whole(array, pa.int64())]
    if pa.types.is_date32(kind):
        return [None if one is None else Day(one) for one in _whole(array, pa.int32())]
    if pa.types.is_time64(kind):
        factor = _PER_SECOND[kind.unit]
        return [None if one is None else Clock(one * factor) for one in _whole(array, pa.int64())]
    if pa.types.is_float32(kind):
        # A float of four bytes is taken by its own shortest text, not by that of the wider one.
        return [None if one is None else float(one) for one in pc.cast(array, pa.string()).to_pylist()]
    values: list[object] = array.to_pylist()
    return values


def _whole(array: pa.Array, kind: pa.DataType) -> list[int | None]:
    numbers: list[int | None] = array.view(kind).to_pylist()
    return numbers
