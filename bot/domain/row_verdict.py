"""The verdict over the rows of a check."""

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal

from bot.domain.check_result import CheckResult, CheckStatus
from bot.domain.comparison_text import SAME
from bot.domain.playbook.checks import Check
from bot.domain.quantities import Limit, plain, rounded
from bot.domain.row_difference import RowsFound

_QUOTIENT = Context(prec=28, Emax=MAX_EMAX, Emin=MIN_EMIN)


def compare_rows(check: Check, found: RowsFound, *, may_be_empty: bool = False) -> CheckResult:
    """Rows that differ against the tolerance: so many rows, or a percentage of legacy's.

    Both sides empty say nothing, unless they may be; one side empty fails whatever the tolerance. The
    variance is in the tolerance's unit; None for a percentage of an empty legacy side.
    """
    empty = not found.legacy and not found.new
    one_empty = not empty and not (found.legacy and found.new)
    status: CheckStatus = "failed" if one_empty or _outside(found, check.tolerance) else "passed"
    if empty and not may_be_empty:
        status = "unknown"
    variance = _variance(found, check.tolerance)
    return CheckResult(
        check=check.id,
        title=check.title,
        kind=check.kind,
        status=status,
        legacy=count_of_rows(found.legacy),
        new=count_of_rows(found.new),
        difference=_difference(found.total, variance, check.tolerance),
        variance=variance,
        tolerance=str(check.tolerance),
        critical=check.critical,
        owner=check.owner,
        on_fail=check.on_fail,
        problem="both sides are empty" if status == "unknown" else "",
        rows=found,
    )


def count_of_rows(count: int) -> str:
    """`1 row`, `99,988 rows`."""
    return "1 row" if count == 1 else f"{plain(Decimal(count))} rows"


def _outside(found: RowsFound, tolerance: Limit) -> bool:
    if tolerance.unit == "%":
        return found.total * 100 > tolerance.value * found.legacy
    return found.total > tolerance.value


def _variance(found: RowsFound, tolerance: Limit) -> Decimal | None:
    if tolerance.unit != "%" or not found.total:
        return Decimal(found.total)
    return _QUOTIENT.divide(Decimal(found.total * 100), Decimal(found.legacy)) if found.legacy else None


def _difference(total: int, variance: Decimal | None, tolerance: Limit) -> str:
    if not total:
        return SAME
    text = f"{count_of_rows(total)} {'differs' if total == 1 else 'differ'}"
    if tolerance.unit == "%" and tolerance.value and variance is not None:
        return f"{text} ({plain(rounded(variance, limit=tolerance.value))}%)"
    return text
