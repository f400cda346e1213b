"""A request to the people of a role to sign, or to vote: one live message, and reminders."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.calendar import Due, next_due
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.schedule import Schedule
from bot.domain.wanted_statement import AboutCriterion

MOST_REMINDERS = 5
# Nobody is reminded of what they were asked for just now, nor at night because the bot was away by day.
_FIRST_AFTER = timedelta(hours=4)
_HOURS_GOOD_FOR = timedelta(hours=7)


class StatementRequest(BaseModel):
    """One asking. `shown` is the digest of what was asked for; it is over when it was asked for anew."""

    model_config = ConfigDict(frozen=True)
    id: str
    migration: str
    gate: str
    criterion: str
    asked_by: Actor
    asked_at: datetime
    shown: str
    status: Literal["open", "over"] = "open"
    reminded: int = 0

    @property
    def subject(self) -> str:
        """What its message is filed under."""
        return f"statements:{self.id}"

    @property
    def about(self) -> AboutCriterion:
        """Which criterion it is about."""
        return AboutCriterion(self.migration, self.gate, self.criterion)


def next_reminder(playbook: Playbook, after: datetime, *, first: bool = False) -> Due:
    """When people may be reminded next: at ten, where the gates are reviewed, on a business day."""
    zone = playbook.gate_review.zone if playbook.gate_review else "UTC"
    holidays = playbook.reconcile.schedule.holidays if playbook.reconcile.schedule else ()
    schedule = Schedule(at="10:00", zone=zone, calendar="business-days", holidays=holidays)
    return next_due(schedule, after + _FIRST_AFTER if first else after)


def is_good_time(late: timedelta) -> bool:
    """Whether a reminder that comes so late may still be given; after hours it waits for the next day."""
    return late <= _HOURS_GOOD_FOR
