"""A follow-up's message, the modal that moves it, and its line in the status."""

from datetime import timedelta

from bot.domain.follow_up import FollowUpKind, ScheduledFollowUp
from bot.domain.messages.follow_ups import FollowUpFacts
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    choice_input,
    context,
    counted,
    escape,
    modal,
    moment,
    section,
    text_input,
)

# By how much it may be moved in Slack: durations as a playbook writes them, and as they are read.
LATER = (("1h", "1 hour later"), ("4h", "4 hours later"), ("1d", "1 day later"), ("1w", "1 week later"))
_WHEN = "{date_short_pretty} {time}"
_TO_DO: dict[FollowUpKind, str] = {
    "follow-up": "to follow up",
    "checklist": "before the cutover",
    "assessment": "to be assessed",
    "afterwards": "after the cutover",
}


def follow_up(facts: FollowUpFacts) -> Message:
    """What is due and since when, its owner, and the two ways out of it."""
    one = facts.follow_up
    what = f"{one.migration}: {one.title}"
    state = _state(facts)
    mark = {"done": "✅", "dropped": "◻︎"}.get(one.status, "⏳")
    blocks = [section(f"{mark} *{escape(what, most=600)}* {state}")]
    if one.status == "open":
        owner = f"{escape(one.owner)} ({escape(facts.members)})"
        how = "Press “Done” when it is done, or move it with a reason."
        if one.kind == "assessment":
            how = "Say how the day went; then the grace period begins."
        blocks += [section(f"Owner: {owner}. {how}"), actions(_ways(one), block_id="follow_up")]
        if one.reason and one.changed_by:
            who = escape(one.changed_by.name, most=200)
            blocks.append(context(f"Moved by {who}: {escape(one.reason, most=1500)}"))
    return Message(text=f"{mark} {escape(what)} {state}", blocks=tuple(blocks))


def _ways(one: ScheduledFollowUp) -> list[Block]:
    shown = str(ids.Shown(one.id, one.version))
    if one.kind == "assessment":
        return [button("Assess the cutover…", action_id=ids.ASSESS, value=shown, style="primary")]
    return [
        button(f"Done: {one.title}", action_id=ids.FOLLOW_UP_DONE, value=shown, style="primary"),
        button("Move…", action_id=ids.FOLLOW_UP_MOVE, value=shown),
    ]


def move(one: ScheduledFollowUp) -> Block:
    """By how much it is moved, and why."""
    blocks = [
        section(
            f"*{escape(one.title, most=600)}* is due {moment(one.due, _WHEN)}. "
            "Your reason is written into the timeline."
        ),
        choice_input(block_id="by", label="When is it due then?", options=LATER),
        context("Counted from when it is due, or from now when that is past."),
        text_input(block_id="reason", label="Reason", multiline=True),
    ]
    return modal(
        callback_id=ids.FOLLOW_UP_MOVE_MODAL,
        title="Move the follow-up",
        blocks=blocks,
        metadata=str(ids.Shown(one.id, one.version)),
        submit="Move it",
        close="Back",
    )


def in_short(one: ScheduledFollowUp) -> str:
    """One line of the status."""
    return f"⏳ {_TO_DO[one.kind]}: {escape(one.title)} ({escape(one.owner)}), due {moment(one.due, _WHEN)}"


def _state(facts: FollowUpFacts) -> str:
    one = facts.follow_up
    if one.status == "done" and one.changed_by and one.changed_at:
        by = escape(one.changed_by.name, most=200)
        return f"was done by {by} {moment(one.changed_at, _WHEN)}"
    if one.status == "dropped":
        return f"is not to be done any more: {escape(one.reason, most=500)}"
    late = one.late(facts.at)
    if late < timedelta():
        return f"is due {moment(one.due, _WHEN)}"
    return f"is due since {moment(one.due, _WHEN)}{_lateness(late)}"


def _lateness(late: timedelta) -> str:
    """How late it is in whole days or hours; nothing below an hour."""
    hours = late // timedelta(hours=1)
    if hours == 0:
        return ""
    return f", {counted(hours, 'hour') if hours < 24 else counted(hours // 24, 'day')} late"
