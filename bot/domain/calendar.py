"""When a schedule is due: at a local time, on the days of its calendar.

A day is due at the first moment at which a clock on the wall there shows the time of day or a later one.
So where the time is left out, because clocks are put forward, it is due when they are; where it comes
twice, because clocks are put back, it is due the first time; and a day that is put forward out of the
calendar altogether is none. The rules of zones come from the system's zone database or the package tzdata.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.playbook.schedule import Schedule, Weekday

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_SATURDAY = 5
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, order=True)
class Due:
    """A day of a schedule, and the moment (UTC) at which it is due."""

    at: datetime
    day: date


def on_day(schedule: Schedule, day: date) -> Due | None:
    """When the schedule is due on a day; None when it is not a day of its calendar."""
    at = moment_of(day, schedule.at, zone=schedule.zone) if _in_calendar(schedule, day) else None
    return None if at is None else Due(at, day)


def next_due(schedule: Schedule, after: datetime) -> Due:
    """The first one that is due after a moment."""
    # Clocks are put by hours, never by more than a day: two days before, none can be due after it.
    day = local_day(schedule, after) - 2 * _DAY
    while True:
        due = on_day(schedule, day)
        if due is not None and due.at > after:
            return due
        day += _DAY


def last_due(schedule: Schedule, at: datetime) -> Due:
    """The last one that was due at a moment, that moment included."""
    day = local_day(schedule, at) + 2 * _DAY
    while True:
        due = on_day(schedule, day)
        if due is not None and due.at <= at:
            return due
        day -= _DAY


def last_weekly(weekday: Weekday, clock: str, *, zone: str, at: datetime) -> Due:
    """The last one, that moment included, that was due every week on a day at a local time."""
    day = at.astimezone(ZoneInfo(zone)).date() + 2 * _DAY
    while True:
        moment = moment_of(day, clock, zone=zone) if _WEEKDAYS[day.weekday()] == weekday else None
        if moment is not None and moment <= at:
            return Due(moment, day)
        day -= _DAY


def days_between(schedule: Schedule, first: date, last: date) -> tuple[date, ...]:
    """The days of the calendar between two days, neither of them included."""
    days = (first + number * _DAY for number in range(1, (last - first).days))
    return tuple(day for day in days if on_day(schedule, day) is not None)


def local_day(schedule: Schedule, at: datetime) -> date:
    """Which day it is there at a moment."""
    return at.astimezone(ZoneInfo(schedule.zone)).date()


def tells_coverage(schedule: Schedule, day: date) -> bool:
    """Whether a day's summary tells what no check compares: the week's first on or after `coverage_on`.

    Where the calendar leaves `coverage_on` out, the next day of it does, within the week that follows.
    """
    wanted = _WEEKDAYS.index(schedule.coverage_on)
    named = day - ((day.weekday() - wanted) % 7) * _DAY
    return next(one for one in _days_from(named) if on_day(schedule, one) is not None) == day


def moment_of(day: date, clock: str, *, zone: str) -> datetime | None:
    """The first moment of a day, in UTC, at which a wall clock shows a time (`06:30`) or a later one.

    Where clocks are put forward past the end of the day before it does, the day's end; None for a
    day that the zone never had.
    """
    rules = ZoneInfo(zone)
    wall = datetime.combine(day, time.fromisoformat(clock), rules)
    shown = wall.astimezone(UTC)
    if _wall(shown, rules) == wall.replace(tzinfo=None):
        return shown
    forward = _change_between(wall.replace(fold=1).astimezone(UTC), shown, rules)
    had = day in (_wall(forward, rules).date(), _wall(forward - _SECOND, rules).date())
    return forward if had else None


def _in_calendar(schedule: Schedule, day: date) -> bool:
    if schedule.calendar == "business-days" and day.weekday() >= _SATURDAY:
        return False
    return day.isoformat() not in schedule.holidays


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += _DAY


def _change_between(before: datetime, after: datetime, rules: ZoneInfo) -> datetime:
    """The second at which clocks were put forward, between two moments of which only the second is later."""
    new = after.astimezone(rules).utcoffset()
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(rules).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after


def _wall(at: datetime, rules: ZoneInfo) -> datetime:
    return at.astimezone(rules).replace(tzinfo=None)
