"""What a person states about a criterion of a gate: a signature, or a vote."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.messages.timeline import in_utc
from bot.domain.person import SWITCHBACK, Actor

Choice = Literal["sign", "for", "against", "abstain"]
VOTES: tuple[Choice, ...] = ("for", "against", "abstain")
MOST_OF_A_COMMENT = 500


class Statement(BaseModel):
    """One statement. A person has one standing one for each criterion, or each task of it.

    `gate` is a gate's id, or `phase:ID` for the criteria of leaving a phase; `item` the task it is about,
    empty where there are none. `role` is the role that the person spoke in. `text` is what was signed, as
    it was shown, and `shown` the digest of all that the playbook said about it; `evidence` is the digest
    of the other gates as they were shown beside a vote, empty where none were. One that was withdrawn, or
    that a newer one of the same person has replaced, has ended.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    migration: str
    gate: str
    criterion: str
    item: str = ""
    role: str
    by: Actor
    at: datetime
    choice: Choice
    comment: str = ""
    text: str = ""
    shown: str
    evidence: str = ""
    ended_at: datetime | None = None
    ended_by: Actor | None = None
    ended_why: str = ""

    @property
    def stands(self) -> bool:
        """Whether nobody has ended it."""
        return self.ended_at is None

    @property
    def said(self) -> str:
        """What was done, as a person says it."""
        words = {"sign": "signed", "abstain": "abstained"}
        return words.get(self.choice, f"voted {self.choice}")

    def what_happened(self) -> str:
        """What is told to a person who does the same again, or ends it again."""
        if self.ended_at is None:
            return f"You {self.said} this already, {in_utc(self.at)}, and count once"
        by = self.ended_by.name if self.ended_by else SWITCHBACK.name
        return f"This was {self.said} {in_utc(self.at)} and withdrawn by {by} {in_utc(self.ended_at)}"

    def facts(self) -> dict[str, str]:
        """What the audit log keeps of it."""
        return {
            "migration": self.migration,
            "gate": self.gate,
            "criterion": self.criterion,
            "item": self.item,
            "role": self.role,
            "choice": self.choice,
            "comment": self.comment,
            "text": self.text,
            "shown": self.shown,
            "evidence": self.evidence,
        }
