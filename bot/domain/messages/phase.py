"""Facts of where a migration is: its phase, what that allows and what it takes to leave it, what is next."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from bot.domain.gates.board import CriterionResult


class LeavingLine(BaseModel):
    """One criterion for leaving the phase: the target as people say it, and how it stands.

    `actual` is None where it could not be evaluated.
    """

    model_config = ConfigDict(frozen=True)
    target: str
    actual: CriterionResult | None = None


class ComingDate(BaseModel):
    """What comes next, and when."""

    model_config = ConfigDict(frozen=True)
    at: datetime
    what: str


class PhaseFacts(BaseModel):
    """Where a migration is at `at`. `day` counts from 1, of `days` where the phase has a length.

    `rollback` is what a rollback needs now, in words; `problem` why leaving could not be evaluated;
    `countdown` what a run of the cutover waits for.
    """

    model_config = ConfigDict(frozen=True)
    migration: str
    title: str
    phase: str
    named: str
    phase_kind: str
    since: datetime | None
    day: int | None
    days: int | None
    ends: datetime | None
    allows: tuple[str, ...]
    rollback: str
    next_phase: str
    decided_by: str
    leaving: tuple[LeavingLine, ...]
    problem: str
    dates: tuple[ComingDate, ...]
    countdown: str
    at: datetime
