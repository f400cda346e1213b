"""Which values of two columns are certainly equal, found for whole batches at once.

Certainly equal is equal by the definition in `cells`; anything else is left to that definition. So a
mistake here that costs time cannot cost a difference, and each rule below says why it is safe.
"""

from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from bot.reconcile.rows.batch import Cells
from bot.reconcile.rows.cells import CellComparison
from bot.reconcile.rows.kinds import NUMBERS

_EXACT_IN_A_FLOAT = 15
"""Decimal texts of at most so many characters (no exponent) and floats stand for each other."""


def identical(comparison: CellComparison, legacy: Cells, new: Cells) -> bool:
    """Whether both sides hold the same, and it is read by the same rules: then all pairs are equal."""
    alike = comparison.read_alike and legacy.tagged == new.tagged
    return alike and bool(legacy.array.equals(new.array))


def certainly_equal(comparison: CellComparison, legacy: Cells, new: Cells) -> pa.Array:
    """A boolean for each pair, never NULL: whether it is certainly equal."""
    left, right = legacy.array, new.array
    both_null = pc.and_(pc.is_null(left), pc.is_null(right))
    if comparison.column.rule.map is not None or legacy.tagged != new.tagged:
        return both_null
    if legacy.tagged:
        equal = _same(left, right)
    else:
        try:
            equal = _by_kind(comparison)(left, right)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
            return both_null
    return both_null if equal is None else pc.or_(pc.fill_null(equal, False), both_null)


_FIRST_DAY = pa.scalar(date.min, pa.date32())

Equality = Callable[[pa.Array, pa.Array], pa.Array | None]


def _by_kind(comparison: CellComparison) -> Equality:
    column = comparison.column
    kinds = {column.legacy.kind, column.new.kind}
    if column.kind in NUMBERS:
        return _numbers
    if column.kind == "boolean":
        return _booleans
    if kinds == {"date"} and column.kind == "date" and comparison.same_zone:
        return _dates
    if column.kind in ("timestamp", "timestamptz"):
        return lambda left, right: _instants(comparison, left, right)
    if column.kind in ("text", "uuid", "json") and kinds <= {column.kind, "text", "untyped"}:
        return _texts
    # Of the same type in the same zone: the same value, whatever it is compared as.
    return _same if len(kinds) == 1 and comparison.same_zone else _unknown


def _unknown(_left: pa.Array, _right: pa.Array) -> pa.Array | None:
    return None


def _same(left: pa.Array, right: pa.Array) -> pa.Array | None:
    return pc.equal(left, right) if left.type == right.type else None


def _texts(left: pa.Array, right: pa.Array) -> pa.Array | None:
    if pa.types.is_string(left.type) and pa.types.is_string(right.type):
        return pc.equal(left, right)
    return None


def _booleans(left: pa.Array, right: pa.Array) -> pa.Array | None:
    # 0 and 1 are the booleans; any other number is equal to neither.
    sides = [pc.cast(one, pa.int64()) if pa.types.is_boolean(one.type) else one for one in (left, right)]
    return _same(*(pc.cast(one, pa.int64()) if pa.types.is_integer(one.type) else one for one in sides))


def _dates(left: pa.Array, right: pa.Array) -> pa.Array | None:
    if left.type == right.type:
        return _same(left, right)
    try:
        # Of texts Arrow reads YYYY-MM-DD alone, and raises for any other.
        return _same(*map(_day, (left, right)))
    except pa.ArrowInvalid:
        # Arrow writes a day as ISO 8601 does, so the same text is the same day.
        return _texts(*(pc.cast(_day(one), pa.string()) if _is_day(one) else one for one in (left, right)))


def _is_day(array: pa.Array) -> bool:
    return bool(pa.types.is_date32(array.type))


def _day(array: pa.Array) -> pa.Array:
    """Those that the definition can read: for it there is no year 0, which for Arrow there is."""
    days = array if _is_day(array) else pc.cast(array, pa.date32())
    return pc.if_else(pc.less(days, _FIRST_DAY), None, days)


def _instants(comparison: CellComparison, left: pa.Array, right: pa.Array) -> pa.Array | None:
    if left.type == right.type and comparison.same_zone:
        return pc.equal(left, right)
    return _same(*(_instant(one, zone) for one, zone in zip((left, right), comparison.zones, strict=True)))


