"""Jobs that succeeded, against how many have to."""

from decimal import Decimal

import pytest

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.group import Group
from bot.domain.success_rate_comparison import compare_success_rate
from tests.unit.domain.declared import declared


def rate(counts: dict[Group, int], *, at_least: str = "99%", critical: bool = False) -> CheckResult:
    check = declared(
        success_rate={
            "source": "new",
            "query": "SELECT state, COUNT(*) FROM jobs GROUP BY state",
            "succeeded": ["done", "skipped"],
            "at_least": at_least,
        },
        critical=critical,
    )
    assert check.success_rate is not None
    numbers = {group: Decimal(count) for group, count in counts.items()}
    return compare_success_rate(check, check.success_rate, numbers)


def test_a_rate_exactly_at_the_limit_passes() -> None:
    result = rate({("done",): 98, ("skipped",): 1, ("failed",): 1})
    assert (result.status, result.new, result.legacy) == ("passed", "99 of 100 jobs", "")
    assert (result.difference, result.tolerance) == ("99% succeeded", "at least 99%")


def test_a_rate_below_the_limit_is_not_rounded_up_to_it_and_names_what_failed_most() -> None:
    result = rate({("done",): 989_999, ("failed",): 10_000, (None,): 1, ("late",): 0})
    assert (result.status, result.difference) == ("failed", "98.9999% succeeded")
    assert [(one.name, one.text) for one in result.found] == [
        ("failed", "failed: 10,000 jobs"),
        ("NULL", "NULL: 1 job"),
    ]


@pytest.mark.parametrize("counts", [{}, {("done",): 0}])
def test_without_jobs_the_rate_is_unknown(counts: dict[Group, int]) -> None:
    result = rate(counts)
    assert (result.status, result.problem) == ("unknown", "new has no jobs to count")


@pytest.mark.parametrize("counts", [{("done", "x"): 1}, {("done",): -1, ("failed",): 5}])
def test_what_is_no_count_by_status_is_an_error(counts: dict[Group, int]) -> None:
    assert rate(counts).status == "error"


def test_a_rate_is_no_variance_of_a_critical_check() -> None:
    result = rate({("done",): 1, ("failed",): 1}, critical=True)
    assert Reconciled(results=(result,)).critical_in_percent == ()
