"""Scalar checks: one number a side."""

from bot.domain.check_result import CheckResult
from bot.domain.comparison import compare_scalar
from bot.domain.errors import SourceError
from bot.domain.playbook.checks import Check
from bot.reconcile.checks.figures import note_on, read_figures
from bot.reconcile.pair import Pair


async def scalar(check: Check, pair: Pair) -> CheckResult:
    """The result. Raises SourceError."""
    if check.scalar is None:
        raise SourceError(f"check {check.id} is not scalar")
    legacy, new = await read_figures(check.scalar, pair)
    result = compare_scalar(check, legacy.value, new.value)
    return result.model_copy(update={"note": note_on(("legacy", legacy), ("new", new))})
