"""Comparison of legacy and new under a tolerance, exact.

The denominator of a percentage is the absolute value of legacy. A value exactly at the limit passes.
Verdicts are reached by multiplication alone, which is exact in decimals; only the variance that is
shown and kept comes out of a division, rounded to 28 digits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, localcontext

from bot.domain.check_result import CheckResult, GroupDifference
from bot.domain.check_verdict import error_result, result_of
from bot.domain.comparison_text import NEW_FROM_ZERO, count_of_groups, differing_groups, signed
from bot.domain.group import Group, group_name
from bot.domain.playbook.checks import Check
from bot.domain.quantities import Limit, plain

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_QUOTIENT = Context(prec=28, Emax=MAX_EMAX, Emin=MIN_EMIN)


__all__ = ["Periods", "compare_grouped", "compare_growth", "compare_scalar", "error_result"]


@dataclass(frozen=True)
class Periods:
    """A figure and the same figure one period before."""

    previous: Decimal
    current: Decimal


@dataclass(frozen=True)
class _Compared:
    """`variance` is in the unit of the tolerance; None for new from zero."""

    variance: Decimal | None
    outside: bool


def compare_scalar(check: Check, legacy: Decimal, new: Decimal) -> CheckResult:
    """Two numbers. From zero to anything else is outside every percentage, and has no variance."""
    compared = _compare(legacy, new, check.tolerance)
    differ = legacy != new and check.tolerance.unit == "%"
    return result_of(
        check,
        status="failed" if compared.outside else "passed",
        legacy=plain(legacy),
        new=plain(new),
        difference=NEW_FROM_ZERO if compared.variance is None else signed(compared.variance, check.tolerance),
        apart=signed(_EXACT.subtract(new, legacy), Limit(value=Decimal(0))) if differ else "",
        variance=compared.variance,
    )


def compare_grouped(
    check: Check, legacy: Mapping[Group, Decimal], new: Mapping[Group, Decimal]
) -> CheckResult:
    """Numbers by group: every group has to be within the tolerance, and on both sides.

    The variance is the worst group's. A group that is missing on a side, or new from zero, is worse
    than any number: the check then fails and has no variance. No group at all is an error.
    """
    groups = sorted(legacy.keys() | new.keys(), key=group_name)
    if not groups:
        return error_result(check, "both sides are empty")
    compared = [_compare_group(group, legacy.get(group), new.get(group), check.tolerance) for group in groups]
    differing = sorted((one for one in compared if one.legacy != one.new), key=_worst_first)
    worst = differing[0].variance if differing else Decimal(0)
    return result_of(
        check,
        status="failed" if any(one.outside for one in compared) else "passed",
        legacy=count_of_groups(len(legacy)),
        new=count_of_groups(len(new)),
        difference=differing_groups(len(differing), len(groups)),
        variance=worst,
        groups=tuple(differing),
    )


def compare_growth(check: Check, legacy: Periods, new: Periods) -> CheckResult:
    """Two rates of growth, their difference in percentage points. Growth from zero is an error."""
    undefined = [side for side, periods in (("legacy", legacy), ("new", new)) if not periods.previous]
    if undefined:
        return error_result(
            check, f"growth is undefined: the previous figure is 0 in {' and '.join(undefined)}"
        )
    with localcontext(_EXACT):
        legacy_base, new_base = abs(legacy.previous), abs(new.previous)
        legacy_gain = (legacy.current - legacy.previous) * 100
        new_gain = (new.current - new.previous) * 100
        apart = new_gain * legacy_base - legacy_gain * new_base
        bases = legacy_base * new_base
        outside = abs(apart) > check.tolerance.value * bases
    points = _QUOTIENT.divide(apart, bases)
    percent = Limit(value=Decimal(0), unit="%")
    return result_of(
        check,
        status="failed" if outside else "passed",
        legacy=signed(_QUOTIENT.divide(legacy_gain, legacy_base), percent),
        new=signed(_QUOTIENT.divide(new_gain, new_base), percent),
        difference=signed(points, check.tolerance),
        variance=points,
    )


def _compare(legacy: Decimal, new: Decimal, tolerance: Limit) -> _Compared:
    with localcontext(_EXACT):
        difference = new - legacy
        if tolerance.unit != "%":
            return _Compared(variance=difference, outside=abs(difference) > tolerance.value)
        base, hundredfold = abs(legacy), difference * 100
        if not base:
            return _Compared(variance=None if difference else Decimal(0), outside=bool(difference))
        outside = abs(hundredfold) > tolerance.value * base
    return _Compared(variance=_QUOTIENT.divide(hundredfold, base), outside=outside)


def _compare_group(
    group: Group, legacy: Decimal | None, new: Decimal | None, tolerance: Limit
) -> GroupDifference:
    if legacy is None or new is None:
        compared = _Compared(variance=None, outside=True)
    else:
        compared = _compare(legacy, new, tolerance)
    return GroupDifference(
        group=group_name(group),
        legacy=legacy,
        new=new,
        variance=compared.variance,
        outside=compared.outside,
    )


def _worst_first(one: GroupDifference) -> tuple[bool, Decimal, str]:
    size = Decimal(0) if one.variance is None else one.variance.copy_abs().copy_negate()
    return one.variance is not None, size, one.group
