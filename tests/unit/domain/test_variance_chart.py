"""The chart of a summary: percent of each check's limit, and what is left out is said."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.check_history import CheckPoint, percent_of_limit
from bot.domain.check_result import CheckStatus
from bot.domain.variance_chart import MOST_LINES, VarianceChart, variance_chart
from tests.unit.domain.check_results import result

DAYS = [date(2026, 3, 1) + timedelta(days=number) for number in range(10)]


def points(*variances: str | None, title: str) -> dict[date, CheckPoint]:
    """What a check with a limit of 1% found on the days; None is an error."""
    found = {}
    for day, variance in zip(DAYS, variances, strict=False):
        status: CheckStatus = "error" if variance is None else "failed" if Decimal(variance) > 1 else "passed"
        one = result(status, variance, tolerance="1%").model_copy(update={"title": title})
        at = datetime.combine(day, datetime.min.time(), UTC)
        found[day] = CheckPoint(reconciliation=str(day), at=at, day=day, result=one)
    return found


def chart(**checks: tuple[str | None, ...]) -> VarianceChart | None:
    history = {name: points(*variances, title=name) for name, variances in checks.items()}
    return variance_chart(DAYS, history)


@pytest.mark.parametrize(
    ("status", "variance", "tolerance", "percent"),
    [
        ("passed", "0.5", "1%", "50"),
        ("failed", "-1.5", "1%", "150"),
        ("failed", "31", "1%", "200"),
        ("passed", "0", "0%", "0"),
        ("failed", "0.001", "0%", "200"),
        ("failed", "600", "1,200", "50"),
        ("failed", None, "1%", "200"),
        ("error", None, "1%", None),
        ("unknown", None, "1%", None),
        ("passed", None, "1%", None),
        ("failed", "3", "at most 26h", None),
    ],
)
def test_a_difference_is_a_percentage_of_its_limit(
    status: CheckStatus, variance: str | None, tolerance: str, percent: str | None
) -> None:
    found = percent_of_limit(result(status, variance, tolerance=tolerance))
    assert found == (None if percent is None else Decimal(percent))


def test_the_check_that_is_furthest_off_today_comes_first() -> None:
    drawn = chart(calm=("0.1",) * 10, once=("3",) + ("0.2",) * 9, off=("0",) * 9 + ("1.5",))
    assert drawn is not None
    assert [line.title for line in drawn.lines] == ["off", "once", "calm"]
    assert drawn.lines[0].percents[-1] == Decimal(150)


def test_what_is_not_drawn_is_counted() -> None:
    many = {f"check{number}": (f"0.{number}",) * 10 for number in range(1, 8)}
    drawn = chart(**many, same=("0",) * 10, gone=("0.5",) * 4 + (None,) * 6)
    assert drawn is not None
    assert len(drawn.lines) == MOST_LINES
    assert drawn.note == (
        "Not drawn: 2 checks further from the limit, 1 check without any difference, "
        "1 check compared too seldom."
    )


def test_what_is_beyond_twice_the_limit_is_said_to_stand_at_200() -> None:
    drawn = chart(off=("9",) * 10)
    assert drawn is not None
    assert drawn.note.startswith("200 stands for more than that")


def test_where_nothing_ever_differed_there_is_no_chart() -> None:
    assert chart(same=("0",) * 10) is None
    assert chart() is None
