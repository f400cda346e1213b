"""Facts of the message of a migration's gates, asked for or reviewed every week."""

from datetime import date, datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from bot.domain.gates.board import Board, CriterionState, GateResult
from bot.domain.gates.evaluation import Change, Evaluation
from bot.domain.gates.review import Agenda
from bot.domain.messages.facts import Facts

_WORST_FIRST: tuple[CriterionState, ...] = ("fail", "expired", "unknown", "pass")


class RehearseHint(BaseModel):
    """The plan that a criterion wants rehearsed."""

    model_config = ConfigDict(frozen=True)
    gate: str
    criterion: str
    plan: str
    environment: str


class Reviewed(BaseModel):
    """What a weekly review adds: its day, the review before it, and what has changed since that."""

    model_config = ConfigDict(frozen=True)
    day: date
    before: date | None = None
    passed_before: int = 0
    gates_before: int = 0
    changes: tuple[Change, ...] = ()
    agenda: Agenda


class GatesFacts(Facts):
    """The gates of a migration; `evaluation` is None while they are being evaluated.

    `owners` says who is in a role. `awaits_cutover` is whether the migration is before it.
    """

    kind: ClassVar[str] = "gates"
    migration: str
    asked_by: str
    at: datetime
    evaluation: Evaluation | None = None
    owners: dict[str, str]
    rehearse: tuple[RehearseHint, ...] = ()
    awaits_cutover: bool = True
    review: Reviewed | None = None


def state_of(gate: GateResult) -> CriterionState:
    """The worst state of its criteria: what fails, what has expired, what is unknown."""
    return min((one.state for one in gate.criteria), key=_WORST_FIRST.index)


def passing(board: Board) -> int:
    """How many gates pass."""
    return len(board.gates) - len(board.failing)


def verdict(board: Board) -> str:
    """`clubos: 2 of 5 gates pass`."""
    gates = "1 gate passes" if len(board.gates) == 1 else f"{len(board.gates)} gates pass"
    return f"{board.migration}: {passing(board)} of {gates}"


def worst_first(board: Board) -> tuple[tuple[int, GateResult], ...]:
    """The gates with their numbers, those that do not pass first, the worst of them before others."""
    numbered = enumerate(board.gates, start=1)
    return tuple(sorted(numbered, key=lambda one: (_WORST_FIRST.index(state_of(one[1])), one[0])))
