"""The cutover, as declared: who approves it, what is done before, on the day and after it."""

from typing import Annotated, Literal

from pydantic import Field

from bot.domain.playbook.part import Identifier, Part, Sql, Text
from bot.domain.playbook.places import Zone
from bot.domain.playbook.schedule import Day, TimeOfDay
from bot.domain.quantities import Duration, parse_duration


class CutoverApprovals(Part):
    """Whose approvals it takes, and how many distinct people's; who asks is not one of them.

    One rejection stops it unless `one_rejection_stops` is false. An approval with `second_factor` takes a
    code. A request that is not decided within `valid_for` is over.
    """

    role: Identifier
    quorum: Annotated[int, Field(ge=1, le=20)] = 1
    one_rejection_stops: bool = True
    second_factor: bool = False
    valid_for: Duration = Field(default=parse_duration("7d"))


class ChecklistItem(Part):
    """What is done by its owner's role, so many days before the cutover's day."""

    id: Identifier
    title: Text
    owner: Identifier
    days_before: Annotated[int, Field(ge=0, le=90)] = 7


class AfterItem(Part):
    """What is done after the cutover, by so many days after its day."""

    id: Identifier
    title: Text
    owner: Identifier
    days_after: Annotated[int, Field(ge=0, le=90)] = 7
    daily: bool = False


class Assessment(Part):
    """At the end of the day somebody of a role says how it went; then the phase is grace."""

    title: Text = "Day-1 assessment"
    owner: Identifier
    at: TimeOfDay = "17:00"


class Freeze(Part):
    """Days, both among them, on which no cutover is."""

    first: Day
    last: Day
    why: Text


class SinceCutover(Part):
    """What was written in the new system since the cutover, as legacy reads it.

    `sql` asks the new side, with `:since` in it for the moment of the cutover, and gives legacy's columns.
    """

    id: Identifier
    title: Text
    sql: Sql


class Cutover(Part):
    """How the migration goes over: from the phase before, by a plan, on a day of a zone, to grace.

    A step of `plan` that uses `wait-until` waits for a time of that day. Before `point_of_no_return` (a
    step of the plan) is begun, the plan `back` may be taken at any time; beyond it that asks for its own
    confirmation. `since_cutover` is exported before legacy gets its write access back.
    """

    plan: Identifier
    back: Identifier
    zone: Zone = "UTC"
    approvals: CutoverApprovals
    requested_by: Identifier
    checklist: tuple[ChecklistItem, ...] = Field(default=(), max_length=30)
    point_of_no_return: Identifier | None = None
    assessment: Assessment
    afterwards: tuple[AfterItem, ...] = Field(default=(), max_length=30)
    freezes: tuple[Freeze, ...] = Field(default=(), max_length=20)
    since_cutover: tuple[SinceCutover, ...] = Field(default=(), max_length=20)


class Risk(Part):
    """What may go wrong; approvers see it."""

    risk: Text
    impact: Text
    likelihood: Literal["low", "medium", "high"]
    mitigation: Text
