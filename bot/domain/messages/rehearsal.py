"""Facts of a rehearsal's message: its record, as far as it is."""

from datetime import datetime
from typing import ClassVar

from bot.domain.messages.facts import Facts
from bot.domain.rehearsal import Rehearsed


class RehearsalFacts(Facts):
    """A rehearsal as it stands at `at`."""

    kind: ClassVar[str] = "rehearsal"
    rehearsal: Rehearsed
    at: datetime
