"""A follow-up of a run, or an item of a cutover: open until somebody has done it, and moved when it has to
wait."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.messages.timeline import in_utc
from bot.domain.person import Actor
from bot.domain.playbook.follow_ups import LONGEST

FollowUpStatus = Literal["open", "done", "dropped"]
FollowUpKind = Literal["follow-up", "checklist", "assessment", "afterwards"]
"""After a rollback; before the cutover, at the end of its day, after it."""


class ScheduledFollowUp(BaseModel):
    """One follow-up of one run, or one item of the cutover that a decision led to. `name`, `title` and
    `owner` (a role) are those of the playbook when it was planned.

    It is dropped when nothing is left to be done. `version` counts what people decided about it; `reminded`
    how often people were told that it is due.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    incident: str
    run: str = ""
    decision: str = ""
    kind: FollowUpKind = "follow-up"
    migration: str
    name: str
    title: str
    owner: str
    due: datetime
    status: FollowUpStatus = "open"
    version: int = 1
    reminded: int = 0
    changed_by: Actor | None = None
    changed_at: datetime | None = None
    reason: str = ""

    @property
    def subject(self) -> str:
        """The subject of its message and of its audit entries."""
        return f"follow-up:{self.id}"

    def late(self, now: datetime) -> timedelta:
        """How long it has been due and is not done; zero or less when it is not due yet, or done."""
        return now - self.due if self.status == "open" else timedelta()

    def done(self, *, by: Actor, at: datetime) -> "ScheduledFollowUp":
        """Done, by whom and when. Raises SupersededError when it is done already."""
        self._still_open()
        return self._changed({"status": "done", "reason": ""}, by=by, at=at)

    def moved(
        self, later: timedelta, *, version: int, reason: str, by: Actor, at: datetime
    ) -> "ScheduledFollowUp":
        """Due `later` than it was, or than now where that is past.

        Raises SupersededError when it is done, or was moved since it was shown in this version, and
        RefusedError for no reason, or a time that is not within a year.
        """
        self._still_open()
        if version != self.version:
            raise SupersededError(self.what_happened())
        if not reason.strip():
            raise RefusedError("Moving a follow-up takes a reason", field="reason")
        if not timedelta() < later <= LONGEST:
            raise RefusedError("A follow-up is moved to a later time, by 365d at most", field="by")
        due = max(self.due, at) + later
        return self._changed({"due": due, "reason": reason.strip()}, by=by, at=at)

    def dropped(self, *, why: str, by: Actor, at: datetime) -> "ScheduledFollowUp":
        """Not to be done any more, and why. Raises SupersededError when it is done or dropped."""
        self._still_open()
        return self._changed({"status": "dropped", "reason": why}, by=by, at=at)

    def what_happened(self) -> str:
        """What the person is told who came after the one that changed it last."""
        if self.changed_by is None:
            return f"“{self.title}” is as it was planned"
        if self.status == "done":
            return f"{self.changed_by.name} marked “{self.title}” as done already"
        if self.status == "dropped":
            return f"“{self.title}” is not to be done any more: {self.reason}"
        return f"{self.changed_by.name} moved “{self.title}” already, to {in_utc(self.due)}: {self.reason}"

    def _still_open(self) -> None:
        if self.status != "open":
            raise SupersededError(self.what_happened())

    def _changed(self, changes: dict[str, object], *, by: Actor, at: datetime) -> "ScheduledFollowUp":
        more = {"version": self.version + 1, "changed_by": by, "changed_at": at}
        return self.model_copy(update={**changes, **more})
