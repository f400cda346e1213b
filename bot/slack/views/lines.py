"""Plain texts and timeline lines."""

from bot.domain.messages.facts import Plain
from bot.domain.messages.timeline import TimelineEntry, TimelineFacts
from bot.domain.person import SWITCHBACK
from bot.slack.blocks import LISTED_TEXT, MESSAGE_TEXT, Message, escape, moment, sections


def plain(facts: Plain) -> Message:
    """A text as it is."""
    paragraphs = [escape(line, most=2500) for line in facts.text.splitlines()]
    return Message(text=escape(facts.text, most=MESSAGE_TEXT), blocks=tuple(sections(paragraphs)))


def timeline(facts: TimelineFacts) -> Message:
    """Each line: when, who, what; the person who has to act is mentioned. No line is left out."""
    room = min(1500, LISTED_TEXT // len(facts.entries))
    text = "\n".join(f"{entry.actor}: {entry.text}" for entry in facts.entries)
    lines = [_line(entry, room=room) for entry in facts.entries]
    return Message(text=escape(text, most=MESSAGE_TEXT), blocks=tuple(sections(lines, most=2 * LISTED_TEXT)))


def _line(entry: TimelineEntry, *, room: int) -> str:
    mention = f" <@{entry.mention}>" if entry.mention else ""
    who = "" if entry.actor == SWITCHBACK.name else f"{escape(entry.actor, most=100)}: "
    return f"{moment(entry.at, '{time_secs}')} {who}{escape(entry.text, most=room)}{mention}"
