"""Rules checks: what has to hold in a table of one side."""

from bot.domain.check_result import CheckResult
from bot.domain.errors import SourceError
from bot.domain.playbook.checks import Check
from bot.domain.rules_comparison import compare_rules
from bot.reconcile.pair import Pair


async def rules(check: Check, pair: Pair) -> CheckResult:
    """The result. Raises SourceError, for a table or column that does not exist too."""
    if check.rules is None:
        raise SourceError(f"check {check.id} has no rules")
    return compare_rules(check, check.rules, await pair.side(check.rules.source).source.broken(check.rules))
