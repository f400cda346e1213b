"""Plain texts and timeline lines."""

from bot.domain.messages.facts import Plain
from bot.domain.messages.timeline import TimelineFacts
from bot.slack.blocks import MESSAGE_TEXT, Message, clip, escape, moment, section


def plain(facts: Plain) -> Message:
    """A text as it is."""
    text = escape(clip(facts.text, MESSAGE_TEXT))
    return Message(text=text, blocks=(section(text),))


def timeline(facts: TimelineFacts) -> Message:
    """Each line: when, who, what; the person who has to act is mentioned."""
    lines = []
    for entry in facts.entries:
        mention = f" <@{entry.mention}>" if entry.mention else ""
        who = "" if entry.actor == "Switchback" else f"{escape(entry.actor)}: "
        lines.append(f"{moment(entry.at, '{time_secs}')} {who}{escape(clip(entry.text, 700))}{mention}")
    text = "\n".join(f"{entry.actor}: {entry.text}" for entry in facts.entries)
    return Message(text=clip(escape(text), MESSAGE_TEXT), blocks=tuple(section(line) for line in lines))
