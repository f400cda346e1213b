"""How long, how old and when, in the words of a criterion's reason."""

from datetime import date, datetime, timedelta

from bot.domain.quantities import format_duration

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


def count(number: int, noun: str) -> str:
    """`1 vote`, `3 votes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def lasting(span: timedelta) -> str:
    """A span as it is asked for: `14 days`, else as a playbook writes it."""
    return count(span // _DAY, "day") if span >= _DAY and not span % _DAY else format_duration(span)


def age(span: timedelta) -> str:
    """How old something is, rounded down: `41 days`, `5 hours`, `12 minutes`, `less than a minute`."""
    if span >= 2 * _DAY:
        return count(span // _DAY, "day")
    if span >= _HOUR:
        return count(span // _HOUR, "hour")
    return count(span // _MINUTE, "minute") if span >= _MINUTE else "less than a minute"


def too_old(span: timedelta, limit: timedelta) -> str:
    """An age above its limit, so exact that it is seen to be: `41 days old (limit 30 days)`."""
    rounded = age(span)
    if rounded == lasting(limit):
        rounded = format_duration(timedelta(seconds=span // timedelta(seconds=1)))
    return f"{rounded} old (limit {lasting(limit)})"


def day_text(day: date | datetime) -> str:
    """`25 Nov 2026`."""
    return f"{day.day} {day:%b %Y}"


def days_text(first: date, last: date) -> str:
    """`12 Nov to 25 Nov 2026`, or one day."""
    if first == last:
        return day_text(last)
    begin = f"{first.day} {first:%b}" if first.year == last.year else day_text(first)
    return f"{begin} to {day_text(last)}"
