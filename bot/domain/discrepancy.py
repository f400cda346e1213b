"""A discrepancy: one thing that a check finds wrong, from the day it is seen until it is fixed.

It is known by its migration, its check and a name, and lives on under them from day to day.
"""

from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.explanation import Category, Ended, Explanation, Owner
from bot.domain.extent import Extent
from bot.domain.messages.timeline import in_utc
from bot.domain.person import SWITCHBACK, Actor

DiscrepancyStatus = Literal["new", "explained", "accepted", "fixed", "came_back"]
STATUSES: dict[DiscrepancyStatus, str] = {
    "new": "new",
    "came_back": "came back",
    "explained": "explained",
    "accepted": "accepted",
    "fixed": "fixed",
}
"""Every status and how it is said, the one that needs somebody most first."""

WHOLE = ""
"""The name of a discrepancy that is its check's as a whole."""
LONGEST_ACCEPTANCE = timedelta(days=365)
LONGEST_TEXT = 2000
"""Characters of what a person says."""


class Discrepancy(BaseModel):
    """One entry of the register.

    `text` is how it looked when it was seen last, and `extent` how much was wrong: of one thing, or of the
    rows that are not named one by one. `role` is the role that owns the check, `owner` whom it was given to.
    `opened_at` is when its present life began, `days` on how many days it was seen, `returns` how often it
    came back. `explanation` is the one that holds, `earlier` the last one that no longer does.
    `version` counts changes of state: seeing it once more is none. `change` says the last one.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    migration: str
    check: str
    name: str
    role: str
    text: str
    extent: Extent = Extent()
    status: DiscrepancyStatus = "new"
    version: int = 1
    first_seen: datetime
    opened_at: datetime
    last_seen: datetime
    last_day: date
    days: int = 1
    returns: int = 0
    seen_in: str = ""
    explanation: Explanation | None = None
    earlier: Explanation | None = None
    owner: Owner | None = None
    changed_by: Actor = SWITCHBACK
    changed_at: datetime
    change: str = "was found"

    @property
    def subject(self) -> str:
        """The subject of its audit entries."""
        return f"discrepancy:{self.id}"

    @property
    def title(self) -> str:
        """What it is called beside its check."""
        return self.name if self.name != WHOLE else "the check as a whole"

    @property
    def present(self) -> bool:
        """Whether it was there when its check was done last."""
        return self.status != "fixed"

    @property
    def open(self) -> bool:
        """Whether it is there and nobody has said why it may be."""
        return self.status in ("new", "came_back")

    @property
    def category(self) -> Category | None:
        """Of what kind it is, or was said to be before."""
        said = self.explanation or self.earlier
        return said.category if said else None

    def as_of(self, day: date) -> "Discrepancy":
        """The same on a day: an acceptance that is over does not hold, seen by a check or not."""
        held = self.explanation
        if self.status != "accepted" or held is None or held.until is None or day <= held.until:
            return self
        return self._reopened_by(
            SWITCHBACK, self.changed_at, "lapsed", f"is open again: it was accepted until {held.until}"
        )

    def explained(
        self, category: Category, text: str, *, version: int, by: Actor, at: datetime
    ) -> "Discrepancy":
        """Explained from now on, as it was shown in `version`.

        Raises SupersededError when it is no longer as it was shown, RefusedError without a text.
        """
        self.still(version)
        require_text(text, "An explanation takes a text")
        return self._settled("explained", self._said(text, category, by, at), "is explained")

    def accepted(
        self,
        until: date,
        text: str,
        *,
        category: Category | None,
        today: date,
        version: int,
        by: Actor,
        at: datetime,
    ) -> "Discrepancy":
        """Accepted to the end of a day, as it was shown in `version`.

        Raises SupersededError when it is no longer as it was shown; RefusedError without a reason, and for
        a day that is past or more than a year ahead.
        """
        self.still(version)
        require_text(text, "Accepting a discrepancy takes a reason")
        if not today <= until <= today + LONGEST_ACCEPTANCE:
            raise RefusedError("It is accepted until a day from today on, by 365 days at most", field="until")
        said = self._said(text, category or self.category, by, at).model_copy(update={"until": until})
        return self._settled("accepted", said, f"is accepted until {until}")

    def reopened(self, text: str, *, version: int, by: Actor, at: datetime) -> "Discrepancy":
        """Open again, as it was shown in `version`.

        Raises SupersededError when it is no longer as it was shown, RefusedError when it is neither
        explained nor accepted, or there is no reason.
        """
        self.still(version)
        if self.explanation is None:
            raise RefusedError(f"“{self.title}” is {STATUSES[self.status]}: there is nothing to reopen")
        require_text(text, "Reopening a discrepancy takes a reason")
        return self._reopened_by(by, at, "reopened", f"is open again: {text.strip()}")

    def assigned(self, owner: Owner, *, version: int, by: Actor, at: datetime) -> "Discrepancy":
        """Given to a person or a role, as it was shown in `version`.

        Raises SupersededError when it is no longer as it was shown.
        """
        self.still(version)
        return self.changed({"owner": owner}, by=by, at=at, change=f"is assigned to {owner.name}")

    def still(self, version: int) -> None:
        """Raises SupersededError unless it is there, and as it was shown in `version`."""
        if version != self.version or not self.present:
            raise SupersededError(self.what_happened())

    def what_happened(self) -> str:
        """What a person is told who comes after the last change."""
        who = "A reconciliation" if self.changed_by == SWITCHBACK else self.changed_by.name
        what = f"“{self.title}” of {self.check}"
        return f"{who} came first, {in_utc(self.changed_at)}: {what} {self.change}"

    def changed(self, changes: dict[str, object], *, by: Actor, at: datetime, change: str) -> "Discrepancy":
        """The same with these fields, in a new version."""
        more = {"version": self.version + 1, "changed_by": by, "changed_at": at, "change": change}
        return self.model_copy(update={**changes, **more})

    def without_explanation(self, why: Ended) -> dict[str, object]:
        """The fields of one whose explanation no longer holds; it stays visible."""
        over = self.explanation
        if over is None:
            return {}
        return {"explanation": None, "earlier": over.model_copy(update={"ended": why})}

    def _said(self, text: str, category: Category | None, by: Actor, at: datetime) -> Explanation:
        said = {"by": by, "at": at, "text": text.strip(), "category": category}
        return Explanation.model_validate({**said, "looked": self.text, "extent": self.extent})

    def _settled(self, status: DiscrepancyStatus, said: Explanation, change: str) -> "Discrepancy":
        before = self.without_explanation("replaced")
        changes: dict[str, object] = {**before, "status": status, "explanation": said}
        return self.changed(changes, by=said.by, at=said.at, change=f"{change}: {said.text}")

    def _reopened_by(self, by: Actor, at: datetime, why: Ended, change: str) -> "Discrepancy":
        status: DiscrepancyStatus = "came_back" if self.returns else "new"
        return self.changed({**self.without_explanation(why), "status": status}, by=by, at=at, change=change)


def require_text(text: str, what: str) -> None:
    """Raises RefusedError for no text, or one of more than 2,000 characters."""
    if not text.strip():
        raise RefusedError(what, field="text")
    if len(text) > LONGEST_TEXT:
        raise RefusedError(f"A text has at most {LONGEST_TEXT:,} characters", field="text")
