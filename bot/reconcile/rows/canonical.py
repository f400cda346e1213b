"""A value in the one form in which values are compared: exact, whatever driver or file it came from.

Numbers are decimals (never through a float: a float is taken by its shortest text), days and instants
whole numbers, JSON a tree of tuples. What cannot be read as its kind is `Unreadable`: equal to the same
unreadable value alone, so that nothing is dropped and nothing passes.
"""

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.reconcile.rows import times
from bot.reconcile.rows.json_tree import json_tree, read_json, tree_text
from bot.reconcile.rows.kinds import Kind
from bot.reconcile.rows.numbers import number, number_text
from bot.reconcile.rows.values import Clock, Day, Instant, Naive, Unmapped, Unreadable

Canonical = object
"""None, bool, int, Decimal, str, bytes, a tuple (JSON), `Unreadable`, or `Unmapped`."""

_UTC = ZoneInfo("UTC")
_TRUE = frozenset({"t", "true", "y", "yes", "on", "1"})
_FALSE = frozenset({"f", "false", "n", "no", "off", "0"})


def canonical(value: object, kind: Kind, zone: ZoneInfo) -> Canonical:
    """A driver's value as one of the kind. NULL stays None."""
    if value is None:
        return None
    try:
        return _READERS[kind](value, zone)
    except (ValueError, OverflowError, ArithmeticError, RecursionError):
        return _unreadable(value)


def _unreadable(value: object) -> Unreadable:
    if isinstance(value, (int, float, Decimal)):
        return Unreadable("number", canonical_text(_number(value, _UTC)))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return Unreadable("bytes", f"\\x{bytes(value).hex()}")
    if isinstance(value, Naive):
        return Unreadable("time", times.instant_text(value.nanoseconds).removesuffix("Z"))
    return Unreadable("text", str(value))


def _number(value: object, _zone: ZoneInfo) -> Canonical:
    if (isinstance(value, float) and math.isnan(value)) or (isinstance(value, Decimal) and value.is_nan()):
        return Unreadable("number", "NaN")
    if value in ("NaN", "nan"):
        return Unreadable("number", "NaN")
    return number(value)


def _text(value: object, zone: ZoneInfo) -> Canonical:
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise ValueError("bytes are no text")
    return canonical_text(_untyped(value, zone))


def _boolean(value: object, _zone: ZoneInfo) -> Canonical:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        lower = value.lower()
        if lower in _TRUE or lower in _FALSE:
            return lower in _TRUE
        raise ValueError("not a boolean")
    if isinstance(value, bytes) and value in (b"\0", b"\1"):
        return value == b"\1"
    known = number(value)
    if known not in (0, 1):
        raise ValueError("not a boolean")
    return known == 1


def _date(value: object, zone: ZoneInfo) -> Canonical:
    if isinstance(value, Day):
        return value.days
    if isinstance(value, Naive):
        return value.nanoseconds // times.DAY
    if isinstance(value, datetime):
        return times.days((value if value.tzinfo is None else value.astimezone(zone)).date())
    if isinstance(value, date):
        return times.days(value)
    if isinstance(value, str) and len(value) <= 10:
        return times.read_date(value)
    return times.local_day(_instant(value, zone), zone)


def _timestamp(value: object, zone: ZoneInfo) -> Canonical:
    return _instant(value, zone)


def _instant(value: object, zone: ZoneInfo) -> int:
    if isinstance(value, Instant):
        return value.nanoseconds
    if isinstance(value, Naive):
        return times.in_utc(value.nanoseconds, zone)
    if isinstance(value, datetime):
        return times.nanoseconds(value, zone)
    if isinstance(value, Day):
        return times.midnight(value.days, zone)
    if isinstance(value, date):
        return times.midnight(times.days(value), zone)
    if isinstance(value, str):
        return times.read_timestamp(value, zone)
    raise ValueError("not a time")


def _time(value: object, _zone: ZoneInfo) -> Canonical:
    if isinstance(value, Clock):
        return value.nanoseconds
    if isinstance(value, time):
        if value.tzinfo is not None:
            raise ValueError("a time of day with a zone")
        return times.clock_nanoseconds(value)
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1) * 1000
    if isinstance(value, str):
        return times.read_time(value)
    raise ValueError("not a time of day")


def _bytes(value: object, _zone: ZoneInfo) -> Canonical:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise ValueError("not bytes")


def _uuid(value: object, _zone: ZoneInfo) -> Canonical:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes) and len(value) == 16:
        return str(UUID(bytes=value))
    if isinstance(value, str):
        return str(UUID(value))
    raise ValueError("not a UUID")


def _json(value: object, _zone: ZoneInfo) -> Canonical:
    if isinstance(value, (str, bytes)):
        return read_json(value)
    return json_tree(value)


def _untyped(value: object, zone: ZoneInfo) -> Canonical:
    """By the value's own type."""
    by_type: tuple[tuple[tuple[type, ...], Kind], ...] = (
        ((str,), "text"),
        ((bool,), "boolean"),
        ((int, float, Decimal), "decimal"),
        ((bytes, bytearray, memoryview), "bytes"),
        ((datetime, Naive, Instant), "timestamp"),
        ((date, Day), "date"),
        ((time, timedelta, Clock), "time"),
        ((UUID,), "uuid"),
        ((dict, list), "json"),
    )
    kind = next((kind for types, kind in by_type if isinstance(value, types)), None)
    if kind is None:
        raise ValueError("a value of no known type")
    found = _READERS[kind](value, zone)
    # A date and a count of days, a boolean and a number, are not the same value.
    return found if kind in ("text", "decimal", "bytes") else Unreadable(kind, written(found, kind))


_READERS: dict[Kind, Callable[[object, ZoneInfo], Canonical]] = {
    "integer": _number,
    "decimal": _number,
    "float": _number,
    "text": _text,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _timestamp,
    "timestamptz": _timestamp,
    "time": _time,
    "bytes": _bytes,
    "uuid": _uuid,
    "json": _json,
    "untyped": _untyped,
}


def written(value: Canonical, kind: Kind) -> str:
    """A canonical value of a kind as text: NULL, 1.5, true, 2024-02-29, 2024-02-29T12:00:00Z, \\x00ff."""
    if kind == "date" and isinstance(value, int):
        return times.day_text(value)
    if kind in ("timestamp", "timestamptz") and isinstance(value, int):
        text = times.instant_text(value)
        return text if kind == "timestamptz" else text.removesuffix("Z")
    if kind == "time" and isinstance(value, int):
        return times.clock_text(value)
    return canonical_text(value)


def canonical_text(value: Canonical) -> str:
    """A canonical value that tells its kind by itself, as text."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, (Unreadable, Unmapped)):
        return value.text
    return tree_text(value) if isinstance(value, tuple) else str(value)
