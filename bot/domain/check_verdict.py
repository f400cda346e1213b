"""From a check as it is declared and what was found to its result."""

from decimal import Decimal

from bot.domain.check_result import CheckResult, CheckStatus, Found, GroupDifference
from bot.domain.playbook.checks import Check
from bot.domain.playbook.schedule import ReadyWhen


def result_of(
    check: Check,
    *,
    status: CheckStatus,
    limit: str = "",
    legacy: str = "",
    new: str = "",
    difference: str = "",
    apart: str = "",
    variance: Decimal | None = None,
    problem: str = "",
    groups: tuple[GroupDifference, ...] = (),
    found: tuple[Found, ...] = (),
) -> CheckResult:
    """The result of a check. `limit` says its limit where that is not its tolerance."""
    return CheckResult(
        check=check.id,
        title=check.title,
        kind=check.kind,
        status=status,
        legacy=legacy,
        new=new,
        difference=difference,
        apart=apart,
        variance=variance,
        tolerance=limit or declared_limit(check),
        critical=check.critical,
        owner=check.owner,
        on_fail=check.on_fail,
        problem=problem,
        groups=groups,
        found=found,
    )


def declared_limit(check: Check) -> str:
    """The limit of a check as people read it: `0.1%`, `15m`, `at least 99%`."""
    if check.freshness is not None:
        return check.freshness.limit
    if check.lag is not None:
        return check.lag.limit
    if check.success_rate is not None:
        return f"at least {check.success_rate.at_least}"
    if check.schema_ is not None or check.rules is not None:
        return "0"
    return str(check.tolerance)


def error_result(check: Check, problem: str) -> CheckResult:
    """A check that could not be done. `problem` says what and where."""
    return result_of(check, status="error", problem=problem)


def unknown_result(check: Check, problem: str) -> CheckResult:
    """A check that says nothing. `problem` says why."""
    return result_of(check, status="unknown", problem=problem)


def ready_result(
    ready_when: ReadyWhen, *, owner: str, status: CheckStatus, limit: str, problem: str = "", **sides: str
) -> CheckResult:
    """The result of `ready_when`: what the sides' newest times are, and whether that is enough."""
    return CheckResult(
        check="ready",
        title=ready_when.title,
        kind="ready",
        status=status,
        legacy=sides.get("legacy", ""),
        new=sides.get("new", ""),
        difference=sides.get("difference", ""),
        tolerance=limit,
        critical=False,
        owner=ready_when.owner or owner,
        on_fail=ready_when.on_fail,
        problem=problem,
    )
