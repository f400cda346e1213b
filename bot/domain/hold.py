"""Times of day of the cutover that its plan waits for, and which of them is next."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.calendar import moment_of
from bot.domain.playbook.part import Part
from bot.domain.playbook.plans import WAIT_UNTIL, Step
from bot.domain.playbook.schedule import TimeOfDay
from bot.domain.quantities import format_duration
from bot.domain.run import Run

_MINUTE = timedelta(minutes=1)
# How often what is still to be waited is told anew: the rarer, the longer it is.
_TICKS = ((timedelta(hours=2), timedelta(hours=1)), (timedelta(minutes=30), timedelta(minutes=15)))
_LAST_TICK = timedelta(minutes=5)


class Until(Part):
    """A time of day, so many days after the cutover's day."""

    at: TimeOfDay
    day: Annotated[int, Field(ge=0, le=30)] = 0

    def moment(self, day: date, zone: str) -> datetime | None:
        """When that is, in UTC; None on a day that the zone never had."""
        return moment_of(day + timedelta(days=self.day), self.at, zone=zone)


class Hold(BaseModel):
    """A time that is waited for, or will be, and the title of the step after it; empty at the plan's end."""

    model_config = ConfigDict(frozen=True)
    at: datetime
    zone: str
    before: str

    def described(self, now: datetime) -> str:
        """`next: 08:00 final sync, in 42m`; the day where it is another one."""
        local, today = self.at.astimezone(ZoneInfo(self.zone)), now.astimezone(ZoneInfo(self.zone))
        day = f"{local:%Y-%m-%d} " if local.date() != today.date() else ""
        what = f" {self.before}" if self.before else ""
        left = max(self.at - now, timedelta())
        when = f", in {format_duration(left - left % _MINUTE)}" if left >= _MINUTE else ", now"
        return f"next: {day}{local:%H:%M}{what}{when}"


def waited_until(step: Step, run: Run) -> datetime | None:
    """The moment that a step of this run waits for; None for another step, and where the run has no day."""
    if step.uses != WAIT_UNTIL or run.day is None or run.rehearsal:
        return None
    return Until.model_validate(step.with_).moment(run.day, run.zone)


def next_hold(run: Run) -> Hold | None:
    """The first time of day that the run is not past; None where none is to come."""
    return next(_holds(run), None) if run.active else None


def next_tick(run: Run, now: datetime) -> datetime | None:
    """When what is still to be waited is told anew; None while the run waits for no time of day."""
    dues = [state.due for state in run.steps if state.status == "waiting" and state.due is not None]
    hold = next_hold(run)
    if hold is None or hold.at not in dues or hold.at - now <= _MINUTE:
        return None
    left = hold.at - now
    every = next((tick for least, tick in _TICKS if left > least), _LAST_TICK)
    return min(now + (left % every or every), hold.at - _MINUTE) if left > every else hold.at - _MINUTE


def _holds(run: Run) -> Iterator[Hold]:
    steps = run.plan.steps
    for step, following in zip(steps, (*steps[1:], None), strict=True):
        at = waited_until(step, run)
        if at is not None and not run.state(step.id).settled:
            yield Hold(at=at, zone=run.zone, before=following.title if following else "")
