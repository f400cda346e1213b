"""A planned cutover's message with its checklist, the modals of its day, and the assessment's."""

from bot.domain.cutover import PlannedCutover
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.cutover import CutoverFacts
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    MESSAGE_TEXT,
    Block,
    Message,
    Style,
    actions,
    button,
    choice_input,
    clip,
    context,
    date_input,
    escape,
    headline,
    modal,
    moment,
    section,
    sections,
    text_input,
)

_WHEN = "{date_short_pretty} {time}"
WELL, PROBLEMS = "well", "problems"
# Of one reason why it has not begun.
_REASON = 250


def planned(facts: CutoverFacts) -> Message:
    """Its day, what is in its way, the checklist, and what may be decided."""
    head = _head(facts)
    one = facts.cutover
    blocks = [headline(head)]
    if one.status in ("planned", "asking"):
        blocks.append(section(_what_to_do(facts)))
        stopped = (
            [f"❌ {escape(why, most=_REASON)}" for why in one.stopped_by] if len(one.stopped_by) > 1 else []
        )
        blocks += sections([*stopped, *(_item(item) for item in facts.checklist)])
        blocks.append(actions(_ways(one), block_id="cutover_day"))
    if one.reason and one.changed_by is not None:
        blocks.append(context(f"{escape(one.changed_by.name, most=200)}: {escape(one.reason, most=1500)}"))
    return Message(text=escape(head, most=MESSAGE_TEXT), blocks=tuple(blocks))


def begin_anyway(one: PlannedCutover) -> Block:
    """The items that are open, and why it begins all the same."""
    listed = "\n".join(f"❌ {escape(title, most=300)}" for title in one.unsettled)
    text = f"*The cutover of {one.migration} begins at once*, although this is not done:\n{listed}"
    return _of(one, "anyway", "Begin all the same", "Begin the cutover", [section(text), _reason()])


def put_off(one: PlannedCutover) -> Block:
    """Another day, and why."""
    blocks = [
        section(f"The cutover of {one.migration} is planned for {one.day.isoformat()} ({one.zone})."),
        date_input(block_id="day", label="New day", initial=one.day),
        _reason(),
        context("The gates are evaluated again when that day begins."),
    ]
    return _of(one, "put_off", "Put the cutover off", "Put it off", blocks)


def call_off(one: PlannedCutover) -> Block:
    """Why it is called off."""
    blocks = [section("Another cutover takes a new request and new approvals."), _reason()]
    return _of(one, "call_off", "Call the cutover off", "Call it off", blocks)


def assess(item: ScheduledFollowUp) -> Block:
    """How the day went."""
    went = ((WELL, "It went well"), (PROBLEMS, "It went with problems"))
    blocks = [
        section(f"*{escape(item.title, most=300)}* of {item.migration}. The grace period begins with this."),
        choice_input(block_id="went", label="How did the day go?", options=went),
        text_input(block_id="reason", label="Outcome", multiline=True),
        context("To go back to legacy instead, close this and use the rollback."),
    ]
    return modal(
        callback_id=ids.ASSESS_MODAL,
        title="Assess the cutover",
        blocks=blocks,
        metadata=item.id,
        submit="Keep assessment",
        close="Back",
    )


def _head(facts: CutoverFacts) -> str:
    one = facts.cutover
    what = f"{one.migration} cutover"
    match one.status:
        case "planned":
            done = sum(item.status == "done" for item in facts.checklist)
            settled = f" · {done} of {len(facts.checklist)} of the checklist done" if facts.checklist else ""
            return f"⏳ {what} on {one.day.isoformat()} ({one.zone}){settled}"
        case "asking":
            first = clip(one.stopped_by[0], _REASON) if one.stopped_by else "the checklist is not settled"
            more = f" (and {len(one.stopped_by) - 1} more)" if len(one.stopped_by) > 1 else ""
            return f"❌ {what} has not begun: {first}{more}"
        case "called-off":
            return f"❌ {what} was called off by {one.changed_by.name if one.changed_by else ''}"
    return f"⏳ {what}"


def _what_to_do(facts: CutoverFacts) -> str:
    one, plan = facts.cutover, escape(facts.plan, most=300)
    who = escape(facts.members, most=200)
    if one.status == "planned":
        return f"Plan “{plan}” begins {moment(one.begins_at, _WHEN)}, if the gates are not worse by then."
    if one.stopped_by:
        return f"{who} decide: it begins when nothing of this stands in its way, or on another day."
    return f"{who} decide: begin all the same with a reason, or on another day."


def _ways(one: PlannedCutover) -> list[Block]:
    def way(what: str, text: str, style: Style | None = None) -> Block:
        shown = str(ids.Shown(one.id, one.version))
        return button(text, action_id=f"{ids.CUTOVER_DAY}:{what}", value=shown, style=style)

    ways = []
    if one.status == "asking":
        ways.append(way("again", "Check again and begin", "primary"))
        if one.unsettled and not one.stopped_by:
            ways.append(way("anyway", "Begin all the same…", "danger"))
    return [*ways, way("put_off", "Put off to another day…"), way("call_off", "Call off…", "danger")]


def _item(item: ScheduledFollowUp) -> str:
    mark = {"done": "✅", "open": "◻︎"}.get(item.status, "⏭")
    by = f" · done by {escape(item.changed_by.name, most=100)}" if item.changed_by else ""
    state = by if item.status == "done" else f" · by {moment(item.due, _WHEN)}"
    return f"{mark} {escape(item.title, most=200)} ({escape(item.owner)}){state}"


def _reason() -> Block:
    return text_input(block_id="reason", label="Reason", multiline=True)


def _of(one: PlannedCutover, what: str, title: str, submit: str, blocks: list[Block]) -> Block:
    return modal(
        callback_id=f"{ids.CUTOVER_DAY_MODAL}:{what}",
        title=title,
        blocks=blocks,
        metadata=str(ids.Shown(one.id, one.version)),
        submit=submit,
        close="Back",
    )
