"""Rollback plans: stages of steps, as declared."""

from pydantic import Field, JsonValue

from bot.domain.playbook.part import Identifier, Part, Text
from bot.domain.quantities import Duration, parse_duration

STEP_BUDGET = "30s"
"""Of a step that names none."""


class Step(Part):
    """One step: what it uses, with which parameters, and its budget.

    `longest` is the duration after which it is cancelled; twice the budget when not given.
    """

    id: Identifier
    title: Text
    uses: Identifier
    with_: dict[str, JsonValue] = Field(default_factory=dict, alias="with")
    budget: Duration = Field(default=parse_duration(STEP_BUDGET))
    longest: Duration | None = None

    @property
    def limit_seconds(self) -> float:
        """The longest it may take, in seconds."""
        return self.longest.total_seconds() if self.longest else 2 * self.budget.total_seconds()


class Stage(Part):
    """Steps that belong together, done in order."""

    id: Identifier
    title: Text
    budget: Duration
    steps: tuple[Step, ...] = Field(min_length=1)


class Plan(Part):
    """A way back, with the time it promises to take. Ids of stages, and of steps, are unique in a plan."""

    title: Text
    budget: Duration
    stages: tuple[Stage, ...] = Field(min_length=1)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        return tuple(step for stage in self.stages for step in stage.steps)
