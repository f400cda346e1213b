"""Modals of a decision: approve, reject, ask, look at the evidence, record a NO-GO."""

import json

from bot.domain.cutover_day import said_day
from bot.domain.decision import Decision
from bot.domain.decision_facts import request_facts
from bot.domain.gates.board import MARKED, CriterionResult, GateResult
from bot.domain.playbook.document import Playbook
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    context,
    counted,
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
_MOST_EVIDENCE = 40_000


def approve(playbook: Playbook, decision: Decision) -> Block:
    """What is approved, with its evidence, plan, conditions and risks; the name to be typed."""
    facts = request_facts(playbook, decision)
    line = facts.evidence
    on = f" on {said_day(facts.day)}, {escape(facts.hours, most=200)}" if facts.day else ""
    told = [
        f"*Approve the {escape(facts.what)}*{on}",
        f"Asked by {escape(facts.asked_by, most=200)} {moment(facts.asked_at, _WHEN)} · {facts.count}",
        f"Evidence `{line.digest[:8]}` of {moment(line.at, _WHEN)}: "
        f"{line.passing} of {counted(line.gates, 'gate')} pass",
    ]
    if facts.until:
        told.append(f"A rollback is possible until {said_day(facts.until)}")
    blocks: list[Block] = [section("\n".join(told))]
    blocks.extend(sections([_gate(gate) for gate in decision.evidence.gates]))
    if facts.steps:
        steps = [f"{number}. {escape(one, most=200)}" for number, one in enumerate(facts.steps, 1)]
        blocks.extend(sections([f"*Plan “{escape(facts.plan, most=200)}”*", *steps]))
    if facts.conditions:
        blocks.extend(sections(["*Conditions*", *(f"• {escape(one, most=500)}" for one in facts.conditions)]))
    if facts.risks:
        risks = [f"• {escape(one.risk, most=300)}: {escape(one.mitigation, most=300)}" for one in facts.risks]
        blocks.extend(sections(["*Risks*", *risks]))
    name = decision.migration
    blocks.append(text_input(block_id="name", label=f"Type {name} to approve", placeholder=name))
    blocks.append(_optional(text_input(block_id="comment", label="Comment", multiline=True)))
    if decision.second_factor:
        blocks.append(code_input())
    metadata = {"decision": decision.id, "round": decision.round, "digest": decision.evidence.digest()}
    return modal(
        callback_id=ids.DECISION_APPROVE_MODAL,
        title="Approve",
        blocks=blocks,
        metadata=json.dumps(metadata),
        submit="Approve",
        close="Do nothing",
    )


def code_input() -> Block:
    """The six digits that only the person has."""
    hint = "Six digits from your authenticator; each is good once"
    return text_input(block_id="code", label="Code", hint=hint, placeholder="123456")


def reject(decision: Decision) -> Block:
    """Why not, and until when the phase goes on."""
    told = (
        f"*Reject the {escape(decision.what)}*\nThat is NO-GO: everybody is told, with your reason."
        if decision.one_rejection_stops
        else f"*Reject the {escape(decision.what)}*\nIt is counted and shown; it does not stop it by itself."
    )
    blocks = [section(told), text_input(block_id="reason", label="Reason", multiline=True)]
    if decision.one_rejection_stops:
        blocks.append(
            date_input(block_id="day", label="New date, to which the phase is extended", optional=True)
        )
    return modal(
        callback_id=ids.DECISION_REJECT_MODAL,
        title="Reject",
        blocks=blocks,
        metadata=str(ids.Shown(decision.id, decision.round)),
        submit="Reject",
        close="Back",
    )


def no_go(playbook: Playbook, decision: Decision) -> Block:
    """The NO-GO that the answers led to: why, and until when the phase goes on."""
    tree = playbook.decision.cutover
    outcome = tree.outcomes[decision.conclusion].title if tree else ""
    blocks = [
        section(f"*NO-GO for the {escape(decision.what)}*\n{escape(outcome, most=500)}"),
        text_input(block_id="reason", label="Reason", multiline=True),
        date_input(block_id="day", label="New date, to which the phase is extended"),
    ]
    return modal(
        callback_id=ids.DECISION_NO_GO_MODAL,
        title="Record NO-GO",
        blocks=blocks,
        metadata=str(ids.Shown(decision.id, decision.version)),
        submit="Record NO-GO",
        close="Back",
    )


def question(decision: Decision) -> Block:
    """A question to whoever asked."""
    by = escape(decision.asked_by.name, most=200)
    blocks = [
        section(f"{by} is asked in the thread; nothing else changes."),
        text_input(block_id="question", label="Question", multiline=True),
    ]
    return modal(
        callback_id=ids.DECISION_QUESTION_MODAL,
        title="Ask a question",
        blocks=blocks,
        metadata=str(ids.Shown(decision.id, decision.round)),
        submit="Ask",
        close="Back",
    )


def evidence(decision: Decision) -> Block:
    """Every gate with every criterion: its state, why, and how the evidence was obtained."""
    board = decision.evidence
    blocks: list[Block] = [
        headline(f"Evidence for the {decision.what}"),
        context(f"evaluated {moment(board.at, _WHEN)} · digest `{board.digest()}`"),
    ]
    lines = [line for gate in board.gates for line in (_gate(gate), *map(_criterion, gate.criteria))]
    blocks.extend(sections(lines or ["No gate is declared"], most=_MOST_EVIDENCE))
    return modal(
        callback_id="evidence", title="Evidence", blocks=blocks, metadata="", submit=None, close="Close"
    )


def _gate(gate: GateResult) -> str:
    mark = "✅ passed" if gate.passes else "❌ does not pass"
    return f"{mark}: *{escape(gate.title, most=300)}* · owner {escape(gate.owner)}"


def _criterion(one: CriterionResult) -> str:
    at = f" · {moment(one.as_of, _WHEN)}" if one.as_of else ""
    told = f"{escape(one.title, most=300)}: {escape(one.reason, most=500)}"
    return f"    {MARKED[one.state]}: {told}{at} · {escape(one.how, most=300)}"


def _optional(block: Block) -> Block:
    return {**block, "optional": True}
