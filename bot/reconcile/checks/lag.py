"""Lag checks: how far the new side is behind legacy."""

from bot.domain.check_result import CheckResult
from bot.domain.errors import SourceError
from bot.domain.moment import instant
from bot.domain.playbook.checks import Check
from bot.domain.time_comparison import compare_lag
from bot.reconcile.pair import Pair, both


async def lag(check: Check, pair: Pair) -> CheckResult:
    """The result. Raises SourceError."""
    if check.lag is None:
        raise SourceError(f"check {check.id} is not one of lag")
    declared = check.lag
    legacy, new = await both(pair.legacy.source.newest(declared.legacy), pair.new.source.newest(declared.new))
    return compare_lag(
        check,
        instant(legacy, declared.zones.legacy),
        instant(new, declared.zones.new),
        at_most=declared.at_most,
        now=pair.clock.now(),
    )
