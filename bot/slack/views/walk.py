"""A walk's messages: the question, the verdict with its preview, the end."""

from bot.domain.messages.measured import MeasuredLine
from bot.domain.messages.walk import QuestionFacts, VerdictFacts, WalkClosedFacts
from bot.domain.start_request import StartRequest
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    headline,
    moment,
    section,
    sections,
)
from bot.slack.views.preview import plan_preview


def question(facts: QuestionFacts) -> Message:
    """The open question, each measured value with its limit and age, and a button for each answer."""
    walk = facts.walk
    head = f"Rollback of {walk.migration} · question {facts.number}"
    started = f"started by {escape(walk.started_by.name)} {moment(walk.started_at)}"
    shown = str(ids.Shown(walk.id, walk.version))
    buttons = [
        button(answer.text, action_id=f"{ids.ANSWER}:{answer.id}", value=shown) for answer in facts.answers
    ]
    blocks: list[Block] = [context(f"{escape(head)} · {started}"), headline(facts.ask)]
    if facts.measured is None:
        blocks.append(context("⏳ measuring…"))
    elif facts.measured:
        blocks.extend(sections([measured(line) for line in facts.measured]))
    blocks.append(actions(buttons, block_id="answers"))
    beside = [button("Back", action_id=ids.BACK, value=shown)] if walk.answers else []
    beside.append(button("Dry run", action_id=ids.DRY_RUN, value=shown))
    blocks.append(actions(beside, block_id="back"))
    last = f"{escape(facts.last_answer, most=1500)} · " if facts.last_answer else ""
    blocks.append(context(f"{last}You can leave this here; anyone in the role can go on."))
    return Message(text=escape(f"{head}: {facts.ask}"), blocks=tuple(blocks))


def measured(line: MeasuredLine) -> str:
    """A value beside a question, with its mark and its age."""
    mark = {True: "✅ ", False: "❌ ", None: "❔ " if line.unknown else ""}[line.good]
    title, text = escape(line.title, most=600), escape(line.text, most=1000)
    return f"{mark}{title}: {text} · measured {moment(line.at)}"


def verdict(facts: VerdictFacts) -> Message:
    """The verdict first, its reasons, what would be done exactly, and the one next button."""
    if facts.verdict.plan is None:
        return _watch(facts)
    walk, preview = facts.walk, facts.preview
    shown = str(ids.Shown(walk.id, walk.version))
    first = facts.verdict.reasons[0] if facts.verdict.reasons else facts.verdict.title
    head = f"{walk.migration}: {facts.verdict.title}, plan {facts.verdict.plan}: {first}"
    blocks: list[Block] = [headline(head), *_reasons(facts)]
    buttons: list[Block] = []
    if preview is None:
        blocks.append(context(f"⏳ Plan “{escape(facts.plan_title or '')}” is being previewed…"))
    elif facts.expired is not None:
        blocks.append(section(_expired(facts.expired)))
        blocks.extend(plan_preview(preview))
        buttons.append(button("Preview again", action_id=ids.PREVIEW_AGAIN, value=shown, style="primary"))
    else:
        blocks.extend(plan_preview(preview))
        label = f"Roll back {walk.migration}…"
        buttons.append(button(label, action_id=ids.CONFIRM, value=shown, style="danger"))
        buttons.append(button("Preview again", action_id=ids.PREVIEW_AGAIN, value=shown))
    buttons.append(button("Keep watching…", action_id=ids.KEEP_WATCHING, value=shown))
    buttons.append(button("Back", action_id=ids.BACK, value=shown))
    blocks.append(actions(buttons, block_id="verdict"))
    return Message(text=escape(head), blocks=tuple(blocks))


def _expired(request: StartRequest) -> str:
    asked = f"{escape(request.asked_by.name, most=200)} asked for it {moment(request.asked_at)}"
    over = f"ran out {moment(request.expires_at)} with {request.count()}"
    return f"❔ Not approved in time: what {asked} {over}. Preview it again, then ask again."


def _watch(facts: VerdictFacts) -> Message:
    shown = str(ids.Shown(facts.walk.id, facts.walk.version))
    first = f": {facts.verdict.reasons[0]}" if facts.verdict.reasons else ""
    head = f"{facts.walk.migration}: {facts.verdict.title.lower()}{first}"
    blocks: list[Block] = [headline(head), *_reasons(facts)]
    close = (
        button("Keep watching…", action_id=ids.KEEP_WATCHING, value=shown)
        if facts.verdict.contradicted
        else button("Close: keep watching", action_id=ids.CLOSE, value=shown, style="primary")
    )
    buttons = [
        close,
        button("Roll back anyway…", action_id=ids.OVERRULE, value=shown),
        button("Back", action_id=ids.BACK, value=shown),
    ]
    return Message(text=escape(head), blocks=(*blocks, actions(buttons, block_id="verdict")))


def _reasons(facts: VerdictFacts) -> list[Block]:
    """What to do, how bad it is, and the reasons behind the first one."""
    advice = [section(escape(facts.verdict.advice, most=1000))] if facts.verdict.advice else []
    severity = f"Severity {facts.severity}" if facts.severity else "Severity unknown"
    more = [f"• {escape(reason, most=1000)}" for reason in facts.verdict.reasons[1:8]]
    return [*advice, context(severity), *sections(more, most=1500)]


def closed(facts: WalkClosedFacts) -> Message:
    """The end of a walk without a rollback."""
    first = f": {facts.verdict.reasons[0]}" if facts.verdict.reasons else ""
    head = f"{facts.migration}: keep watching{first}"
    who = f"{escape(facts.closed_by)} closed this {moment(facts.closed_at)}"
    again = f"Type `/rollback {facts.migration}` to look again."
    more = [f"• {escape(reason, most=1000)}" for reason in facts.verdict.reasons[1:8]]
    blocks = (headline(head), *sections(more, most=1500), context(f"{who}. {again}"))
    return Message(text=escape(head), blocks=blocks)
