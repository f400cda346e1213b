"""Durations, percentages and tolerances as people write them, exact."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, model_validator

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")


def parse_duration(value: object) -> timedelta:
    """`30s`, `5m`, `1h30m`, `14d` as a timedelta.

    Raises ValueError for anything else, a bare number included: it has no unit.
    """
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"“{text}” is not a duration; write 30s, 5m, 1h30m or 14d")
    try:
        return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))
    except OverflowError:
        raise ValueError(f"“{text[:20]}” is longer than any duration") from None


def format_duration(value: timedelta) -> str:
    """A timedelta as it is written in a playbook, to the millisecond: `1h30m`, `45s`, `1s500ms`."""
    rest = round(value / timedelta(milliseconds=1))
    if rest < 1000:
        return f"{rest}ms"
    text = ""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, rest = divmod(rest, size)
        if count:
            text += f"{count}{unit}"
    return text


def clock(value: timedelta) -> str:
    """A timedelta as a stopwatch shows it: `0:19`, `3:31`, `1:02:05`."""
    seconds = max(0, int(value.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration, json_schema_input_type=str),
    PlainSerializer(format_duration, return_type=str),
]


def parse_decimal(text: str) -> Decimal:
    """A finite decimal, or ValueError."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"“{text}” is not a number") from None
    if not number.is_finite():
        raise ValueError(f"“{text}” is not a finite number")
    return number


class Limit(BaseModel):
    """A number with what it counts: percent (`5%`), percentage points (`0.5pp`), or plain units (`3`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    value: Decimal
    unit: Literal["%", "pp", ""] = ""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: object) -> object:
        if isinstance(data, (str, int, float, Decimal)) and not isinstance(data, bool):
            text = str(data).strip()
            for unit in ("pp", "%"):
                if text.endswith(unit):
                    return {"value": parse_decimal(text.removesuffix(unit).strip()), "unit": unit}
            return {"value": parse_decimal(text), "unit": ""}
        return data

    def __str__(self) -> str:
        return f"{plain(self.value)}{' pp' if self.unit == 'pp' else self.unit}"


def plain(number: Decimal) -> str:
    """A decimal with thousands separated and no exponent; every digit but trailing zeros is kept."""
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


_MOST_DECIMALS = 28
_WIDE = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


def rounded(number: Decimal, *, limit: Decimal | None = None) -> Decimal:
    """A number with two decimals, or as many more as it takes to tell the truth.

    A number that is not zero is not rounded to zero, and one whose absolute value is above the limit,
    or is not, is not rounded to the other side of it.
    """
    return rounded_keeping(number, lambda value: limit is not None and value.copy_abs() > limit)


def rounded_keeping(number: Decimal, said: Callable[[Decimal], bool]) -> Decimal:
    """A number with two decimals, or as many more as it takes: what is `said` of it holds or not as before.

    A number that is not zero is not rounded to zero.
    """
    for places in range(2, _MOST_DECIMALS + 1):
        candidate = number.quantize(Decimal(1).scaleb(-places), context=_WIDE)
        if bool(candidate) == bool(number) and said(candidate) == said(number):
            return candidate
    return number
