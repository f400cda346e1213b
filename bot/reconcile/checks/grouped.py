"""Grouped checks: numbers by group."""

from bot.domain.check_result import CheckResult
from bot.domain.comparison import compare_grouped
from bot.domain.errors import SourceError
from bot.domain.playbook.checks import Check
from bot.reconcile.pair import Pair, both


async def grouped(check: Check, pair: Pair) -> CheckResult:
    """The result. Raises SourceError."""
    if check.grouped is None:
        raise SourceError(f"check {check.id} is not grouped")
    sides = check.grouped
    legacy, new = await both(pair.legacy.source.grouped(sides.legacy), pair.new.source.grouped(sides.new))
    return compare_grouped(check, legacy, new)
