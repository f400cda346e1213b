"""Facts of a cutover that is planned, before its run."""

from datetime import datetime
from typing import ClassVar

from bot.domain.cutover import PlannedCutover
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.facts import Facts


class CutoverFacts(Facts):
    """A cutover before its run, as it stands at `at`, with its checklist; `members` is how a person names
    those who lead it."""

    kind: ClassVar[str] = "cutover"
    cutover: PlannedCutover
    title: str
    plan: str
    checklist: tuple[ScheduledFollowUp, ...]
    members: str
    at: datetime
