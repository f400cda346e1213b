"""A decision of people on evidence: the cutover, or the move to the next phase."""

from collections.abc import Set
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.gates.board import Board
from bot.domain.messages.measured import MeasuredLine
from bot.domain.person import Actor

DecisionKind = Literal["cutover", "phase"]
DecisionStatus = Literal[
    "asking", "approving", "go", "go-with-conditions", "no-go", "withdrawn", "expired", "outdated"
]
OPEN_DECISIONS: tuple[DecisionStatus, ...] = ("asking", "approving")
_BECAME: dict[DecisionStatus, str] = {
    "go": "It was decided already: GO",
    "go-with-conditions": "It was decided already: GO with conditions",
    "no-go": "It was decided already: NO-GO, by {by}",
    "withdrawn": "{by} withdrew this already",
    "expired": "This was not decided in time, and is over",
    "outdated": "This request is closed: {reason}",
}


class Answered(BaseModel):
    """One answer in the cutover's decision tree, with what stood beside the question."""

    model_config = ConfigDict(frozen=True)
    question: str
    answer: str
    by: Actor
    at: datetime
    shown: tuple[MeasuredLine, ...] = ()


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
    """One request to decide.

    `evidence` is the board on which people decide; approvals are bound to its digest and to the `round`,
    which is one higher each time that it was replaced by a worse one, so that evidence that comes back
    brings no approval back. `blocked` says why nobody can approve now. `day` is the day of
    the cutover. `conditions` are those of GO with conditions.

    `version` counts the changes. `conclusion` is the outcome of the decision tree, empty while it is
    walked and where there is none. `shown` is what stands beside the open question, None while it is being
    looked up; `checked` is whether the evidence was evaluated since the tree was concluded. These two are
    filled in for a version and leave it as it is. `to_phase` is where the migration goes; `new_day` is the
    date that a NO-GO names, to which the phase is extended. `sent_by` is who had the approvers asked.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    migration: str
    kind: DecisionKind
    status: DecisionStatus
    version: int = 1
    round: int = 1
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
    blocked: tuple[str, ...] = ()
    day: date | None = None
    place: str = ""
    answers: tuple[Answered, ...] = ()
    shown: tuple[MeasuredLine, ...] | None = None
    conclusion: str = ""
    checked: bool = False
    conditions: tuple[str, ...] = ()
    sent_by: Actor | None = None
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
    def what(self) -> str:
        """What it is about, as a sentence goes on: `cutover of clubos`."""
        if self.kind == "cutover":
            return f"cutover of {self.migration}"
        return f"move of {self.migration} from {self.from_phase} to {self.to_phase}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody."""
        return self.status in OPEN_DECISIONS

    @property
    def went(self) -> bool:
        """Whether people said GO, with or without conditions."""
        return self.status in ("go", "go-with-conditions")

    @property
    def askers(self) -> frozenset[str]:
        """Who asks: who requested it, answered the tree's questions, or had the approvers asked.

        They do not approve.
        """
        sent = {self.sent_by.id} if self.sent_by else set()
        return frozenset({self.asked_by.id, *sent, *(one.by.id for one in self.answers)})

    @property
    def standing(self) -> tuple[DecisionApproval, ...]:
        """What people said that is not void."""
        return tuple(one for one in self.approvals if one.counts)

    def approving(self, members: Set[str]) -> tuple[DecisionApproval, ...]:
        """The approvals that count: standing ones, on this evidence, of people who are in the role now."""
        return tuple(
            one
            for one in self.standing
            if one.choice == "approve"
            and one.evidence == self.evidence.digest()
            and one.by.id in members
            and one.by.id not in self.askers
        )

    def count(self) -> str:
        """`1 of 2 approvals`."""
        given = sum(one.choice == "approve" for one in self.standing)
        noun = "approval" if self.needed == 1 else "approvals"
        return f"{given} of {self.needed} {noun}"

    def refuses(self, actor: Actor) -> str:
        """Why this person never decides here, whatever their role; empty when they may."""
        if actor.at_terminal:
            return "Approvals are not given at the terminal"
        if actor.id == self.asked_by.id:
            return f"You asked for the {self.what}, and who asks does not decide"
        if actor.id in self.askers:
            return f"You answered questions of the {self.what}, and who asks does not decide"
        return ""

    def still_undecided(self) -> None:
        """Raises SupersededError, with what has come of it."""
        if not self.is_open:
            raise SupersededError(self.became())

    def still_asked(self, now: datetime) -> None:
        """Raises SupersededError unless the approvers are being asked, RefusedError when its time is over."""
        self.still_undecided()
        if self.status != "approving":
            raise SupersededError("The approvers are not asked yet; see the message as it stands now")
        if now >= self.expires_at:
            raise RefusedError("The time for this request is over", do="It has to be asked for anew")

    def became(self) -> str:
        """What has come of it, and by whom."""
        by = self.ended_by.name if self.ended_by else "Switchback"
        return _BECAME.get(self.status, "It waits for approvals").format(by=by, reason=self.reason)

    def shown_as(self, digest: str, round_: int) -> None:
        """Raises RefusedError for a person who was shown other evidence than what is decided on now."""
        if (digest, round_) != (self.evidence.digest(), self.round):
            raise RefusedError(
                "The evidence is not what you were shown",
                do="Close this, look again at the message in the channel, and decide on what it says now",
            )

    def changed(self, **changes: object) -> "Decision":
        """The next version of it."""
        return self.model_copy(update={**changes, "version": self.version + 1})

    def ended(
        self,
        status: DecisionStatus,
        *,
        by: Actor,
        at: datetime,
        reason: str = "",
        new_day: date | None = None,
    ) -> "Decision":
        """It at its end."""
        return self.changed(status=status, ended_by=by, ended_at=at, reason=reason, new_day=new_day)
