"""Times as databases give them, and as people read them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.quantities import format_duration

Moment = datetime | date
"""A time with or without a zone, or a day."""

CLOCKS_APART = timedelta(minutes=1)
"""How far a database's clock may be ahead of ours before a time counts as being in the future."""

_SECOND = timedelta(seconds=1)


def instant(moment: Moment, zone: str) -> datetime:
    """The moment in UTC. One without a zone is of that zone, and a day is its midnight there."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - it gets its zone below
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC)


def day_of(moment: Moment, *, zone: str, local: str) -> date:
    """The day of a moment in the zone `local`; a day is itself. `zone` is that of a time without one."""
    if not isinstance(moment, datetime):
        return moment
    return instant(moment, zone).astimezone(ZoneInfo(local)).date()


def written(at: datetime, zone: str = "UTC") -> str:
    """`2026-03-14 03:02:00 UTC`, or in another zone with its name."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S} {zone}"


def age_text(age: timedelta) -> str:
    """An age to the next full second: one above a limit in seconds is never shown as the limit."""
    return format_duration(-(-age // _SECOND) * _SECOND) if age > timedelta() else "0s"
