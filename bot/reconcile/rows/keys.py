"""Keys as bytes whose order is one and the same on both sides, and the order that is checked."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bot.reconcile.rows.batch import Batch
from bot.reconcile.rows.canonical import Canonical
from bot.reconcile.rows.values import Unmapped, Unreadable

_BIAS = 1 << 127
_EXPONENT_BIAS = 1 << 31


def encoded_key(parts: Sequence[Canonical]) -> bytes:
    """Equal keys give equal bytes, and bytes are in the order of the keys; NULL is the first."""
    return b"".join(map(_part, parts))


def _part(value: Canonical) -> bytes:
    kind, write = next((kind, write) for types, kind, write in _WRITERS if isinstance(value, types))
    return kind + write(value)


def _text(text: str) -> bytes:
    return _ended(text.encode("utf-8", "surrogateescape"))


def _ended(value: bytes) -> bytes:
    return value.replace(b"\x00", b"\x00\xff") + b"\x00\x01"


def _decimal(value: Decimal) -> bytes:
    if value.is_infinite():
        return b"\x00" if value < 0 else b"\xff"
    if not value:
        return b"\x80"
    digits = "".join(map(str, value.as_tuple().digits)).lstrip("0").rstrip("0")
    size = (value.adjusted() + _EXPONENT_BIAS).to_bytes(8, "big") + digits.encode() + b"\x00"
    return b"\x40" + bytes(255 - one for one in size) if value < 0 else b"\xc0" + size


_WRITERS: tuple[tuple[type | tuple[type, ...], bytes, Callable[[Any], bytes]], ...] = (
    (type(None), b"\x00", lambda _: b""),
    (bool, b"\x01", lambda one: b"\x01" if one else b"\x00"),
    (int, b"\x02", lambda one: (one + _BIAS).to_bytes(16, "big")),
    (Decimal, b"\x03", _decimal),
    (str, b"\x04", _text),
    (bytes, b"\x05", _ended),
    (Unreadable, b"\x08", lambda one: _text(one.type) + _text(one.text)),
    (Unmapped, b"\x09", lambda one: _text(one.text)),
)


def out_of_order(batch: Batch, before: tuple[object, ...] | None) -> bool:
    """Whether a batch is out of order in itself, or begins before the last key of the one before."""
    if before is not None and batch.rows and batch.key_at(0) < before:
        return True
    return batch.rows > 1 and not pc.all(_steps(batch, strictly=False)).as_py()


def strictly_increasing(batch: Batch) -> bool:
    """Whether no key is there twice, in an ordered batch."""
    return batch.rows < 2 or bool(pc.all(_steps(batch, strictly=True)).as_py())


def _steps(batch: Batch, *, strictly: bool) -> pa.Array:
    """For each row but the first, whether its key is after (or, not strictly, at) the one before."""
    size = batch.rows - 1
    last = batch.keys[-1]
    step = (pc.greater if strictly else pc.greater_equal)(last.slice(1, size), last.slice(0, size))
    for key in reversed(batch.keys[:-1]):
        after, before = key.slice(1, size), key.slice(0, size)
        step = pc.or_(pc.greater(after, before), pc.and_(pc.equal(after, before), step))
    return step


def place_of(batch: Batch, key: tuple[object, ...], *, after: bool = False) -> int:
    """How many rows of an ordered batch are before the key; with `after`, before it or at it."""
    low, high = 0, batch.rows
    while low < high:
        middle = (low + high) // 2
        found = batch.key_at(middle)
        if found < key or (after and found == key):
            low = middle + 1
        else:
            high = middle
    return low
