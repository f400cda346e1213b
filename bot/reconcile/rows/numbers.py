"""Numbers as exact decimals, and as one text each."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,6})?", re.ASCII)
_MOST_PLACES = 1000


def number(value: object) -> Decimal:
    """Exact. Raises ValueError for what is no number; NaN is none."""
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, str):
        value = _number_of(value)
    if not isinstance(value, Decimal) or value.is_nan():
        raise ValueError("not a number")
    return value


def _number_of(text: str) -> Decimal:
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if text in ("Infinity", "-Infinity", "inf", "-inf"):
        return Decimal(text)
    raise ValueError("not a number")


def number_text(value: Decimal) -> str:
    """Without an exponent and trailing zeros: 1.10 is 1.1."""
    if not value.is_finite() or abs(value.adjusted()) > _MOST_PLACES:
        return str(value)
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
