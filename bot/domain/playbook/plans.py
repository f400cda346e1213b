"""Rollback plans: stages of steps, as declared."""

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from bot.domain.playbook.inputs import MOST_INPUTS, Input
from bot.domain.playbook.part import Identifier, Part, Text
from bot.domain.quantities import Duration, parse_duration

STEP_BUDGET = "30s"
"""Of a step that names none."""
WAIT_UNTIL = "wait-until"
"""What a step uses that waits for a time of the cutover's day."""
EXPORT_SINCE = "export-since"
"""What a step uses that exports what was written in the new system since the cutover."""

Ending = Literal["done", "skipped", "failed", "omitted"]


class Retries(Part):
    """How often a failed step is tried again by itself, and after which pause; each pause is `factor` longer.

    Only what is idempotent is tried again.
    """

    times: int = Field(ge=1, le=20)
    pause: Duration = Field(default=parse_duration("2s"))
    factor: float = Field(default=2.0, ge=1.0, le=10.0)


class When(Part):
    """A condition on how an earlier step ended; a step whose condition does not hold is omitted."""

    step: Identifier
    ended: tuple[Ending, ...] = Field(min_length=1)


class OtherPlan(Part):
    """Another plan of the playbook."""

    plan: Identifier


class Undo(Part):
    """What takes a step back, when a person decides so after an abort."""

    title: Text
    uses: Identifier
    with_: dict[str, JsonValue] = Field(default_factory=dict, alias="with")
    budget: Duration = Field(default=parse_duration(STEP_BUDGET))


class Step(Part):
    """One step: what it uses, with which parameters, and its budget.

    `longest` is the duration after which it is cancelled; twice the budget when not given. `needs` names
    steps of its own parallel stage that come before it. `on_failure` is what happens when it failed or
    was cancelled: the run stops and asks, goes on, or goes to another plan.
    """

    id: Identifier
    title: Text
    uses: Identifier
    with_: dict[str, JsonValue] = Field(default_factory=dict, alias="with")
    budget: Duration = Field(default=parse_duration(STEP_BUDGET))
    longest: Duration | None = None
    needs: tuple[Identifier, ...] = ()
    when: When | None = None
    retries: Retries | None = None
    on_failure: Literal["ask", "continue"] | OtherPlan = "ask"
    undo: Undo | None = None

    @property
    def limit_seconds(self) -> float:
        """The longest it may take, in seconds."""
        return self.longest.total_seconds() if self.longest else 2 * self.budget.total_seconds()


class Stage(Part):
    """Steps that belong together: one after the other, or at the same time when `parallel`.

    In a parallel stage a step begins when those that it needs are settled. A stage begins when the one
    before it is over.
    """

    id: Identifier
    title: Text
    budget: Duration
    parallel: bool = False
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _needs_are_of_a_parallel_stage(self) -> Self:
        if not self.parallel and any(step.needs for step in self.steps):
            raise ValueError("only steps of a parallel stage have needs; others come in order")
        return self


class Plan(Part):
    """A way back, with the time it promises to take. Ids of stages, and of steps, are unique in a plan.

    `inputs` are typed when it is confirmed, and filled into the parameters of its steps.
    """

    title: Text
    budget: Duration
    inputs: tuple[Input, ...] = Field(default=(), max_length=MOST_INPUTS)
    stages: tuple[Stage, ...] = Field(min_length=1)

    @property
    def elsewhere(self) -> list[str]:
        """The plans that a failure of one of its steps goes to by itself."""
        return [step.on_failure.plan for step in self.steps if isinstance(step.on_failure, OtherPlan)]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        return tuple(step for stage in self.stages for step in stage.steps)
