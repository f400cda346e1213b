"""Entries of an incident's timeline."""

import re
from datetime import UTC, datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from bot.domain.messages.facts import Facts

IN_UTC = re.compile(r"\b(\d{4}-\d\d-\d\d \d\d:\d\d) UTC\b")
"""A time inside a line's text, as `in_utc` writes it."""


def in_utc(at: datetime) -> str:
    """A time inside a line's text, to the minute: `2026-03-14 07:12 UTC`. Slack's readers see it in
    their zone."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


class TimelineEntry(BaseModel):
    """One line: when, who, what happened. `mention` is the id of a person who has to act now, `role` the
    ids of those of whom somebody has to: a user group, or people."""

    model_config = ConfigDict(frozen=True)
    at: datetime
    actor: str
    text: str
    mention: str = ""
    role: tuple[str, ...] = ()


class TimelineFacts(Facts):
    """Lines that are told together, in order."""

    kind: ClassVar[str] = "timeline"
    entries: tuple[TimelineEntry, ...]
