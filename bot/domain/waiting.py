"""What waits for one person, of whatever kind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

WaitingKind = Literal[
    "start-request",
    "step",
    "question",
    "decision",
    "review",
    "rehearsal",
    "statement",
    "follow-up",
    "assessment",
]
"""Each has its buttons in slack/views/home_buttons.py."""


@dataclass(frozen=True)
class WaitingItem:
    """One thing that waits. `what` is said in words, `detail` is the line below it.

    `id`, `version` and `step` are what its buttons were shown for, `name` what they name. `due` is by when
    it is wanted, `subject` the message that says more. The first of a Home are those with the least `rank`.
    """

    kind: WaitingKind
    migration: str
    what: str
    id: str
    version: int
    step: str = ""
    name: str = ""
    detail: str = ""
    due: datetime | None = None
    subject: str = ""
    rank: int = 0
