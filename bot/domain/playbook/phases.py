"""Phases of a migration: how long each is meant to last, what leaving it needs, who may roll back in it."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.domain.playbook.criteria import Criterion, criterion_id
from bot.domain.playbook.part import Identifier, Part, Text

PhaseKind = Literal["shadow", "pilot", "parallel", "cutover", "grace", "decommissioned"]


class RollbackRight(Part):
    """The role whose members may roll back.

    `quorum` is how many other people of that role have to approve before a rollback starts; with
    `second_factor` each of them types a code.
    """

    role: Identifier
    quorum: Annotated[int, Field(ge=0, le=20)] = 0
    second_factor: bool = False


class LeaveCriterion(Part):
    """What has to hold before the phase is left: a criterion, and the target as people say it."""

    target: Text
    criterion: Criterion


class Phase(Part):
    """A named phase of a kind; `rollback: never` where there is nothing to go back to.

    `weeks` or `days` are how long it is meant to last. `allows` says in words what may be done in it.
    It is left for the next phase of the list by a decision of the role `decided_by`, on `leave_when`; the
    plan `forward` does what the move needs, and the plan `back` takes that back. The phase before the
    cutover is left by the cutover alone.
    """

    id: Identifier
    kind: PhaseKind
    title: Text | None = None
    weeks: Annotated[int, Field(ge=1, le=104)] | None = None
    days: Annotated[int, Field(ge=1, le=730)] | None = None
    allows: tuple[Text, ...] = Field(default=(), max_length=10)
    rollback: RollbackRight | Literal["never"]
    leave_when: tuple[LeaveCriterion, ...] = Field(default=(), max_length=20)
    decided_by: Identifier | None = None
    forward: Identifier | None = None
    back: Identifier | None = None

    @property
    def lasts(self) -> timedelta | None:
        """How long it is meant to last; None where nothing is said."""
        if self.weeks is not None:
            return timedelta(weeks=self.weeks)
        return None if self.days is None else timedelta(days=self.days)

    @property
    def named(self) -> str:
        """Its title, or its id."""
        return self.title or self.id

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.weeks is not None and self.days is not None:
            raise ValueError("a phase lasts weeks or days, not both")
        ids = [criterion_id(one.criterion) for one in self.leave_when]
        if len(set(ids)) != len(ids):
            raise ValueError("two criteria of leave_when have one id; give each an id")
        return self
