"""A start request: a rollback that one person confirmed, and that waits for other people's approvals.

It is bound to one preview and is over when that is. Approvals count distinct people who have the role
when they are counted; who asked is not one of them.
"""

from collections.abc import Set
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.typed_name import must_be_typed

RequestStatus = Literal["open", "started", "alone", "withdrawn", "expired", "outdated"]


class Approval(BaseModel):
    """One person's approval of exactly what the request is bound to."""

    model_config = ConfigDict(frozen=True)
    by: Actor
    at: datetime


class StartRequest(BaseModel):
    """One request. `needed` is the quorum; `dropped` are people who approved and then lost the role.

    `started` ends it with the quorum, `alone` by breaking the glass, `outdated` when its walk was closed.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    walk: str
    migration: str
    environment: str
    preview: str
    digest: str
    inputs: dict[str, str] = Field(default_factory=dict)
    role: str
    needed: int
    asked_by: Actor
    asked_at: datetime
    expires_at: datetime
    status: RequestStatus = "open"
    approvals: tuple[Approval, ...] = ()
    dropped: tuple[Actor, ...] = ()
    ended_by: Actor | None = None
    ended_at: datetime | None = None

    @property
    def approved_by(self) -> tuple[Actor, ...]:
        """The people whose approvals count."""
        return tuple(approval.by for approval in self.approvals)

    @property
    def met(self) -> bool:
        """Whether enough people have approved."""
        return len(self.approvals) >= self.needed

    def count(self) -> str:
        """`1 of 2 approvals`."""
        return f"{len(self.approvals)} of {self.needed} approvals"

    def refuses(self, actor: Actor) -> str:
        """Why this person's approval is never taken, whatever their role; empty when it may be."""
        if actor.at_terminal:
            return "Approvals are not given at the terminal"
        # By id: a person may go by another name today.
        own = actor.id == self.asked_by.id
        return "You asked for this rollback, and who asks does not approve" if own else ""

    def still_open(self, now: datetime) -> None:
        """Raises SupersededError, with who ended it, and RefusedError when its time is over."""
        self.still_undecided()
        if now >= self.expires_at:
            what = f"What {self.asked_by.name} asked for was valid for 10 minutes, and they are over"
            raise RefusedError(what, do="Press “Preview again” in the channel, and ask again")

    def still_undecided(self) -> None:
        """Raises SupersededError, with who ended it."""
        if self.status != "open":
            raise SupersededError(self.became())

    def still_fits(self, playbook: Playbook) -> None:
        """Raises RefusedError when the playbook asks for other approvals by now."""
        if (playbook.rollback_role, playbook.rollback_quorum) != (self.role, self.needed):
            what = "The playbook has changed who has to approve since this was asked for"
            raise RefusedError(what, do="Withdraw it and ask again")

    def fits(self, preview: str, digest: str, typed: str) -> None:
        """Raises RefusedError for a wrong name, and for another preview than the one it is bound to."""
        must_be_typed(self.migration, typed)
        if (preview, digest) != (self.preview, self.digest):
            raise RefusedError(
                "What would be done is not what you were shown",
                field="name",
                do="Close this and look at the message in the channel again",
            )

    def approved(self, approval: Approval, members: Set[str]) -> "StartRequest":
        """With one more approval, and without those of people who are not `members` of the role any more.

        Raises SupersededError for one who approved already, RefusedError when who asked has lost the role.
        """
        if self.asked_by.id not in members:
            what = f"{self.asked_by.name}, who asked for this, is not {self.role} any more"
            raise RefusedError(what, field="name", do="Withdraw it and ask for it yourself")
        staying = tuple(given for given in self.approvals if given.by.id in members)
        if any(given.by.id == approval.by.id for given in staying):
            raise SupersededError(f"You approved this already, and count once: {self.count()}")
        gone = tuple(by for by in self.approved_by if by.id not in members)
        back = tuple(actor for actor in self.dropped if actor.id != approval.by.id)
        return self.model_copy(update={"approvals": (*staying, approval), "dropped": (*back, *gone)})

    def ended(self, status: RequestStatus, *, by: Actor, at: datetime) -> "StartRequest":
        """The request at its end."""
        return self.model_copy(update={"status": status, "ended_by": by, "ended_at": at})

    def became(self) -> str:
        """What has come of it, and by whom."""
        by = self.ended_by.name if self.ended_by else "Switchback"
        match self.status:
            case "started":
                return f"{by} approved this already, and the rollback was started"
            case "alone":
                return f"{by} went on alone already: the rollback was started"
            case "withdrawn":
                return f"{by} withdrew this already"
            case "expired":
                return "This was not approved within its 10 minutes; preview again and ask again"
            case _:
                return "This walk has been closed; see the message as it stands now"
