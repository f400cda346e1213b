"""How many jobs succeeded, against how many have to."""

from collections.abc import Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, localcontext

from bot.domain.check_result import MOST_FOUND, CheckResult, Found
from bot.domain.check_verdict import error_result, result_of, unknown_result
from bot.domain.group import Group, group_name
from bot.domain.playbook.checks import Check
from bot.domain.playbook.table_checks import SuccessRate
from bot.domain.quantities import plain, rounded_keeping

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_QUOTIENT = Context(prec=28, Emax=MAX_EMAX, Emin=MIN_EMIN)


def compare_success_rate(check: Check, wanted: SuccessRate, counts: Mapping[Group, Decimal]) -> CheckResult:
    """Jobs by status. Exactly the wanted rate passes; no job at all is unknown.

    `found` names the statuses that do not count as success, the most frequent first.
    """
    if any(len(status) != 1 for status in counts):
        return error_result(check, "a status and a count are wanted in each row, and the query gives more")
    if any(count < 0 for count in counts.values()):
        return error_result(check, "a count of jobs is negative")
    with localcontext(_EXACT):
        total = sum(counts.values(), Decimal(0))
        succeeded = sum((counts.get((status,), Decimal(0)) for status in set(wanted.succeeded)), Decimal(0))
        least = wanted.at_least.value
        enough = succeeded * 100 >= least * total
    if not total:
        return unknown_result(check, f"{wanted.source} has no jobs to count")
    percent = rounded_keeping(_QUOTIENT.divide(succeeded * 100, total), lambda rate: rate >= least)
    others = sorted(
        ((status, count) for status, count in counts.items() if status[0] not in wanted.succeeded and count),
        key=lambda one: (-one[1], group_name(one[0])),
    )
    text = f"{plain(succeeded)} of {plain(total)} jobs"
    return result_of(
        check,
        status="passed" if enough else "failed",
        legacy=text if wanted.source == "legacy" else "",
        new=text if wanted.source == "new" else "",
        difference=f"{plain(percent)}% succeeded",
        found=tuple(
            Found(name=group_name(status), text=f"{group_name(status)}: {_jobs(count)}")
            for status, count in others[:MOST_FOUND]
        ),
    )


def _jobs(count: Decimal) -> str:
    return "1 job" if count == 1 else f"{plain(count)} jobs"
