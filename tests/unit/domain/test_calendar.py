"""When a schedule is due, against a wall clock that is looked at every minute."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.calendar import (
    Due,
    days_between,
    last_due,
    last_weekly,
    moment_of,
    next_due,
    on_day,
    tells_coverage,
)
from bot.domain.playbook.schedule import Schedule, Weekday

MINUTE = timedelta(minutes=1)
# Clocks that are put at midnight, before it, by half an hour, by a whole day, or four times a year.
YEARS = {
    "Europe/Berlin": (2026, 2027),
    "Australia/Lord_Howe": (2026, 2027),
    "America/Sao_Paulo": (2017, 2018),
    "America/Havana": (2026, 2027),
    "America/St_Johns": (2010, 2011),
    "America/Nuuk": (2024, 2025),
    "Pacific/Apia": (2011, 2012),
    "Africa/Casablanca": (2026, 2027),
}


@cache
def _walls(zone: str) -> dict[date, list[tuple[int, datetime]]]:
    """What the clock on the wall showed each minute, in minutes since midnight, by the day that it showed."""
    first, last = YEARS[zone]
    rules = ZoneInfo(zone)
    seen: dict[date, list[tuple[int, datetime]]] = {}
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    while at < end:
        wall = at.astimezone(rules)
        seen.setdefault(wall.date(), []).append((wall.hour * 60 + wall.minute, at))
        at += MINUTE
    # The first and the last day are seen in part.
    return {day: seen[day] for day in sorted(seen)[1:-1]}


def _slow(zone: str, day: date, clock: str) -> datetime | None:
    """Look at the wall until it shows the time or a later one."""
    if day not in _walls(zone):
        return None
    shown, wanted = _walls(zone)[day], int(clock[:2]) * 60 + int(clock[3:])
    return next((at for wall, at in shown if wall >= wanted), shown[-1][1] + MINUTE)


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))


@pytest.mark.parametrize("zone", YEARS)
def test_every_day_of_a_year_is_due_when_the_clock_on_the_wall_first_shows_the_time(zone: str) -> None:
    days = list(_walls(zone))
    every = [days[0] + timedelta(days=number) for number in range((days[-1] - days[0]).days + 1)]
    for clock in ("00:00", "00:30", "01:59", "02:30", "06:30", "23:30"):
        assert [moment_of(day, clock, zone=zone) for day in every] == [
            _slow(zone, day, clock) for day in every
        ]


SCHEDULES = st.builds(
    Schedule,
    at=CLOCKS,
    zone=st.sampled_from(sorted(YEARS)),
    calendar=st.sampled_from(["every-day", "business-days"]),
)
SAMOA = Schedule(at="06:30", zone="Pacific/Apia")


@settings(max_examples=40)
@given(SCHEDULES, st.sets(st.integers(3, 360), max_size=8), st.integers(5, 350), st.integers(0, 1439))
@example(SAMOA, set(), 350, 0).via("just before the day that Samoa never had")
def test_next_and_last_are_those_that_a_list_of_all_has(
    schedule: Schedule, holidays: set[int], start: int, minutes: int
) -> None:
    days = list(_walls(schedule.zone))
    start, off = min(start, len(days) - 6), sorted(days[number].isoformat() for number in holidays)
    schedule = schedule.model_copy(update={"holidays": tuple(off)})
    every = list(_all(schedule, days))
    at = datetime.combine(days[start], datetime.min.time(), UTC) + minutes * MINUTE
    after = bisect_right([due.at for due in every], at)
    if after + 1 < len(every):
        assert next_due(schedule, at) == every[after]
        assert last_due(schedule, at) == every[after - 1]
        # Whoever looks at the very moment finds it due, and the next one is another.
        assert last_due(schedule, every[after].at) == every[after]
        assert next_due(schedule, every[after].at) == every[after + 1]
    assert after >= 1


def _all(schedule: Schedule, days: list[date]) -> Iterator[Due]:
    for day in days:
        weekend = schedule.calendar == "business-days" and day.isoweekday() > 5
        at = _slow(schedule.zone, day, schedule.at)
        if at is not None and not weekend and day.isoformat() not in schedule.holidays:
            yield Due(at, day)


@given(
    zone=st.sampled_from(sorted(set(YEARS) - {"Pacific/Apia"})),
    clock=CLOCKS,
    first=st.integers(3, 300),
    count=st.integers(1, 40),
)
def test_every_day_between_two_comes_exactly_once(zone: str, clock: str, first: int, count: int) -> None:
    schedule = Schedule(at=clock, zone=zone)
    days = list(_walls(zone))
    one = on_day(schedule, days[first])
    assert one is not None
    walked = [one]
    for _ in range(count):
        walked.append(next_due(schedule, walked[-1].at))
    assert [due.day for due in walked] == days[first : first + count + 1]
    assert days_between(schedule, walked[0].day, walked[-1].day) == tuple(due.day for due in walked[1:-1])


@pytest.mark.parametrize(
    ("clock", "day", "expected"),
    [
        ("02:30", date(2026, 3, 29), "2026-03-29 01:00"),
        ("06:30", date(2026, 3, 28), "2026-03-28 05:30"),
        ("06:30", date(2026, 3, 29), "2026-03-29 04:30"),
        ("02:30", date(2026, 10, 25), "2026-10-25 00:30"),
    ],
)
def test_in_berlin_a_time_that_is_left_out_is_due_at_three_and_one_that_comes_twice_the_first_time(
    clock: str, day: date, expected: str
) -> None:
    assert f"{moment_of(day, clock, zone='Europe/Berlin'):%Y-%m-%d %H:%M}" == expected


def test_the_coverage_of_a_week_is_told_on_the_first_day_of_the_calendar_from_the_day_that_is_named() -> None:
    schedule = Schedule(
        at="06:30", calendar="business-days", coverage_on="sat", holidays=("2026-03-16", "2026-03-17")
    )
    told = [day for day in range(9, 28) if tells_coverage(schedule, date(2026, 3, day))]
    # Saturday the 14th, the Sunday, and two holidays are no days of it.
    assert told == [9, 18, 23]


WEEKDAYS: st.SearchStrategy[Weekday] = st.sampled_from(("mon", "wed", "sun"))


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(
        lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + minutes * MINUTE
    ),
    WEEKDAYS,
    st.sampled_from(["00:00", "02:30", "09:00", "23:59"]),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati"]),
)
def test_the_last_weekly_moment_is_the_last_of_all_of_them(
    at: datetime, weekday: Weekday, clock: str, zone: str
) -> None:
    days = (at.date() + timedelta(days=number) for number in range(-9, 3))
    named = [day for day in days if day.strftime("%a").lower() == weekday]
    moments = [(moment_of(day, clock, zone=zone), day) for day in named]
    expected = max((moment, day) for moment, day in moments if moment is not None and moment <= at)
    found = last_weekly(weekday, clock, zone=zone, at=at)
    assert (found.at, found.day) == expected
