"""Plain texts and timeline lines."""

import re
from datetime import UTC, datetime

from bot.domain.messages.facts import Plain
from bot.domain.messages.timeline import IN_UTC, TimelineEntry, TimelineFacts
from bot.domain.person import SWITCHBACK
from bot.slack.blocks import LISTED_TEXT, MESSAGE_TEXT, Message, escape, moment, sections

# Of listed people; a user group is one.
MOST_CALLED = 10
# A time in the reader's zone is longer than one in UTC: with more of them in a line, 20 lines that are told
# together would not fit into a message.
_MOST_TIMES = 4


def plain(facts: Plain) -> Message:
    """A text as it is."""
    paragraphs = [escape(line, most=2500) for line in facts.text.splitlines()]
    return Message(text=escape(facts.text, most=MESSAGE_TEXT), blocks=tuple(sections(paragraphs)))


def timeline(facts: TimelineFacts) -> Message:
    """Each line: when, who, what; those who have to act are mentioned. No line is left out."""
    room = min(1500, LISTED_TEXT // len(facts.entries))
    text = "\n".join(f"{entry.actor}: {entry.text}" for entry in facts.entries)
    lines = [_line(entry, room=room) for entry in facts.entries]
    return Message(text=escape(text, most=MESSAGE_TEXT), blocks=tuple(sections(lines, most=2 * LISTED_TEXT)))


def _line(entry: TimelineEntry, *, room: int) -> str:
    called = [*([entry.mention] if entry.mention else []), *entry.role[:MOST_CALLED]]
    calls = "".join(f" {mention(one)}" for one in called)
    who = "" if entry.actor == SWITCHBACK.name else f"{escape(entry.actor, most=100)}: "
    return f"{moment(entry.at, '{time_secs}')} {who}{_said(entry.text, room)}{calls}"


def _said(text: str, room: int) -> str:
    """A line's text, with times in the reader's zone."""
    return IN_UTC.sub(_local, escape(text, most=room), count=_MOST_TIMES)


def _local(written: re.Match[str]) -> str:
    try:
        at = datetime.strptime(written[1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        # Somebody typed what only looks like a time.
        return written[0]
    return moment(at, "{date_short_pretty} {time}")


def mention(called: str) -> str:
    """What calls a user group or a person, by their id."""
    return f"<!subteam^{called}>" if called.startswith("S") else f"<@{called}>"
