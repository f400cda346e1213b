"""Where one step of a run stands."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.person import Actor

StepStatus = Literal[
    "pending", "running", "waiting", "done", "failed", "unknown", "skipped", "omitted", "tolerated"
]
SETTLED: tuple[StepStatus, ...] = ("done", "skipped", "omitted", "tolerated")
QUESTIONS: tuple[StepStatus, ...] = ("failed", "unknown")


class Proof(BaseModel):
    """A named piece of evidence of a step, bounded text."""

    model_config = ConfigDict(frozen=True)
    name: str
    text: str


class StepState(BaseModel):
    """Where one step stands. `nonce` is new with each attempt.

    `due` is when a wait ends, or when a step that failed is tried again. `retried` counts the attempts
    that the run made by itself since a person decided last. `spent` is what earlier attempts took.
    """

    model_config = ConfigDict(frozen=True)
    step: str
    stage: str
    status: StepStatus = "pending"
    attempt: int = 0
    retried: int = 0
    nonce: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    due: datetime | None = None
    spent: timedelta = timedelta()
    summary: str = ""
    evidence: tuple[Proof, ...] = ()
    decided_by: Actor | None = None
    reason: str = ""

    @property
    def settled(self) -> bool:
        """Whether the run is past it."""
        return self.status in SETTLED

    def elapsed(self, now: datetime) -> timedelta:
        """How long the present attempt took, or has taken so far; never below zero."""
        if self.started_at is None:
            return timedelta()
        return max((self.ended_at or now) - self.started_at, timedelta())