def _instant(array: pa.Array, zone: str) -> pa.Array:
    if pa.types.is_string(array.type):
        # Raises for a text with an offset and for one that is no time: the definition reads those.
        array = pc.cast(array, pa.timestamp("us"))
    if pa.types.is_date32(array.type):
        array = pc.cast(array, pa.timestamp("s"))
    if not pa.types.is_timestamp(array.type):
        raise pa.ArrowTypeError("no time")
    if array.type.tz is None:
        array = pc.assume_timezone(array, zone, ambiguous="earliest", nonexistent="raise")
    return pc.cast(array, pa.timestamp("ns", "UTC"))


def _numbers(left: pa.Array, right: pa.Array) -> pa.Array | None:
    if left.type == right.type and not pa.types.is_float32(left.type):
        equal = pc.equal(left, right)
        return _again_as_decimals(left, right, equal) if pa.types.is_string(left.type) else equal
    left, right = (_widened(one) for one in (left, right))
    if left.type == right.type:
        return pc.equal(left, right)
    if pa.types.is_string(left.type) and pa.types.is_floating(right.type):
        return _text_and_float(left, right)
    if pa.types.is_floating(left.type) and pa.types.is_string(right.type):
        return _text_and_float(right, left)
    if pa.types.is_floating(left.type) or pa.types.is_floating(right.type):
        # Raises where a whole number has no float of its own.
        return pc.equal(*(pc.cast(one, pa.float64()) for one in (left, right)))
    return _as_decimals(left, right)


def _widened(array: pa.Array) -> pa.Array:
    if pa.types.is_float32(array.type):
        return pc.cast(pc.cast(array, pa.string()), pa.float64())
    if pa.types.is_integer(array.type):
        return pc.cast(array, pa.int64())
    if pa.types.is_boolean(array.type):
        return pc.cast(array, pa.int64())
    if pa.types.is_decimal(array.type):
        return pc.cast(array, pa.string())
    return array


def _text_and_float(texts: pa.Array, floats: pa.Array) -> pa.Array:
    """Fifteen digits survive the way through a float and back, so equal floats mean equal decimals."""
    if not _all_short_and_plain(texts):
        short = pc.less_equal(pc.binary_length(texts), _EXACT_IN_A_FLOAT)
        plain = pc.invert(pc.match_substring_regex(texts, "[^-0-9.]"))
        texts = pc.if_else(pc.and_(short, plain), texts, None)
    return pc.equal(pc.cast(texts, pa.float64()), floats)


def _all_short_and_plain(texts: pa.Array) -> bool:
    """Whether all are of so few characters, of digits, "-" and "." (and "/", of which no number is read)."""
    longest = pc.max(pc.binary_length(texts)).as_py()
    if longest is None or longest > _EXACT_IN_A_FLOAT:
        return longest is None
    ends = pc.min_max(_characters(texts)).as_py()
    return ends["min"] is None or ord("-") <= ends["min"] <= ends["max"] <= ord("9")


def _characters(texts: pa.Array) -> pa.Array:
    """All bytes of an array of texts, not copied: to look at them together costs nearly nothing."""
    _, places, characters = texts.buffers()
    ends = pa.Array.from_buffers(pa.int32(), len(texts) + 1, [None, places], offset=texts.offset)
    first, last = ends[0].as_py(), ends[len(texts)].as_py()
    return pa.Array.from_buffers(pa.uint8(), last - first, [None, characters], offset=first)


def _as_decimals(left: pa.Array, right: pa.Array) -> pa.Array:
    # Raises where a number does not fit: nothing is rounded.
    kind = pa.decimal128(38, 18)
    return pc.equal(*(_decimal(one, kind) for one in (left, right)))


def _decimal(array: pa.Array, kind: pa.DataType) -> pa.Array:
    return pc.cast(pc.cast(array, pa.string()) if pa.types.is_integer(array.type) else array, kind)


def _again_as_decimals(left: pa.Array, right: pa.Array, equal: pa.Array) -> pa.Array:
    """Texts that differ may still be the same number: 1.10 and 1.1."""
    if pc.all(pc.fill_null(equal, True)).as_py():
        return equal
    try:
        return _as_decimals(left, right)
    except pa.ArrowInvalid:
        return equal
