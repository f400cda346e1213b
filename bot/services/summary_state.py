"""Where the summaries of a migration stand: the last one that arrived, and when the next has to be there."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import next_due
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.summary_day import clean_in_a_row
from bot.store.store import Transaction


@dataclass(frozen=True)
class SummaryState:
    """`day` and `told_at` are those of the last summary that arrived in its channel, None before the first.

    `expected` is when the next one is due that is not there yet: it is past while one is overdue. One
    that waits for the two sides is expected when the wait ends. `clean_days` are those in a row.
    """

    day: date | None
    told_at: datetime | None
    expected: datetime
    clean_days: int


async def summary_state(tx: Transaction, loaded: LoadedPlaybook, *, now: datetime) -> SummaryState | None:
    """The state of a migration; None for one without a schedule."""
    schedule = loaded.playbook.reconcile.schedule
    if schedule is None:
        return None
    days = await tx.summaries.days(loaded.playbook.migration)
    arrived, missing = None, None
    for day in days:
        if day.status == "told" and not await tx.summaries.on_its_way(day):
            arrived = day
            break
        if day.open or day.status == "told":
            missing = day
    if missing is None:
        expected = next_due(schedule, days[0].due if days else now).at
    else:
        expected = missing.until if missing.status == "waiting" and missing.until else missing.due
    return SummaryState(
        day=arrived.day if arrived else None,
        told_at=arrived.told_at if arrived else None,
        expected=expected,
        clean_days=clean_in_a_row(days),
    )
