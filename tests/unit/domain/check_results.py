"""Results of checks for tests."""

from decimal import Decimal

from bot.domain.check_result import CheckResult, CheckStatus


def result(
    status: CheckStatus = "passed",
    variance: str | None = "0",
    *,
    critical: bool = True,
    tolerance: str = "0%",
) -> CheckResult:
    """A check's result."""
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
