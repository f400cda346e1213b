"""Facts of a decision's one message: the tree's question, where it led, and what the approvers decide on."""

from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.decision import DecisionKind, DecisionStatus
from bot.domain.messages.facts import Facts
from bot.domain.messages.measured import MeasuredLine
from bot.domain.messages.walk import AnswerButton
from bot.domain.playbook.cutover import Risk

Verdict = Literal["go", "go-with-conditions", "no-go"]


class DecisionQuestionFacts(Facts):
    """The open question of a cutover's tree. `shown` is None while what stands beside it is looked up."""

    kind: ClassVar[str] = "decision.question"
    decision: str
    version: int
    migration: str
    title: str
    day: date
    asked_by: str
    asked_at: datetime
    number: int
    ask: str
    answers: tuple[AnswerButton, ...]
    shown: tuple[MeasuredLine, ...] | None
    last_answer: str = ""


class DecisionConclusionFacts(Facts):
    """Where the answers led. `checked` is whether the evidence was evaluated since, `blocked` what fails."""

    kind: ClassVar[str] = "decision.conclusion"
    decision: str
    version: int
    migration: str
    title: str
    day: date
    asked_by: str
    asked_at: datetime
    verdict: Verdict
    outcome: str
    answers: tuple[str, ...]
    conditions: tuple[str, ...]
    advice: str = ""
    checked: bool
    blocked: tuple[str, ...] = ()


class EvidenceLine(BaseModel):
    """The evidence in short: how many gates pass, its digest, and how old the oldest piece is."""

    model_config = ConfigDict(frozen=True)
    passing: int
    gates: int
    digest: str
    at: datetime
    oldest: datetime | None = None


class LeaveLine(BaseModel):
    """A criterion for leaving a phase: the target as people say it, and how it stands."""

    model_config = ConfigDict(frozen=True)
    target: str
    actual: str
    state: Literal["pass", "fail", "expired", "unknown"]


class Said(BaseModel):
    """What one person said; `void_why` is why it does not count any more."""

    model_config = ConfigDict(frozen=True)
    by: str
    at: datetime
    choice: Literal["approve", "reject"]
    comment: str = ""
    void_why: str = ""


class DecisionRequestFacts(Facts):
    """What the approvers decide on, as it stands, and how it ended.

    `what` goes on in a sentence: `cutover of clubos`. `who` names the role. `steps` are the plan's, `hours`
    the times of the day, `until` the last day on which a rollback is possible.
    """

    kind: ClassVar[str] = "decision.request"
    decision: str
    round: int
    of: DecisionKind
    migration: str
    title: str
    what: str
    status: DecisionStatus
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    who: str
    needed: int
    count: str
    said: tuple[Said, ...]
    evidence: EvidenceLine
    blocked: tuple[str, ...]
    leaving: tuple[LeaveLine, ...] = ()
    plan: str = ""
    steps: tuple[str, ...] = ()
    day: date | None = None
    hours: str = ""
    until: date | None = None
    risks: tuple[Risk, ...] = ()
    conditions: tuple[str, ...] = ()
    ended_by: str = ""
    ended_at: datetime | None = None
    reason: str = ""
    new_day: date | None = None
