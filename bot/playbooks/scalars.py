"""What an unquoted word of a playbook is, by the core schema of YAML 1.2.

`yes`, `no`, `on`, `off` and dates are text. Numbers stay exact: a fraction becomes a Decimal.
"""

import re
from decimal import Decimal, InvalidOperation

Scalar = str | int | float | Decimal | bool | None

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

MOST_DIGITS = 300
"""Of a number, before or after its point: a float ends there too."""


def resolve(text: str) -> Scalar:
    """The value of an unquoted word. Raises ValueError for a number that is out of range."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"“{text}” is not a finite number")
    for pattern, base in ((_WHOLE, 10), (_OCTAL, 8), (_HEXADECIMAL, 16)):
        if pattern.fullmatch(text):
            if len(text) > MOST_DIGITS:
                raise ValueError(f"a number of {len(text)} digits is out of range")
            return int(text, base)
    return _fraction(text) if _FRACTION.fullmatch(text) else text


def json_number(number: Decimal) -> float:
    """The float that is written as this number. Raises ValueError when it has too many digits for one."""
    shortened = float(number)
    if Decimal(repr(shortened)) != number:
        raise ValueError(f"{number} has more digits than a JSON number keeps; write it in quotes")
    return shortened


def _fraction(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"“{text[:40]}” is out of range") from None
    if abs(number.adjusted()) > MOST_DIGITS or len(text) > MOST_DIGITS:
        raise ValueError(f"“{text[:40]}” is out of range")
    return number
