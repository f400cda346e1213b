"""Dates, times and instants as whole numbers, and the texts that databases write for them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 — the count of naive times starts here
_EPOCH_DAY = date(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000_000
DAY = 86_400 * _SECOND

_DATE = r"(?P<y>\d{4})-(?P<mo>\d\d)-(?P<d>\d\d)"
_CLOCK = r"(?P<h>\d\d):(?P<mi>\d\d)(?::(?P<s>\d\d)(?:\.(?P<f>\d{1,9})0*)?)?"
_OFFSET = r"\s?(?P<zone>Z|z|UTC|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)"
_TIMESTAMP = re.compile(rf"{_DATE}(?:[T ]{_CLOCK}(?:{_OFFSET})?)?", re.ASCII)
_TIME = re.compile(_CLOCK, re.ASCII)


def days(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH_DAY).days


def nanoseconds(moment: datetime, zone: ZoneInfo) -> int:
    """Nanoseconds since 1970 in UTC; a naive time is taken in the zone, and of two such times the earlier.

    Raises ValueError for one that the zone's clocks skip: it would pass for the hour after.
    """
    if moment.tzinfo is None:
        placed = moment.replace(tzinfo=zone)
        if placed.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) != moment.replace(fold=0):
            raise ValueError("a time that the zone's clocks skip")
        moment = placed
    return (moment.astimezone(UTC).replace(tzinfo=None) - _EPOCH) // _MICROSECOND * 1000


def in_utc(local: int, zone: ZoneInfo) -> int:
    """Nanoseconds since 1970 in UTC of a naive count of nanoseconds. Raises OverflowError, ValueError."""
    if zone.key == "UTC":
        return local
    seconds, rest = divmod(local, _SECOND)
    moment = _EPOCH + timedelta(seconds=seconds)
    return nanoseconds(moment, zone) + rest


def local_day(instant: int, zone: ZoneInfo) -> int:
    """The day on which an instant (nanoseconds) falls in a zone, in days since 1970-01-01."""
    if zone.key == "UTC":
        return instant // DAY
    moment = (_EPOCH + timedelta(seconds=instant // _SECOND)).replace(tzinfo=UTC)
    return days(moment.astimezone(zone).date())


def midnight(day: int, zone: ZoneInfo) -> int:
    """The instant at which a day begins in a zone."""
    return in_utc(day * DAY, zone)


def clock_nanoseconds(value: time) -> int:
    """Nanoseconds since midnight."""
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return seconds * _SECOND + value.microsecond * 1000


def read_timestamp(text: str, zone: ZoneInfo) -> int:
    """An ISO 8601 text as an instant; a date alone is its midnight. Raises ValueError."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise ValueError("not a time")
    moment = datetime(int(match["y"]), int(match["mo"]), int(match["d"]))  # noqa: DTZ001 — its zone follows
    local = nanoseconds(moment, ZoneInfo("UTC")) + _clock(match)
    offset = match["zone"]
    if offset is None:
        return in_utc(local, zone)
    return local - _offset(offset)


def read_date(text: str) -> int:
    """An ISO 8601 date in days since 1970. Raises ValueError."""
    if re.fullmatch(_DATE, text, re.ASCII) is None:
        raise ValueError("not a date")
    return days(date.fromisoformat(text))


def read_time(text: str) -> int:
    """A time of day in nanoseconds since midnight. Raises ValueError."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError("not a time of day")
    return _clock(match)


def day_text(day: int) -> str:
    """2024-02-29."""
    try:
        return (_EPOCH_DAY + timedelta(days=day)).isoformat()
    except OverflowError:
        return f"day {day} from 1970-01-01"


def instant_text(instant: int) -> str:
    """2024-02-29T12:00:00.5Z, in UTC."""
    day, clock = divmod(instant, DAY)
    return f"{day_text(day)}T{clock_text(clock)}Z"


def clock_text(clock: int) -> str:
    """12:00:00.5; more than a day and negative ones as MySQL has them."""
    seconds, rest = divmod(abs(clock), _SECOND)
    fraction = f".{rest:09}".rstrip("0") if rest else ""
    sign = "-" if clock < 0 else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


def _clock(match: re.Match[str]) -> int:
    if match["h"] is None:
        return 0
    hours, minutes, seconds = int(match["h"]), int(match["mi"]), int(match["s"] or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError("not a time of day")
    fraction = int((match["f"] or "").ljust(9, "0") or 0)
    return (hours * 3600 + minutes * 60 + seconds) * _SECOND + fraction


def _offset(text: str) -> int:
    if text in ("Z", "z", "UTC"):
        return 0
    digits = text[1:].replace(":", "").ljust(6, "0")
    seconds = int(digits[:2]) * 3600 + int(digits[2:4]) * 60 + int(digits[4:])
    return (-seconds if text[0] == "-" else seconds) * _SECOND
