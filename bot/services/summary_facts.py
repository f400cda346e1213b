"""What a summary tells, out of the records: what changed, clean days, the chart, what is not compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.check_result import Reconciled
from bot.domain.cleanness import cleanness, overall_cleanness
from bot.domain.discrepancy import Discrepancy
from bot.domain.messages.discrepancies import check_registers
from bot.domain.messages.summary import MOST_UNCOMPARED, SummaryFacts, Uncovered
from bot.domain.playbook.document import Playbook
from bot.domain.summary_changes import Change, changes
from bot.domain.summary_day import SummaryDay, clean_in_a_row
from bot.domain.variance_chart import VarianceChart, variance_chart
from bot.ports.coverage import Coverage
from bot.services.catalog import Catalog
from bot.store.reconciliations import Reconciliation
from bot.store.store import Transaction

CHART_DAYS = 30


@dataclass(frozen=True)
class Gathered:
    """What was asked outside before the transaction: whom to call by role, and what is not compared."""

    called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    coverage: Coverage | None = None


class SummaryTelling:
    """Composes the facts of summaries, once the reconciliation is carried over into the register."""

    def __init__(self, *, catalog: Catalog) -> None:
        self._catalog = catalog

    async def facts(
        self, tx: Transaction, finished: Reconciliation, *, day: SummaryDay | None, gathered: Gathered
    ) -> SummaryFacts:
        """The facts of the summary of a day, or of one that a person asked for where `day` is None."""
        playbook = self._catalog.get(finished.migration).playbook
        reconciled, ended = finished.reconciled, finished.ended_at
        if reconciled is None or ended is None or finished.day is None:
            raise ValueError(f"reconciliation {finished.id} is not done, or not one for a summary")
        on = date.fromisoformat(finished.day)
        known, lenient = (
            await tx.discrepancies.listed(finished.migration),
            playbook.reconcile.explained_is_clean,
        )
        clean = overall_cleanness(reconciled, known, explained_is_clean=lenient, day=on) != "not clean"
        last = await tx.summaries.last_told(finished.migration, before=on if day is not None else None)
        days = await tx.summaries.days(finished.migration)
        streak = clean_in_a_row(days) + (clean and day is not None)
        return SummaryFacts(
            id=finished.id,
            migration=finished.migration,
            title=playbook.title,
            day=on,
            due=day.due if day is not None else None,
            late=day.late if day is not None else False,
            waited=day.waited if day is not None else False,
            asked_by="" if day is not None else finished.asked_by.name,
            started_at=finished.started_at,
            ended_at=ended,
            reconciled=reconciled,
            clean=clean,
            streak=streak,
            explained=_explained(reconciled, known, on),
            registers=check_registers(known, on),
            since=last.day if last is not None else None,
            changes=await self._changes(tx, last, finished),
            missed=_missed(days, after=last, before=on) if day is not None else (),
            owners={name: role.described() for name, role in playbook.roles.items()},
            called=dict(gathered.called),
            chart=await self._chart(tx, playbook, finished, on=on, ended=ended),
            uncovered=uncovered(gathered.coverage),
        )

    async def brought_up_to_date(self, tx: Transaction, told: SummaryFacts) -> SummaryFacts:
        """A summary that was told, with what the register has now; whether its day was clean stays as it was.

        Nobody is called by it: Slack tells nobody of a mention in a message that is there already.
        """
        known = await tx.discrepancies.listed(told.migration)
        return told.model_copy(
            update={
                "explained": _explained(told.reconciled, known, told.day),
                "registers": check_registers(known, told.day),
                "called": {},
            }
        )

    async def _changes(
        self, tx: Transaction, last: SummaryDay | None, now: Reconciliation
    ) -> tuple[Change, ...]:
        if last is None or last.reconciliation is None or now.reconciled is None:
            return ()
        before = await tx.reconciliations.get(last.reconciliation)
        if before.reconciled is None:
            return ()
        rows = await tx.check_history.row_changes(before, now)
        return changes(before.reconciled, now.reconciled, rows=rows)

    async def _chart(
        self, tx: Transaction, playbook: Playbook, now: Reconciliation, *, on: date, ended: datetime
    ) -> VarianceChart | None:
        """The days of the last 30 whose summary was told, and this one, of the checks that are declared."""
        history = await tx.check_history.of_days(now.migration, since=on - timedelta(days=CHART_DAYS - 1))
        for check in playbook.reconcile.checks:
            points = await tx.check_history.of_check(now.migration, check.id, since=ended)
            here = next((point for point in points if point.reconciliation == now.id), None)
            if here is not None:
                history.setdefault(check.id, {})[on] = here
        declared = {check.id: history[check.id] for check in playbook.reconcile.checks if check.id in history}
        days = sorted({day for points in declared.values() for day in points})
        return variance_chart(days, declared)


def uncovered(coverage: Coverage | None) -> Uncovered | None:
    """What no check compares, counted, and the first of it in words; None where there is nothing to tell."""
    if coverage is None or not (coverage.uncompared or coverage.problems):
        return None
    whole = [one for one in coverage.uncompared if one.whole]
    parts = [one for one in coverage.uncompared if not one.whole]
    named = [f"{one.side} {one.table}" for one in whole]
    named += [f"{one.side} {one.table}: {', '.join(one.columns)}" for one in parts]
    more = len(named) - MOST_UNCOMPARED
    return Uncovered(
        tables=len(whole),
        of_tables=coverage.tables,
        columns=sum(len(one.columns) for one in coverage.uncompared),
        of_columns=coverage.columns,
        named=(*named[:MOST_UNCOMPARED], *([f"and {more} more"] if more > 0 else [])),
        problems=coverage.problems,
    )


def _explained(reconciled: Reconciled, known: Sequence[Discrepancy], on: date) -> tuple[str, ...]:
    """The failed checks of which everything that differs is explained or accepted."""
    explained = (
        result.check
        for result in reconciled.results
        if cleanness(result, known, explained_is_clean=True, day=on) == "explained"
    )
    return tuple(sorted(explained))


def _missed(days: tuple[SummaryDay, ...], *, after: SummaryDay | None, before: date) -> tuple[date, ...]:
    return tuple(
        day.day
        for day in reversed(days)
        if day.status == "missed" and day.day < before and (after is None or day.day > after.day)
    )
