"""The weekly review of gates: the week that it is of, and what its meeting talks about."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict


class GateReview(BaseModel):
    """A week of a migration. It is told once: `evaluation` and `told_at` are None until then.

    One without an evaluation that was told is the week before the first review.
    """

    model_config = ConfigDict(frozen=True)
    migration: str
    day: date
    due: datetime
    evaluation: str | None = None
    told_at: datetime | None = None

    @property
    def subject(self) -> str:
        """The subject of its message and of its audit entries."""
        return f"gate_review:{self.migration}:{self.day}"


class Agenda(BaseModel):
    """What the weekly validation meeting talks about beside the gates.

    `open_discrepancies` counts those that nobody has explained; `named` are the first of them, `decisions`
    those that are due, in words.
    """

    model_config = ConfigDict(frozen=True)
    open_discrepancies: int
    named: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
