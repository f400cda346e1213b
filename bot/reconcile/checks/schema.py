"""Schema checks: the columns of a table on each side."""

from bot.domain.check_result import CheckResult
from bot.domain.errors import SourceError
from bot.domain.playbook.checks import Check
from bot.domain.schema_comparison import compare_schema
from bot.reconcile.pair import Pair, both


async def schema(check: Check, pair: Pair) -> CheckResult:
    """The result. Raises SourceError, for a table that does not exist too."""
    if check.schema_ is None:
        raise SourceError(f"check {check.id} is not one of a schema")
    tables = check.schema_.tables
    legacy, new = await both(pair.legacy.source.columns(tables.legacy), pair.new.source.columns(tables.new))
    return compare_schema(check, check.schema_, legacy, new)
