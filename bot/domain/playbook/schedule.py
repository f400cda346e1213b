"""When a reconciliation is due, and when both sides are ready for it, as declared."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.playbook.part import Identifier, Part, Sql, Text
from bot.domain.playbook.places import Side, Zone

TimeOfDay = Annotated[
    str,
    StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$"),
    Field(description='a time of day such as "06:30"'),
]
Day = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"),
    Field(description="a date such as 2026-12-25"),
]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Schedule(Part):
    """The daily reconciliation: at a local time, on the days of a calendar, but for holidays.

    `business-days` are Monday to Friday. `coverage_on` is the day of the week whose summary tells what no
    check compares.
    """

    at: TimeOfDay
    zone: Zone = "UTC"
    calendar: Literal["every-day", "business-days"] = "every-day"
    holidays: tuple[Day, ...] = ()
    coverage_on: Weekday = "mon"


class Batch(Part):
    """When a side has finished its batch: the query's time is of today, in the schedule's zone.

    `zone` is that of times without one; a date is a day of the schedule's zone.
    """

    sql: Sql
    newer_than: Literal["today"] = "today"
    zone: Zone = "UTC"


class ReadyWhen(Part):
    """Until the sides have finished their batches of the day, nothing is comparable.

    Past `by`, a local time of the schedule's zone, that is a finding of its own, with `title`, `owner` (that
    of the first check where none is named) and `on_fail`.
    """

    both: Batch | None = None
    legacy: Batch | None = None
    new: Batch | None = None
    by: TimeOfDay | None = None
    title: Text = "Both batches ready"
    owner: Identifier | None = None
    on_fail: Text = "Find out why the batch is late, then reconcile again"

    def batch(self, side: Side) -> Batch | None:
        """What is asked of a side; None where nothing is."""
        return self.both or (self.legacy if side == "legacy" else self.new)

    @model_validator(mode="after")
    def _some_side(self) -> Self:
        if self.both is not None and (self.legacy is not None or self.new is not None):
            raise ValueError("ready_when has both, or legacy and new")
        if self.both is None and self.legacy is None and self.new is None:
            raise ValueError("ready_when names both, legacy or new")
        return self
