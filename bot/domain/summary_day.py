"""The days of a schedule: each gets one summary, late, never, or once both sides are ready."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.calendar import Due, days_between, last_due, local_day, moment_of, on_day
from bot.domain.playbook.checks import Reconcile
from bot.domain.playbook.schedule import Schedule

SummaryStatus = Literal["begun", "running", "waiting", "told", "missed"]

# A summary that is told so long after it was due is late. A reconciliation takes minutes.
LATE_AFTER = timedelta(minutes=10)
# Beside the rest of the day: a bot that is started again at 00:05 still makes a summary of 23:50.
STILL_MADE = timedelta(hours=1)
# A day that is due so much later than now was due by a clock that was set forward. Less may be the
# clock of another replica.
AHEAD = timedelta(minutes=10)


class SummaryDay(BaseModel):
    """A day of a migration's schedule and what became of its summary.

    `begun` is the day before the first one that gets a summary. `running` waits for `reconciliation`,
    the `tries`th since `started_at`; `waiting` is not comparable before `next_try`, and `until` is when that
    is a finding. `lost` counts reconciliations that never ended; `late` is whether it was begun late,
    `waited` whether its sides were not ready at first, and `shown` whether it has a message in the channel.
    `explained` are the failed checks that count as clean, because all that differs in them is explained.
    """

    model_config = ConfigDict(frozen=True)
    migration: str
    day: date
    due: datetime
    status: SummaryStatus
    reconciliation: str | None = None
    told_at: datetime | None = None
    started_at: datetime | None = None
    tries: int = 0
    lost: int = 0
    next_try: datetime | None = None
    until: datetime | None = None
    late: bool = False
    waited: bool = False
    clean: bool = False
    shown: bool = False
    explained: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The subject of its message and of its audit entries."""
        return f"summary:{self.migration}:{self.day}"

    @property
    def open(self) -> bool:
        """Whether its summary is still to come."""
        return self.status in ("running", "waiting")


@dataclass(frozen=True)
class Coming:
    """What a look at the clock finds: days that nobody made a summary of, and the one to make now."""

    missed: tuple[Due, ...] = ()
    make: Due | None = None


def coming(schedule: Schedule, latest: SummaryDay, now: datetime) -> Coming:
    """What is due since the latest day that is known.

    Of several days only the last is made, and only while it is that day there; the others are missed.
    """
    due = last_due(schedule, now)
    if due.day <= latest.day:
        return Coming()
    between = (on_day(schedule, day) for day in days_between(schedule, latest.day, due.day))
    missed = tuple(one for one in between if one is not None)
    if still_made(schedule, due, now):
        return Coming(missed, due)
    return Coming((*missed, due))


def still_made(schedule: Schedule, due: Due, now: datetime) -> bool:
    """Whether the summary of a day is worth making now: on that day, or little later."""
    return local_day(schedule, now) <= local_day(schedule, due.at) or now - due.at <= STILL_MADE


def waits_until(reconcile: Reconcile, schedule: Schedule, due: Due) -> datetime:
    """When it is a finding that the sides are not ready: at `by`, else at the end of the day."""
    ready = reconcile.ready_when
    by = moment_of(due.day, ready.by, zone=schedule.zone) if ready is not None and ready.by else None
    if by is None:
        # A day that the zone has not is followed by one that it has.
        days = (due.day + timedelta(days=number) for number in (1, 2))
        ends = (moment_of(day, "00:00", zone=schedule.zone) for day in days)
        by = next((end for end in ends if end is not None), due.at)
    return max(by, due.at)


def clean_in_a_row(newest_first: tuple[SummaryDay, ...]) -> int:
    """How many days up to the last one that is settled were clean; a day without a summary was not."""
    count = 0
    for day in newest_first:
        if day.open:
            continue
        if not day.clean:
            break
        count += 1
    return count
