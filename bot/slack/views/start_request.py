"""A rollback that waits for approvals: its message, the call to who may give them, its modals."""

import json
from datetime import UTC

from bot.domain.messages.start_request import RoleCallFacts, StartRequestFacts
from bot.domain.preview import PlanPreview
from bot.domain.start_request import StartRequest
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    MESSAGE_TEXT,
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    modal,
    moment,
    section,
    text_input,
)
from bot.slack.views.modals import code_input, name_input, what_is_done
from bot.slack.views.preview import plan_preview

# A mention has about 14 characters: so many fit into a paragraph, and so many into a message.
_IN_A_PARAGRAPH = 150
_MOST_CALLED = 450


def requested(facts: StartRequestFacts) -> Message:
    """Who asked, how many have approved, until when; why and what; the three ways on."""
    request = facts.request
    head = f"⏳ {request.migration}: rollback asked for by {request.asked_by.name} · {request.count()}"
    until = f"{request.expires_at.astimezone(UTC):%H:%M} UTC"
    first = facts.verdict.reasons[0] if facts.verdict.reasons else facts.verdict.title
    shown = str(ids.Shown(request.id, facts.version))
    approve = f"Approve rollback of {request.migration}…"
    buttons = [
        button(approve, action_id=ids.APPROVE, value=shown, style="primary"),
        button("Withdraw", action_id=ids.WITHDRAW, value=shown),
        button("Go on alone…", action_id=ids.GO_ON_ALONE, value=shown, style="danger"),
    ]
    blocks = (
        section(f"*{escape(head, most=400)} · valid until {moment(request.expires_at)}*"),
        section(_what_to_do(facts)),
        section(f"{escape(facts.verdict.title, most=300)}: {escape(first, most=500)}"),
        context(f"Severity {facts.severity}" if facts.severity else "Severity unknown"),
        *plan_preview(facts.preview),
        actions(buttons, block_id="start"),
    )
    return Message(text=escape(f"{head} · valid until {until}", most=MESSAGE_TEXT), blocks=blocks)


def _what_to_do(facts: StartRequestFacts) -> str:
    request = facts.request
    missing = request.needed - len(request.approvals)
    more = "another person" if missing == 1 else f"{missing} other people"
    verb = "has" if missing == 1 else "have"
    asker = escape(request.asked_by.name, most=200)
    lines = [
        f"Nothing has started: {more} of {escape(facts.who, most=200)} {verb} to approve it, not {asker}."
    ]
    if request.approvals:
        names = ", ".join(actor.name for actor in request.approved_by)
        lines.append(f"✅ approved by {escape(names, most=400)}")
    if request.dropped:
        names = ", ".join(actor.name for actor in request.dropped)
        lines.append(f"❌ does not count, no longer in the role: {escape(names, most=400)}")
    return "\n".join(lines)


def called(facts: RoleCallFacts) -> Message:
    """A text, and everybody it is for."""
    mentions = [f"<@{person}>" for person in facts.people[:_MOST_CALLED]]
    starts = range(0, len(mentions), _IN_A_PARAGRAPH)
    paragraphs = [section(" ".join(mentions[start : start + _IN_A_PARAGRAPH])) for start in starts]
    left_out = len(facts.people) - len(mentions)
    blocks = [section(escape(facts.text, most=2500)), *paragraphs]
    if left_out:
        blocks.append(context(f"and {left_out} more"))
    return Message(text=escape(facts.text, most=MESSAGE_TEXT), blocks=tuple(blocks))


def approval(request: StartRequest, preview: PlanPreview, title: str, *, with_code: bool = False) -> Block:
    """What is approved, as it was confirmed; the migration's name to be typed, and a code where asked for."""
    last = len(request.approvals) + 1 >= request.needed
    what = "Your approval starts it." if last else "More approvals are needed before it starts."
    asked = f"{escape(request.asked_by.name, most=200)} asked for this {moment(request.asked_at)}"
    blocks = [
        *what_is_done(preview, title),
        section(f"{asked}: {request.count()}. {what}"),
        *_typed(request),
        name_input(preview),
        *([code_input()] if with_code else []),
        context(f"Valid until {moment(request.expires_at)}"),
    ]
    metadata = {"request": request.id, "preview": preview.id, "digest": preview.digest()}
    return modal(
        callback_id=ids.APPROVE_MODAL,
        title="Approve the rollback",
        blocks=blocks,
        metadata=json.dumps(metadata),
        submit="Approve and roll back" if last else "Approve",
        close="Do nothing",
    )


def go_on_alone(
    shown: ids.Shown, request: StartRequest, preview: PlanPreview, title: str, *, with_code: bool = False
) -> Block:
    """What is started without the approvals, and why."""
    told = (
        f"*{request.count()}.* The rollback starts at once. Everybody who is {escape(request.role)} is told, "
        "with your reason, and somebody else has to review it."
    )
    blocks = [
        section(told),
        *what_is_done(preview, title),
        *_typed(request),
        text_input(block_id="reason", label="Why it cannot wait for approvals", multiline=True),
        *([code_input()] if with_code else []),
        context(f"Valid until {moment(request.expires_at)}"),
    ]
    return modal(
        callback_id=ids.GO_ON_ALONE_MODAL,
        title="Go on alone",
        blocks=blocks,
        metadata=str(shown),
        submit="Roll back alone",
        close="Do nothing",
    )


def _typed(request: StartRequest) -> list[Block]:
    """What was typed by who asked, which is filled into the plan."""
    if not request.inputs:
        return []
    return [section(f"Typed: {escape(', '.join(f'{k} {v}' for k, v in request.inputs.items()), most=1500)}")]
