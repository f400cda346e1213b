"""What a reconciliation says over its checks."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.check_result import CheckResult, CheckStatus, Reconciled


def result(
    status: CheckStatus = "passed",
    variance: str | None = "0",
    *,
    critical: bool = True,
    tolerance: str = "0%",
) -> CheckResult:
    return CheckResult(
        check="c",
        title="C",
        status=status,
        variance=None if variance is None else Decimal(variance),
        tolerance=tolerance,
        critical=critical,
        owner="lead",
        on_fail="Look",
    )


results = st.builds(
    result,
    st.sampled_from(["passed", "failed", "error"]),
    st.none() | st.integers(-9, 9).map(str),
    critical=st.booleans(),
    tolerance=st.sampled_from(["0%", "0.5 pp", "3"]),
)


def test_an_error_is_no_pass() -> None:
    reconciled = Reconciled(results=(result(), result("error", None)))
    assert (reconciled.clean, reconciled.failed, reconciled.errors) == (False, 0, 1)


def test_nothing_compared_is_not_clean() -> None:
    assert not Reconciled(results=()).clean


@given(st.lists(results))
def test_clean_means_neither_failed_nor_errors(found: list[CheckResult]) -> None:
    reconciled = Reconciled(results=tuple(found))
    assert reconciled.clean == (bool(found) and not reconciled.failed and not reconciled.errors)


@given(st.lists(results))
def test_the_largest_critical_variance_is_that_of_those_with_a_number_in_percent(
    found: list[CheckResult],
) -> None:
    expected: Decimal | None = None
    for one in found:
        if one.critical and one.tolerance == "0%" and one.variance is not None:
            expected = max(expected or Decimal(0), abs(one.variance))
    assert Reconciled(results=tuple(found)).max_critical_variance() == expected


def test_a_negative_variance_is_as_large_as_a_positive_one() -> None:
    reconciled = Reconciled(results=(result("failed", "-7.2"), result("failed", "3")))
    assert reconciled.max_critical_variance() == Decimal("7.2")
