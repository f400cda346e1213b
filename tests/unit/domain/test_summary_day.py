"""What is due at a look, and how clean days are counted, against walking from day to day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.calendar import Due, next_due, on_day
from bot.domain.playbook.checks import Reconcile
from bot.domain.playbook.schedule import Schedule
from bot.domain.summary_day import (
    SummaryDay,
    SummaryStatus,
    clean_in_a_row,
    coming,
    still_made,
    waits_until,
)

ZONES = ("Europe/Berlin", "America/New_York", "UTC", "Pacific/Auckland", "America/Nuuk")
CHECK = {
    "id": "c",
    "title": "C",
    "scalar": {"legacy": "SELECT 1", "new": "SELECT 1"},
    "owner": "o",
    "on_fail": "Look",
}


def known(due: Due, status: SummaryStatus = "told", *, clean: bool = False) -> SummaryDay:
    return SummaryDay(migration="m", day=due.day, due=due.at, status=status, clean=clean)


@given(
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.sampled_from(["every-day", "business-days"]),
    st.lists(st.integers(1, 6000), min_size=1, max_size=12),
)
def test_whenever_somebody_looks_every_day_is_made_or_missed_once_and_in_order(
    zone: str, hour: int, calendar: str, pauses: list[int]
) -> None:
    schedule = Schedule.model_validate({"at": f"{hour:02}:30", "zone": zone, "calendar": calendar})
    now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    latest = first = next_due(schedule, now - timedelta(days=7))
    seen: list[tuple[date, bool]] = []
    for minutes in pauses:
        now += timedelta(minutes=minutes)
        found = coming(schedule, known(latest), now)
        seen += [(due.day, False) for due in found.missed]
        if found.make is not None:
            seen.append((found.make.day, True))
            assert found.make.at <= now < next_due(schedule, found.make.at).at
            assert still_made(schedule, found.make, now)
        last = found.make or (found.missed[-1] if found.missed else None)
        latest = last or latest
    walked = []
    due = next_due(schedule, first.at)
    while due.at <= now:
        walked.append(due.day)
        due = next_due(schedule, due.at)
    assert [day for day, _ in seen] == walked


def test_of_a_day_before_midnight_the_summary_is_still_made_an_hour_after_it_was_due() -> None:
    schedule = Schedule(at="23:50")
    due = on_day(schedule, date(2026, 3, 14))
    assert due is not None
    assert still_made(schedule, due, due.at + timedelta(hours=1))
    assert not still_made(schedule, due, due.at + timedelta(hours=1, seconds=1))


@given(st.lists(st.tuples(st.sampled_from(["told", "missed", "begun", "running", "waiting"]), st.booleans())))
def test_clean_days_are_those_after_the_last_day_that_was_not(days: list[tuple[SummaryStatus, bool]]) -> None:
    made = tuple(
        known(
            Due(datetime(2026, 3, 31, tzinfo=UTC) - timedelta(days=back), date(2026, 3, 31)),
            status,
            clean=clean and status == "told",
        )
        for back, (status, clean) in enumerate(days)
    )
    settled = [day.clean for day in made if day.status not in ("running", "waiting")]
    assert clean_in_a_row(made) == (settled.index(False) if False in settled else len(settled))


@pytest.mark.parametrize(("by", "expected"), [("09:00", "2026-03-14 08:00"), (None, "2026-03-14 23:00")])
def test_a_wait_ends_at_the_deadline_or_with_the_day(by: str | None, expected: str) -> None:
    ready = {"both": {"sql": "SELECT 1"}, **({"by": by} if by else {})}
    schedule = {"at": "06:30", "zone": "Europe/Berlin"}
    reconcile = Reconcile.model_validate({"schedule": schedule, "ready_when": ready, "checks": [CHECK]})
    assert reconcile.schedule is not None
    due = on_day(reconcile.schedule, date(2026, 3, 14))
    assert due is not None
    assert f"{waits_until(reconcile, reconcile.schedule, due):%Y-%m-%d %H:%M}" == expected


def test_a_deadline_before_the_time_of_day_and_a_zone_that_is_none_are_errors() -> None:
    ready = {"both": {"sql": "SELECT 1"}, "by": "06:30"}
    for schedule, problem in (
        ({"at": "06:30"}, r"ready_when.by \(06:30\) is later on the day than schedule.at"),
        ({"at": "06:00", "zone": "Europe/Berlim"}, "did you mean Europe/Berlin?"),
    ):
        with pytest.raises(ValidationError, match=problem):
            Reconcile.model_validate({"schedule": schedule, "ready_when": ready, "checks": [CHECK]})
