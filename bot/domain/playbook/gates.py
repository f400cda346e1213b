"""Gates, as declared: binary, made of criteria, and reviewed every week."""

from typing import Self

from pydantic import Field, model_validator

from bot.domain.playbook.criteria import Criterion, criterion_id
from bot.domain.playbook.part import Identifier, Part, Text
from bot.domain.playbook.places import Zone
from bot.domain.playbook.schedule import TimeOfDay, Weekday


class Gate(Part):
    """Binary: it passes when every criterion does. `owner` is a role."""

    id: Identifier
    title: Text
    owner: Identifier
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _each_criterion_once(self) -> Self:
        ids = [criterion_id(criterion) for criterion in self.criteria]
        twice = next((one for one in ids if ids.count(one) > 1), None)
        if twice is not None:
            raise ValueError(f"two criteria are called “{twice}”; give each an id")
        return self

    def owner_of(self, criterion: Criterion) -> str:
        """The role that owns a criterion of this gate."""
        return criterion.owner or self.owner


class GateReview(Part):
    """When the gates are evaluated every week, and told of with what has changed since the week before."""

    on: Weekday = "mon"
    at: TimeOfDay = "09:00"
    zone: Zone = "UTC"
