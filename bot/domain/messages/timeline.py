"""Entries of an incident's timeline."""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from bot.domain.messages.facts import Facts


class TimelineEntry(BaseModel):
    """One line: when, who, what happened. `mention` is the id of a person who has to act now."""

    model_config = ConfigDict(frozen=True)
    at: datetime
    actor: str
    text: str
    mention: str = ""


class TimelineFacts(Facts):
    """Lines that are told together, in order."""

    kind: ClassVar[str] = "timeline"
    entries: tuple[TimelineEntry, ...]
