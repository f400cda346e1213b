"""Growth checks: a figure now and one period before, on each side."""

from bot.domain.check_result import CheckResult
from bot.domain.comparison import Periods, compare_growth
from bot.domain.errors import SourceError
from bot.domain.playbook.checks import Check
from bot.reconcile.checks.figures import note_on, read_figures
from bot.reconcile.pair import Pair


async def growth(check: Check, pair: Pair) -> CheckResult:
    """The result. Raises SourceError."""
    if check.growth is None:
        raise SourceError(f"check {check.id} is not one of growth")
    before = await read_figures(check.growth.previous, pair)
    now = await read_figures(check.growth.current, pair)
    legacy = Periods(previous=before[0].value, current=now[0].value)
    new = Periods(previous=before[1].value, current=now[1].value)
    note = note_on(("legacy", before[0]), ("legacy", now[0]), ("new", before[1]), ("new", now[1]))
    return compare_growth(check, legacy, new).model_copy(update={"note": note})
