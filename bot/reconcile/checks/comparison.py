"""What every kind of check is: both sides asked, one result."""

from typing import Protocol

from bot.domain.check_result import CheckResult
from bot.domain.playbook.checks import Check
from bot.reconcile.pair import Pair


class Comparison(Protocol):
    """Does the checks of one kind."""

    async def __call__(self, check: Check, pair: Pair) -> CheckResult:
        """The result. Raises SourceError when a side does not give what is compared."""
