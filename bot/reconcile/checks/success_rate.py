"""Success rate checks: how many jobs of a side succeeded."""

from bot.domain.check_result import CheckResult
from bot.domain.errors import SourceError
from bot.domain.playbook.checks import Check
from bot.domain.success_rate_comparison import compare_success_rate
from bot.reconcile.pair import Pair


async def success_rate(check: Check, pair: Pair) -> CheckResult:
    """The result. Raises SourceError."""
    if check.success_rate is None:
        raise SourceError(f"check {check.id} is not one of a success rate")
    wanted = check.success_rate
    return compare_success_rate(check, wanted, await pair.side(wanted.source).source.grouped(wanted.query))
