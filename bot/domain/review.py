"""The review of a run that one person started without the approvals that it should have had."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor


class Review(BaseModel):
    """One review: why somebody broke the glass, and what another person of the role found."""

    model_config = ConfigDict(frozen=True)
    id: str
    run: str
    migration: str
    role: str
    broken_by: Actor
    reason: str
    opened_at: datetime
    closed_by: Actor | None = None
    closed_at: datetime | None = None
    note: str = ""

    @property
    def subject(self) -> str:
        """The subject of its message."""
        return f"review:{self.id}"

    def refuses(self, actor: Actor) -> str:
        """Why this person cannot close it, whatever their role; empty when they may."""
        if actor.at_terminal:
            return "A review is not closed at the terminal"
        # By id: a person may go by another name today.
        own = actor.id == self.broken_by.id
        return "You went on alone, and somebody else has to review it" if own else ""

    def still_open(self) -> None:
        """Raises SupersededError, with who closed it."""
        if self.closed_by is not None:
            raise SupersededError(f"{self.closed_by.name} closed this review already: {self.note}")

    def closed(self, *, by: Actor, at: datetime, note: str) -> "Review":
        """With what was found. Raises SupersededError when it is closed, RefusedError without a note."""
        self.still_open()
        if not note.strip():
            raise RefusedError("A review says what was found", field="note")
        return self.model_copy(update={"closed_by": by, "closed_at": at, "note": note.strip()})
