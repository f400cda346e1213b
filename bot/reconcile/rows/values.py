"""Values that Python has no type for, or none that is wide and exact enough."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Unreadable:
    """A value that is not of its column's kind, NaN among the numbers included."""

    type: str
    text: str


@dataclass(frozen=True, order=True)
class Unmapped:
    """A value of legacy that its column's map does not have: it equals nothing."""

    text: str


@dataclass(frozen=True)
class Naive:
    """Nanoseconds since 1970 by a clock without a zone, as Arrow gives them."""

    nanoseconds: int


@dataclass(frozen=True)
class Instant:
    """Nanoseconds since 1970 in UTC, as Arrow gives them."""

    nanoseconds: int


@dataclass(frozen=True)
class Clock:
    """Nanoseconds since midnight, as Arrow gives them: 24:00 is not 00:00."""

    nanoseconds: int


@dataclass(frozen=True)
class Day:
    """Days since 1970-01-01, as Arrow gives them."""

    days: int
