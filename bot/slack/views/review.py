"""The review of a run that one person started alone: its message and its modal."""

from bot.domain.messages.review import ReviewFacts
from bot.domain.review import Review
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    MESSAGE_TEXT,
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    headline,
    modal,
    moment,
    section,
    text_input,
)


def review(facts: ReviewFacts) -> Message:
    """What is to be reviewed and why it was done; once it is closed, what was found."""
    found = facts.review
    by = found.broken_by.name
    reason = (
        f"{moment(found.opened_at, '{date_short_pretty} {time}')}, reason: {escape(found.reason, most=2000)}"
    )
    if found.closed_by is not None and found.closed_at is not None:
        head = f"✅ {found.migration}: reviewed by {found.closed_by.name}, that {by} rolled back alone"
        when = moment(found.closed_at, "{date_short_pretty} {time}")
        note = section(f"{when}, found: {escape(found.note, most=2000)}")
        blocks: tuple[Block, ...] = (headline(head), note, context(reason))
        return Message(text=escape(head, most=MESSAGE_TEXT), blocks=blocks)
    head = f"⏳ {found.migration}: {by} rolled back alone, and it has to be reviewed"
    who = f"Anybody else who is {escape(found.role)} can close this."
    done = button(
        "Review done…", action_id=ids.REVIEW_DONE, value=str(ids.Shown(found.id, 1)), style="primary"
    )
    blocks = (headline(head), section(reason), actions([done], block_id="review"), context(who))
    return Message(text=escape(head, most=MESSAGE_TEXT), blocks=blocks)


def review_done(found: Review) -> Block:
    """What the review found."""
    by = escape(found.broken_by.name, most=200)
    blocks = [
        section(f"*{by} rolled {escape(found.migration)} back alone*\n{escape(found.reason, most=2000)}"),
        text_input(block_id="note", label="What you found", multiline=True),
    ]
    return modal(
        callback_id=ids.REVIEW_MODAL,
        title="Review",
        blocks=blocks,
        metadata=str(ids.Shown(found.id, 1)),
        submit="Close the review",
        close="Back",
    )
