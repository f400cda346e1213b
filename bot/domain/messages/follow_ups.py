"""Facts of a follow-up's message."""

from datetime import datetime
from typing import ClassVar

from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.facts import Facts


class FollowUpFacts(Facts):
    """A follow-up as it stands at `at`; `members` is how a person names those in its owner's role."""

    kind: ClassVar[str] = "follow_up"
    follow_up: ScheduledFollowUp
    members: str
    at: datetime
