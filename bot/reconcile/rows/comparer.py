"""Compares the rows of a check: reads the columns, chooses a plan, gives the verdict."""

import asyncio

from bot.domain.check_result import CheckResult
from bot.domain.comparison import error_result
from bot.domain.errors import SettingsError, SourceError
from bot.domain.playbook.checks import Check
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.row_checks import Rows
from bot.domain.row_verdict import compare_rows
from bot.ports.clock import Clock
from bot.ports.reconciler import Watch
from bot.reconcile.opening import Secrets
from bot.reconcile.rows.cells import row_definition
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.columns import Columns, read_columns
from bot.reconcile.rows.place import RowPlace, row_place
from bot.reconcile.rows.plan import Plan, RowComparison
from bot.reconcile.rows.postgres import PostgresPlan
from bot.reconcile.rows.resolve import resolve
from bot.reconcile.rows.streamed import streamed


class RowComparer:
    """Does the row checks of a playbook. `secret` gives the value of a named setting."""

    def __init__(self, *, clock: Clock, secret: Secrets) -> None:
        self._clock = clock
        self._secret = secret

    async def compare(self, check: Check, loaded: LoadedPlaybook, watch: Watch) -> CheckResult:
        """The result; a check that cannot be done has the status `error`. Raises CalledOffError."""
        if check.rows is None:
            raise ValueError(f"check {check.id} compares no rows")
        started = self._clock.monotonic()
        try:
            comparison = await self._prepared(check.rows, loaded)
            collector = Collector(check=check.id, definition=comparison.definition, watch=watch)
            collector.stop_if_called_off()
            await chosen_plan(comparison)(comparison, collector)
            await collector.tell()
            result = compare_rows(check, collector.found(), may_be_empty=check.rows.may_be_empty)
        except (SourceError, SettingsError) as error:
            result = error_result(check, str(error))
        elapsed = round((self._clock.monotonic() - started) * 1000)
        return result.model_copy(update={"milliseconds": elapsed})

    async def _prepared(self, rows: Rows, loaded: LoadedPlaybook) -> RowComparison:
        sources, now = loaded.playbook.sources, self._clock.now()
        legacy = row_place("legacy", rows, sources.legacy, folder=loaded.folder, secret=self._secret, now=now)
        new = row_place("new", rows, sources.new, folder=loaded.folder, secret=self._secret, now=now)
        columns = await _both_columns(legacy, new)
        resolved = resolve(rows, *columns)
        return RowComparison(
            rows=rows,
            legacy=legacy,
            new=new,
            resolved=resolved,
            definition=row_definition(rows, resolved),
            clock=self._clock,
        )


def chosen_plan(comparison: RowComparison) -> Plan:
    """The plan for two sides."""
    if comparison.legacy.backend == comparison.new.backend == "postgresql":
        return PostgresPlan(otherwise=streamed)
    return streamed


async def _both_columns(legacy: RowPlace, new: RowPlace) -> tuple[Columns, Columns]:
    """The columns of both; what either side has to say about not answering is said in one error."""
    found = await asyncio.gather(read_columns(legacy), read_columns(new), return_exceptions=True)
    problems = [one for one in found if isinstance(one, BaseException)]
    for problem in problems:
        if not isinstance(problem, SourceError):
            raise problem
    if problems:
        raise SourceError("; ".join(dict.fromkeys(map(str, problems))))
    legacy_columns, new_columns = (one for one in found if not isinstance(one, BaseException))
    return legacy_columns, new_columns
