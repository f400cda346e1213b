"""What the approvers decide on: its message, while it waits and at its end."""

from bot.domain.cutover_day import said_day
from bot.domain.gates.board import MARKED
from bot.domain.messages.decisions import DecisionRequestFacts, LeaveLine, Said
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    MESSAGE_TEXT,
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    counted,
    escape,
    headline,
    moment,
    section,
    sections,
    table,
)

_WHEN = "{date_short_pretty} {time}"
_MOST_STEPS = 10
_MOST_BLOCKED = 5
# Plan, risks, conditions and what was said share the room of one message.
_LISTED = 2000
_MOST_RISKS = 8
_ENDS = {
    "go": "✅ GO",
    "go-with-conditions": "✅ GO with conditions",
    "no-go": "❌ NO-GO",
    "withdrawn": "Withdrawn",
    "expired": "❌ Not decided in time",
    "outdated": "Closed",
}


def request(facts: DecisionRequestFacts) -> Message:
    """What is asked, by whom, and how far it is; what it rests on; what would be done, and the risks."""
    head = _head(facts)
    blocks: list[Block] = [headline(head), section("\n".join([_evidence(facts), *_when(facts)]))]
    if facts.status == "approving":
        blocks.append(section(_what_to_do(facts)))
    elif facts.reason:
        blocks.append(section(_reason(facts)))
    blocks.extend(_said(facts))
    if facts.leaving:
        blocks.append(_criteria(facts.leaving))
    blocks.extend(_listed("Conditions", [escape(one, most=300) for one in facts.conditions]))
    if facts.status == "approving":
        blocks.append(actions(_buttons(facts), block_id="decision"))
        blocks.extend(_listed(f"Plan “{escape(facts.plan, most=200)}”", _steps(facts)) if facts.plan else [])
        blocks.extend(_listed("Risks", _risks(facts)))
        blocks.append(context(f"Valid until {moment(facts.expires_at, _WHEN)}"))
    return Message(text=escape(head, most=MESSAGE_TEXT), blocks=tuple(blocks))


def _head(facts: DecisionRequestFacts) -> str:
    if facts.status in _ENDS:
        by = f", {facts.ended_by}" if facts.ended_by and facts.status in ("no-go", "withdrawn") else ""
        return f"{_ENDS[facts.status]}: {facts.what}{by} · {facts.count}"
    mark = "❌" if facts.blocked else "⏳"
    return f"{mark} Approve the {facts.what}? Asked by {facts.asked_by} · {facts.count}"


def _evidence(facts: DecisionRequestFacts) -> str:
    """How many gates pass, the digest's beginning, and how old the oldest piece of evidence is."""
    line = facts.evidence
    oldest = f", oldest of {moment(line.oldest, '{date_short_pretty}')}" if line.oldest else ""
    shown = f"evidence `{line.digest[:8]}` of {moment(line.at, _WHEN)}{oldest}"
    if facts.of == "cutover":
        return f"{line.passing} of {counted(line.gates, 'gate')} pass ({shown})"
    holding = sum(one.state == "pass" for one in facts.leaving)
    return f"{holding} of {len(facts.leaving)} criteria for leaving hold ({shown})"


def _when(facts: DecisionRequestFacts) -> list[str]:
    plan = f"plan “{escape(facts.plan, most=200)}”, {counted(len(facts.steps), 'step')}"
    lines = [plan] if facts.plan else []
    if facts.day is not None:
        lines.append(f"{said_day(facts.day)}, {escape(facts.hours, most=200)}")
    if facts.until is not None:
        lines.append(f"rollback possible until {said_day(facts.until)}")
    return lines


def _what_to_do(facts: DecisionRequestFacts) -> str:
    if facts.blocked:
        failing = "\n".join(f"• {escape(one, most=400)}" for one in facts.blocked[:_MOST_BLOCKED])
        more = len(facts.blocked) - _MOST_BLOCKED
        folded = f"\n… and {more} more" if more > 0 else ""
        return f"*It cannot be approved while:*\n{failing}{folded}"
    who, asker = escape(facts.who, most=200), escape(facts.asked_by, most=200)
    people = "One person" if facts.needed == 1 else f"{facts.needed} people"
    verb = "has" if facts.needed == 1 else "have"
    return f"Nothing is decided yet: {people} of {who} {verb} to approve it, not {asker}."


def _reason(facts: DecisionRequestFacts) -> str:
    until = f"\nThe phase goes on until {said_day(facts.new_day)}." if facts.new_day else ""
    return f"{escape(facts.reason, most=2000)}{until}"


def _said(facts: DecisionRequestFacts) -> list[Block]:
    """What each person said, and whether it counts."""
    return sections([_one(one) for one in facts.said], most=_LISTED) if facts.said else []


def _one(said: Said) -> str:
    by, when = escape(said.by, most=200), moment(said.at, _WHEN)
    did = "approved" if said.choice == "approve" else "rejected"
    comment = f": {escape(said.comment, most=500)}" if said.comment else ""
    if said.void_why:
        return f"{by} {did} {when}, does not count: {escape(said.void_why, most=500)}"
    return f"{'✅' if said.choice == 'approve' else '❌'} {did} by {by} {when}{comment}"


def _criteria(leaving: tuple[LeaveLine, ...]) -> Block:
    head = ("Target", "Actual", "Status")
    most = max(40, _LISTED // len(leaving))
    rows = [(clip(one.target, most), clip(one.actual, most), MARKED[one.state]) for one in leaving]
    return table([head, *rows], wrapped=1)


def _buttons(facts: DecisionRequestFacts) -> list[Block]:
    shown = str(ids.Shown(facts.decision, facts.round))
    approve = button(f"Approve {facts.what}…", action_id=ids.DECISION_APPROVE, value=shown, style="primary")
    beside = [
        button("Reject…", action_id=ids.DECISION_REJECT, value=shown),
        button("Ask a question", action_id=ids.DECISION_QUESTION, value=shown),
        button("Evidence", action_id=ids.DECISION_EVIDENCE, value=shown),
        button("Withdraw", action_id=ids.DECISION_WITHDRAW, value=shown),
    ]
    return beside if facts.blocked else [approve, *beside]


def _steps(facts: DecisionRequestFacts) -> list[str]:
    lines = [f"{number}. {escape(one, most=150)}" for number, one in enumerate(facts.steps[:_MOST_STEPS], 1)]
    more = len(facts.steps) - _MOST_STEPS
    return [*lines, f"… and {counted(more, 'more step')}"] if more > 0 else lines


def _risks(facts: DecisionRequestFacts) -> list[str]:
    lines = [
        f"• {escape(one.risk, most=150)} ({one.likelihood}): {escape(one.impact, most=100)}; "
        f"{escape(one.mitigation, most=150)}"
        for one in facts.risks[:_MOST_RISKS]
    ]
    more = len(facts.risks) - _MOST_RISKS
    return [*lines, f"… and {more} more"] if more > 0 else lines


def _listed(title: str, lines: list[str]) -> list[Block]:
    return sections([f"*{title}*", *lines], most=_LISTED) if lines else []
