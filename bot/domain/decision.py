"""A decision of people on evidence: the cutover, or the move to the next phase."""

from collections.abc import Set
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.gates.board import Board
from bot.domain.person import Actor

DecisionKind = Literal["cutover", "phase"]
DecisionStatus = Literal[
    "asking", "approving", "go", "go-with-conditions", "no-go", "withdrawn", "expired", "outdated"
]
OPEN_DECISIONS: tuple[DecisionStatus, ...] = ("asking", "approving")


class Answered(BaseModel):
    """One answer in the cutover's decision tree."""

    model_config = ConfigDict(frozen=True)
    question: str
    answer: str
    by: Actor
    at: datetime


class DecisionApproval(BaseModel):
    """What one person said, on which evidence; `void_why` is set when it does not count any more."""

    model_config = ConfigDict(frozen=True)
    id: str
    by: Actor
    at: datetime
    choice: Literal["approve", "reject"]
    comment: str = ""
    evidence: str
    void_at: datetime | None = None
    void_why: str = ""

    @property
    def counts(self) -> bool:
        """Whether it still stands."""
        return self.void_at is None


class Decision(BaseModel):
    """One request to decide. `evidence` is the board as it stood when it was asked for; approvals are bound
    to its digest. `day` is the day of the cutover. `conditions` are those of GO with conditions.

    `version` counts the changes. `conclusion` is the outcome of the decision tree, empty while it is
    walked and where there is none. `to_phase` is where the migration goes; `new_day` is the date that a NO-GO
    names, to which the phase is extended.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    migration: str
    kind: DecisionKind
    status: DecisionStatus
    version: int = 1
    asked_by: Actor
    asked_at: datetime
    expires_at: datetime
    from_phase: str
    to_phase: str
    plan_id: str = ""
    playbook_digest: str
    role: str
    needed: int
    one_rejection_stops: bool = True
    second_factor: bool = False
    evidence: Board
    day: date | None = None
    place: str = ""
    answers: tuple[Answered, ...] = ()
    conclusion: str = ""
    conditions: tuple[str, ...] = ()
    approvals: tuple[DecisionApproval, ...] = ()
    ended_by: Actor | None = None
    ended_at: datetime | None = None
    reason: str = ""
    new_day: date | None = None

    @property
    def subject(self) -> str:
        """What its message and its audit entries are filed under."""
        return f"decision:{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody."""
        return self.status in OPEN_DECISIONS

    @property
    def went(self) -> bool:
        """Whether people said GO, with or without conditions."""
        return self.status in ("go", "go-with-conditions")

    def approving(self, members: Set[str]) -> tuple[DecisionApproval, ...]:
        """The approvals that count: standing ones, on this evidence, of people who are in the role now."""
        return tuple(
            one
            for one in self.approvals
            if one.counts
            and one.choice == "approve"
            and one.evidence == self.evidence.digest()
            and one.by.id in members
            and one.by.id != self.asked_by.id
        )
