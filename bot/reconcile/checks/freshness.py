"""Freshness checks: how old the newest time of a side is."""

from bot.domain.check_result import CheckResult
from bot.domain.errors import SourceError
from bot.domain.moment import instant
from bot.domain.playbook.checks import Check
from bot.domain.time_comparison import compare_freshness
from bot.reconcile.newest import newest_times
from bot.reconcile.pair import Pair


async def freshness(check: Check, pair: Pair) -> CheckResult:
    """The result. Raises SourceError."""
    if check.freshness is None:
        raise SourceError(f"check {check.id} is not one of freshness")
    declared = check.freshness
    moments, problems = await newest_times({"legacy": declared.legacy, "new": declared.new}, pair)
    if problems:
        raise SourceError("; ".join(problems.values()))
    times = {side: instant(moment, declared.zones.of(side)) for side, moment in moments.items()}
    return compare_freshness(check, times, at_most=declared.at_most, now=pair.clock.now())
