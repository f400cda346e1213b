"""What a person confirms: every step with its exact effect, bound by a digest, for ten minutes."""

import hashlib
import json
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from bot.domain.errors import RefusedError
from bot.domain.playbook.inputs import Input
from bot.domain.playbook.plans import Plan

VALID_FOR = timedelta(minutes=10)
# How far the clocks of two replicas may be apart.
_SKEW = timedelta(minutes=1)


class StepPreview(BaseModel):
    """One step: what it does in words, exactly what is sent or run, and whether it could be done now."""

    model_config = ConfigDict(frozen=True)
    step: str
    stage: str
    title: str
    effect: str
    exact: str
    budget_seconds: float
    ready: bool
    problem: str = ""


class PlanPreview(BaseModel):
    """The preview of a plan in an environment. It ends ten minutes after it was made.

    The run that it is confirmed for has its id, so that names made of a run's id are shown as they will be.
    The plan has the environment's values; `inputs` are what is typed when it is confirmed, and until then
    their placeholders stand in the exact effects. `since` is when the migration was cut over.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    walk: str
    migration: str
    environment: str
    plan_id: str
    plan: Plan
    playbook_digest: str
    made_at: datetime
    inputs: tuple[Input, ...] = ()
    since: datetime | None = None
    steps: tuple[StepPreview, ...]

    @property
    def expires_at(self) -> datetime:
        """When it can no longer be confirmed."""
        return self.made_at + VALID_FOR

    def expired(self, now: datetime) -> bool:
        """Whether it can no longer be confirmed. One that was made later than now has an age nobody knows:
        the clock was set back."""
        return not self.made_at - _SKEW <= now < self.expires_at

    def must_be_good(self, now: datetime, *, do: str) -> None:
        """Raises RefusedError, with what to do, when it can no longer be confirmed."""
        if self.expired(now):
            back = now < self.made_at
            why = "was made before the bot's clock was set back" if back else "is older than 10 minutes"
            raise RefusedError(f"The preview {why}", field="name", do=do)

    @property
    def problems(self) -> tuple[StepPreview, ...]:
        """The steps that could not be done now."""
        return tuple(step for step in self.steps if not step.ready)

    def digest(self) -> str:
        """SHA-256 over everything that would be done, in hex: plan, environment, exact effects."""
        content = {
            "migration": self.migration,
            "environment": self.environment,
            "playbook": self.playbook_digest,
            "plan": self.plan.model_dump(mode="json", by_alias=True),
            "steps": [(step.step, step.effect, step.exact) for step in self.steps],
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
