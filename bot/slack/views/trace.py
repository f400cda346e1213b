"""What leaves a trace in a channel: changed playbooks, replicas that disagree, where the audit log stands."""

from bot.domain.messages.trace import AuditAnchorFacts, PlaybookChangedFacts, PlaybooksApartFacts
from bot.slack.blocks import (
    MESSAGE_TEXT,
    Message,
    code,
    context,
    counted,
    escape,
    headline,
    moment,
    section,
    sections,
)

_WHEN = "{date_short_pretty} {time}"
_SHORT = 12
"""Characters of a digest by which people tell two from each other."""


def changed(facts: PlaybookChangedFacts) -> Message:
    """How much is different, and each change on a line."""
    count = len(facts.changes)
    what = f"{counted(count, 'change')} of its rules" if count else "its text, and none of its rules"
    head = f"The playbook of {facts.migration} was changed: {what}"
    lines = [f"• {escape(line, most=700)}" for line in facts.changes]
    foot = (
        f"{escape(facts.title, most=200)} · version {facts.number}, loaded {moment(facts.at, _WHEN)} · "
        f"{code(facts.before[:_SHORT])} → {code(facts.after[:_SHORT])}"
    )
    todo = "Who approves something by these rules should know why. What was approved before does not count."
    told = [section(escape(todo))] if count else []
    blocks = (headline(head), *told, *sections(lines), context(foot))
    return Message(text=escape(f"{head}. {' · '.join(facts.changes)}", most=MESSAGE_TEXT), blocks=blocks)


def apart(facts: PlaybooksApartFacts) -> Message:
    """Which replica has which file, and what to do."""
    head = f"❌ {facts.migration}: replicas run with different playbooks"
    todo = "Give all of them the same file and start them again: until then they decide by different rules."
    which = (
        f"{code(facts.replica, 60)} has {code(facts.digest[:_SHORT])}, "
        f"{code(facts.other_replica, 60)} has {code(facts.other_digest[:_SHORT])}"
    )
    blocks = (
        headline(head),
        section(f"{todo}\n{which}"),
        context(f"{escape(facts.title, most=200)} · since {moment(facts.at, _WHEN)} or before"),
    )
    return Message(text=escape(head), blocks=blocks)


def anchor(facts: AuditAnchorFacts) -> Message:
    """The last entry, and how it is checked."""
    head = f"Audit log on {facts.day}: its last entry is number {facts.number}"
    how = f"switchback audit verify --anchor {facts.number}:{facts.digest}"
    blocks = (
        headline(head),
        context(f"Check at any time that the log still goes through this entry: {code(how)}"),
    )
    return Message(text=f"{head}, with the digest {facts.digest}", blocks=blocks)
