"""How old a newest time is, and how far one side is behind the other."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.domain.check_result import CheckResult
from bot.domain.moment import age_text, day_of, instant, written
from bot.domain.playbook.places import Side
from bot.domain.time_comparison import compare_freshness, compare_lag
from tests.unit.domain.declared import declared

NOW = datetime(2026, 3, 14, 3, 12, tzinfo=UTC)
LIMIT = timedelta(minutes=15)
SIDES: tuple[Side, ...] = ("legacy", "new")


def fresh(**ago: float) -> CheckResult:
    check = declared(freshness=dict.fromkeys(ago, "SELECT 1") | {"at_most": "15m"})
    newest: dict[Side, datetime] = {side: NOW - timedelta(seconds=ago[side]) for side in SIDES if side in ago}
    return compare_freshness(check, newest, at_most=LIMIT, now=NOW)


def lag(legacy: float, new: float) -> CheckResult:
    check = declared(lag={"legacy": "SELECT 1", "new": "SELECT 1", "at_most": "15m"})
    times = [NOW - timedelta(seconds=seconds) for seconds in (legacy, new)]
    return compare_lag(check, *times, at_most=LIMIT, now=NOW)


@pytest.mark.parametrize(
    ("seconds", "status", "difference"),
    [
        (0, "passed", "0s old"),
        (900, "passed", "15m old"),
        (900.2, "failed", "15m1s old"),
        (7200, "failed", "2h old"),
        (-59, "passed", "0s old"),
    ],
)
def test_a_newest_time_may_be_as_old_as_the_limit_and_no_second_older(
    seconds: float, status: str, difference: str
) -> None:
    result = fresh(new=seconds)
    assert (result.status, result.difference, result.tolerance) == (status, difference, "15m")
    assert result.variance is None


def test_each_side_that_is_too_old_is_found_by_its_name() -> None:
    result = fresh(legacy=1000, new=2000)
    assert [one.name for one in result.found] == ["legacy", "new"]
    assert result.difference == "33m20s old"
    assert (result.legacy, result.new) == ("2026-03-14 02:55:20 UTC", "2026-03-14 02:38:40 UTC")


def test_a_time_in_the_future_fails_and_does_not_pass_for_fresh() -> None:
    result = fresh(legacy=10, new=-7200)
    assert result.status == "failed"
    assert result.difference == "new: its newest time is 2h in the future; a clock or a zone is wrong"


@pytest.mark.parametrize(
    ("legacy", "new", "status", "difference"),
    [
        (60, 60, "passed", "0"),
        (60, 960, "passed", "15m behind"),
        (60, 961, "failed", "15m1s behind"),
        (3600, 60, "passed", "59m ahead"),
    ],
)
def test_the_new_side_may_be_behind_by_the_limit(
    legacy: float, new: float, status: str, difference: str
) -> None:
    result = lag(legacy, new)
    assert (result.status, result.difference) == (status, difference)
    assert [one.name for one in result.found] == (["new"] if status == "failed" else [])


def test_a_side_in_the_future_makes_a_lag_fail_whatever_the_other_says() -> None:
    result = lag(60, -3600)
    assert result.status == "failed"
    assert "future" in result.difference


@pytest.mark.parametrize(
    ("moment", "zone", "utc"),
    [
        (datetime(2026, 3, 14, 3, 0), "UTC", "2026-03-14 03:00:00 UTC"),  # noqa: DTZ001
        (datetime(2026, 3, 14, 3, 0), "Europe/Berlin", "2026-03-14 02:00:00 UTC"),  # noqa: DTZ001
        (datetime(2026, 7, 14, 3, 0), "Europe/Berlin", "2026-07-14 01:00:00 UTC"),  # noqa: DTZ001
        (datetime(2026, 3, 14, 3, 0, tzinfo=timezone(timedelta(hours=2))), "UTC", "2026-03-14 01:00:00 UTC"),
        (date(2026, 3, 14), "America/New_York", "2026-03-14 04:00:00 UTC"),
    ],
)
def test_a_time_without_a_zone_is_of_the_declared_one(moment: datetime | date, zone: str, utc: str) -> None:
    assert written(instant(moment, zone)) == utc


def test_the_day_of_a_moment_is_that_of_the_local_zone_and_a_day_is_itself() -> None:
    late = datetime(2026, 3, 13, 23, 30, tzinfo=UTC)
    assert day_of(late, zone="UTC", local="Europe/Berlin") == date(2026, 3, 14)
    assert day_of(date(2026, 3, 13), zone="UTC", local="Pacific/Auckland") == date(2026, 3, 13)


def test_an_age_is_told_to_the_next_full_second() -> None:
    assert [age_text(timedelta(seconds=one)) for one in (0, 0.1, 59.9, 3601)] == ["0s", "1s", "1m", "1h1s"]
