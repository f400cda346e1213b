"""A check that stays clean, and the success rate of sync jobs."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import on_day
from bot.domain.check_history import CheckPoint
from bot.domain.check_result import CheckResult
from bot.domain.cleanness import Cleanness
from bot.domain.gates.board import CriterionResult
from bot.domain.gates.checks import CheckDay, CheckDays, check_clean, days_of_span, sync_succeeds
from bot.domain.playbook.criteria import CheckClean, SyncSucceeds
from bot.domain.playbook.schedule import Schedule
from tests.unit.domain.gates.criteria import NOW, asked

DAILY = Schedule(at="06:30")
WEEKDAYS = Schedule(at="06:30", calendar="business-days", holidays=("2026-11-18",))
TODAY = NOW.date()


def day(ago: int, clean: Cleanness = "clean") -> CheckDay:
    """What was found so many days ago, told at 06:30."""
    on = TODAY - timedelta(days=ago)
    said = "+0.31% (limit 0.1%)" if clean == "not clean" else ""
    at = datetime.combine(on, time(6, 30), UTC)
    return CheckDay(on, at, clean, f"reconciliation:{on}", said)


def judged(
    days: tuple[CheckDay, ...],
    *,
    schedule: Schedule | None = DAILY,
    pending: tuple[int, ...] = (),
    now: datetime = NOW,
    **criterion: object,
) -> CriterionResult:
    wanted = asked(now=now, check="accounts", **criterion)
    assert isinstance(wanted.criterion, CheckClean)
    open_days = frozenset(TODAY - timedelta(days=ago) for ago in pending)
    return check_clean(wanted, wanted.criterion, CheckDays(schedule, days, open_days))


def test_clean_on_every_day_of_the_span_passes_with_how_and_when() -> None:
    found = judged(tuple(day(ago) for ago in range(20)), clean_for="14d")
    assert found.state == "pass"
    assert found.reason == "clean for 14 days: all 14 scheduled days"
    assert found.how == "14 daily reconciliations, 12 Nov to 25 Nov 2026"
    assert found.as_of == datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
    assert len(found.evidence) == 14


def test_one_day_outside_its_limit_fails_with_the_numbers() -> None:
    days = (day(0), day(1), day(2, "not clean"), *(day(ago) for ago in range(3, 20)))
    found = judged(days, clean_for="14d")
    assert found.state == "fail"
    assert found.reason == (
        "clean for 2 of 14 scheduled days (14 days wanted); 23 Nov 2026: +0.31% (limit 0.1%)"
    )


def test_a_day_without_a_reconciliation_is_not_clean() -> None:
    found = judged(tuple(day(ago) for ago in range(20) if ago != 3), clean_for="14d")
    assert found.state == "fail"
    assert "22 Nov 2026: no daily reconciliation" in found.reason


def test_what_is_explained_is_clean_and_is_said() -> None:
    found = judged((day(0, "explained"), day(1), day(2)), clean_runs=3)
    assert found.state == "pass"
    assert found.reason.endswith("all 3 scheduled days, 1 of them with what differs explained")


def test_weekends_and_holidays_are_no_days_of_the_calendar() -> None:
    days = tuple(day(ago) for ago in (0, 1, 2, 5, 6, 8, 9))  # 25, 24, 23, 20, 19, 17, 16; not the 18th
    assert judged(days, schedule=WEEKDAYS, clean_runs=7).state == "pass"
    assert judged(days, schedule=WEEKDAYS, clean_for="10d").state == "pass"
    assert judged(days, schedule=WEEKDAYS, clean_runs=8).state == "fail"
    assert judged(days, schedule=DAILY, clean_for="4d").state == "fail"


def test_good_evidence_that_is_too_old_has_expired() -> None:
    days = tuple(day(ago) for ago in range(5, 30))
    found = judged(days, clean_for="14d", max_age="4d")
    assert found.state == "expired"
    assert found.reason.startswith("expired, 5 days old (limit 4 days): clean for 14 days")


def test_bad_evidence_that_is_too_old_fails() -> None:
    days = (day(5, "not clean"), *(day(ago) for ago in range(6, 30)))
    assert judged(days, clean_for="14d", max_age="4d").state == "fail"


def test_without_any_history_nothing_is_known() -> None:
    assert judged((), clean_for="14d").state == "unknown"
    assert "reconcile.schedule" in judged((day(0),), schedule=None, clean_for="1d").reason


def test_a_day_that_is_still_to_come_is_not_counted_against_it() -> None:
    days = tuple(day(ago) for ago in range(1, 20))
    assert judged(days, clean_for="14d").state == "fail"
    found = judged(days, clean_for="14d", pending=(0,))
    assert (found.state, found.how) == ("pass", "14 daily reconciliations, 11 Nov to 24 Nov 2026")


def test_before_a_day_is_due_the_span_ends_the_day_before() -> None:
    days = tuple(day(ago) for ago in range(1, 15))
    assert judged(days, clean_for="14d", now=NOW.replace(hour=6)).state == "pass"


FOUND = st.sampled_from(["clean", "clean", "clean", "clean", "explained", "not clean", None])


@given(st.lists(FOUND, min_size=1, max_size=40), st.integers(1, 20), st.booleans(), st.booleans())
def test_a_streak_is_what_reading_the_diary_day_by_day_says(
    diary: list[Cleanness | None], wanted: int, weekdays: bool, by_runs: bool
) -> None:
    """`diary` is what was found so many days ago; None is a day without a reconciliation."""
    schedule = WEEKDAYS if weekdays else DAILY
    days = tuple(
        day(ago, clean)
        for ago, clean in enumerate(diary)
        if clean is not None and on_day(schedule, TODAY - timedelta(days=ago)) is not None
    )
    criterion = {"clean_runs": wanted} if by_runs else {"clean_for": f"{wanted}d"}
    found = judged(days, schedule=schedule, max_age="400d", **criterion)
    assert found.state == _obvious(days, schedule, wanted, by_runs=by_runs)


def _obvious(days: tuple[CheckDay, ...], schedule: Schedule, wanted: int, *, by_runs: bool) -> str:
    """Walk back from today, a scheduled day at a time."""
    if not days:
        return "unknown"
    found = {one.day: one.clean for one in days}
    here, left, run = TODAY, wanted, 0
    while left > 0:
        scheduled = here.isoformat() not in schedule.holidays and (
            schedule.calendar == "every-day" or here.weekday() < 5
        )
        if scheduled and found.get(here, "not clean") == "not clean":
            return "fail"
        run += scheduled
        left -= scheduled or not by_runs
        here -= timedelta(days=1)
    return "pass"


@given(st.integers(1, 60), st.integers(0, 400))
def test_a_span_of_runs_has_so_many_scheduled_days(runs: int, ago: int) -> None:
    last = date(2026, 11, 25) - timedelta(days=ago)
    wanted = CheckClean(check="accounts", clean_runs=runs)
    span = days_of_span(wanted, DAILY, last)
    assert (len(span), span[-1], list(span)) == (runs, last, sorted(set(span)))


def point(status: str, *, at: datetime = NOW - timedelta(days=1), **changes: object) -> CheckPoint:
    result = CheckResult.model_validate(
        {
            "check": "sync",
            "title": "Sync",
            "kind": "success_rate",
            "status": status,
            "new": "198 of 200 jobs",
            "difference": "99% succeeded",
            "tolerance": "at least 99%",
            "critical": False,
            "owner": "lead",
            "on_fail": "Look",
            **changes,
        }
    )
    return CheckPoint(reconciliation="r", at=at, result=result)


def synced(latest: CheckPoint | None) -> CriterionResult:
    wanted = asked(sync="sync")
    assert isinstance(wanted.criterion, SyncSucceeds)
    return sync_succeeds(wanted, wanted.criterion, latest)


@pytest.mark.parametrize(
    ("latest", "state"),
    [
        (point("passed"), "pass"),
        (point("failed"), "fail"),
        (point("passed", at=NOW - timedelta(days=5)), "expired"),
        (point("failed", at=NOW - timedelta(days=5)), "fail"),
        (point("error", problem="new does not answer"), "unknown"),
        (None, "unknown"),
    ],
)
def test_sync_jobs_by_their_last_success_rate(latest: CheckPoint | None, state: str) -> None:
    found = synced(latest)
    assert found.state == state
    if latest is not None and state == "pass":
        assert found.reason == "99% succeeded (198 of 200 jobs), limit at least 99%"
