"""A cutover from the decision to its end: planned for a day, run, assessed; gone back from, or called off."""

from datetime import UTC, date, datetime, time
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.calendar import moment_of
from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.playbook.cutover import Freeze

CutoverStatus = Literal["planned", "asking", "running", "ran", "assessed", "called-off", "gone-back"]
UNDER_WAY: tuple[CutoverStatus, ...] = ("planned", "asking", "running", "ran")
MIDNIGHT = "00:00"
_MORNING = "09:00"
_IS: dict[CutoverStatus, str] = {
    "planned": "is planned for {day}",
    "asking": "has not begun, and waits for a decision",
    "running": "has begun already",
    "ran": "is done, and waits for its assessment",
    "assessed": "is done and assessed",
    "called-off": "was called off by {by}",
    "gone-back": "was gone back from",
}


class Assessed(BaseModel):
    """How the day went, as a person says it."""

    model_config = ConfigDict(frozen=True)
    by: Actor
    at: datetime
    went_well: bool
    text: str


class PlannedCutover(BaseModel):
    """The cutover that a decision of that id led to. `zone` is that of its day.

    While it is `asking`, `stopped_by` says what has got worse since the decision, and `unsettled` which
    items of the checklist are open: the first stops it, the second is for people to decide.
    `version` counts the changes.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    incident: str
    migration: str
    day: date
    zone: str
    status: CutoverStatus = "planned"
    version: int = 1
    asked_by: Actor
    approved_by: tuple[Actor, ...] = ()
    stopped_by: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    run: str = ""
    assessed: Assessed | None = None
    changed_by: Actor | None = None
    reason: str = ""

    @property
    def subject(self) -> str:
        """What its audit entries are filed under."""
        return f"cutover:{self.id}"

    @property
    def begins_at(self) -> datetime:
        """When its day begins, in UTC."""
        return self.at(self.day, MIDNIGHT)

    def at(self, day: date, clock: str = _MORNING) -> datetime:
        """A time of a day in its zone, in UTC; in the morning where none is given."""
        # A day that the zone never had is taken as UTC has it.
        return moment_of(day, clock, zone=self.zone) or datetime.combine(day, time.fromisoformat(clock), UTC)

    def stands(self) -> str:
        """How it stands, as a sentence goes on: `cutover of ledger is planned for 2026-03-21`."""
        by = self.changed_by.name if self.changed_by else "somebody"
        return f"cutover of {self.migration} {_IS[self.status].format(day=self.day.isoformat(), by=by)}"

    def still(self, *statuses: CutoverStatus, version: int | None = None) -> None:
        """Raises SupersededError, with how it stands, when it is in no such status, or in another version."""
        if self.status not in statuses or version not in (None, self.version):
            raise SupersededError(f"The {self.stands()}")

    def asking(self, *, stopped_by: tuple[str, ...], unsettled: tuple[str, ...]) -> "PlannedCutover":
        """Not begun on its day, with what is in its way."""
        return self._changed("asking", stopped_by=stopped_by, unsettled=unsettled)

    def begun(self, run: str, *, by: Actor, reason: str) -> "PlannedCutover":
        """Running."""
        return self._changed("running", run=run, stopped_by=(), unsettled=(), changed_by=by, reason=reason)

    def put_off(
        self, day: date, *, today: date, freezes: tuple[Freeze, ...], reason: str, by: Actor
    ) -> "PlannedCutover":
        """Planned for another day. Raises RefusedError for a day that is past or frozen, or no reason."""
        if day < today:
            raise RefusedError(f"{day.isoformat()} is past", field="day")
        frozen = next((one for one in freezes if one.first <= day.isoformat() <= one.last), None)
        if frozen is not None:
            raise RefusedError(f"No cutover from {frozen.first} to {frozen.last}: {frozen.why}", field="day")
        return self._changed(
            "planned",
            day=day,
            reason=_given(reason, "Putting a cutover off"),
            changed_by=by,
            stopped_by=(),
            unsettled=(),
        )

    def called_off(self, *, reason: str, by: Actor) -> "PlannedCutover":
        """Called off. Raises RefusedError without a reason."""
        return self._changed("called-off", reason=_given(reason, "Calling a cutover off"), changed_by=by)

    def ran(self) -> "PlannedCutover":
        """Its run is done."""
        return self._changed("ran")

    def judged(self, assessed: Assessed) -> "PlannedCutover":
        """Assessed. Raises RefusedError without a text."""
        _given(assessed.text, "An assessment")
        return self._changed("assessed", assessed=assessed, changed_by=assessed.by)

    def gone_back(self, *, by: Actor, reason: str) -> "PlannedCutover":
        """People are back on legacy."""
        return self._changed("gone-back", changed_by=by, reason=reason)

    def _changed(self, status: CutoverStatus, **changes: object) -> "PlannedCutover":
        return self.model_copy(update={"status": status, **changes})


def _given(text: str, what: str) -> str:
    if not text.strip():
        raise RefusedError(f"{what} takes a reason", field="reason")
    return text.strip()
