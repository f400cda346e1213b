"""The day of a cutover: as it is typed, as it is read, and whether a cutover may be on it."""

from datetime import date, datetime, timedelta

from bot.domain.errors import RefusedError
from bot.domain.moment import day_of, instant
from bot.domain.playbook.cutover import Cutover, Freeze

_DAY = timedelta(days=1)


def said_day(day: date) -> str:
    """`Saturday 5 December 2026`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def today(now: datetime, zone: str) -> date:
    """The day there."""
    return day_of(now, zone=zone, local=zone)


def end_of(day: date, zone: str) -> datetime:
    """The moment at which a day is over there."""
    return instant(day + _DAY, zone)


def freeze_on(cutover: Cutover, day: date) -> Freeze | None:
    """The freeze that a day is in, if it is in one."""
    written = day.isoformat()
    return next((one for one in cutover.freezes if one.first <= written <= one.last), None)


def said_freeze(freeze: Freeze) -> str:
    """`freeze 2026-12-20 to 2027-01-06: Year end`."""
    return f"freeze {freeze.first} to {freeze.last}: {freeze.why}"


def read_day(typed: str) -> date:
    """A day as it was typed. Raises RefusedError, at the field `day`."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise RefusedError(f"“{typed[:40]}” is no day", field="day", do="Write it as 2026-12-05") from None


def usable_day(cutover: Cutover, day: date, *, now: datetime) -> date:
    """A day on which a cutover may be.

    Raises RefusedError, at the field `day`, for one that is over or in a freeze.
    """
    if day < today(now, cutover.zone):
        raise RefusedError(f"{day} is over in {cutover.zone}", field="day", do="Name a day to come")
    frozen = freeze_on(cutover, day)
    if frozen is not None:
        what = f"No cutover is on {said_day(day)}: {said_freeze(frozen)}"
        raise RefusedError(what, field="day", do=f"The next day that is not frozen is {_open(cutover, day)}")
    return day


def first_day(cutover: Cutover, *, now: datetime) -> date:
    """The first day that leaves the checklist its time and is in no freeze."""
    before = max((item.days_before for item in cutover.checklist), default=0)
    return _open(cutover, today(now, cutover.zone) + before * _DAY)


def _open(cutover: Cutover, day: date) -> date:
    while (frozen := freeze_on(cutover, day)) is not None:
        day = date.fromisoformat(frozen.last) + _DAY
    return day
