"""A criterion that people settle: its message, and the modals that sign, vote and withdraw."""

import json
from collections.abc import Sequence

from bot.domain.gates.board import MARKED, Board, GateResult
from bot.domain.messages.statements import GivenStatement, StatementsFacts
from bot.domain.playbook.criteria import CriterionKind
from bot.domain.statement import Statement
from bot.domain.wanted_statement import AboutCriterion, Wanted
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    MESSAGE_TEXT,
    Block,
    Message,
    actions,
    button,
    choice_input,
    context,
    counted,
    escape,
    headline,
    modal,
    moment,
    section,
    sections,
    text_input,
)

_WHEN = "{date_short_pretty} {time}"
_MOST_NAMED = 50
_MOST_TEXT = 500
_VOTES = (("for", "For"), ("against", "Against"), ("abstain", "Abstain"))


def statements(facts: StatementsFacts) -> Message:
    """How far it is, what is stated, who has and who has not, and the buttons for it."""
    head = _head(facts)
    asker = escape(facts.request.asked_by.name, most=200)
    who = f"{escape(facts.role)} ({escape(facts.members, most=200)})"
    blocks = [
        headline(head),
        section(f"> {escape(facts.text, most=1200)}"),
        *sections([*map(_given, facts.given), *map(_withdrawn, facts.withdrawn)]),
    ]
    if not facts.over:
        blocks += _to_do(facts)
    asked = f"Asked for by {asker} {moment(facts.request.asked_at, _WHEN)} · {who} · as of"
    blocks.append(context(f"{asked} {moment(facts.at, _WHEN)}"))
    return Message(text=escape(head, most=MESSAGE_TEXT), blocks=tuple(blocks))


def criterion_buttons(about: AboutCriterion, kind: CriterionKind, *, ask: bool = True) -> list[Block]:
    """The buttons of a criterion that people settle, to be put beside it anywhere."""
    buttons = [
        button("Vote…" if kind == "vote" else "Sign…", action_id=ids.STATEMENT, value=str(about)),
        button("Withdraw…", action_id=ids.STATEMENT_WITHDRAW, value=str(about)),
    ]
    if ask:
        buttons.append(button("Ask for it", action_id=ids.STATEMENT_ASK, value=str(about)))
    return buttons


def state(
    asked: Wanted, metadata: dict[str, str], *, items: Sequence[tuple[str, str]], board: Board | None
) -> Block:
    """What is signed or voted on, word for word, with what it rests on; and a comment."""
    what = "You vote on this" if asked.is_vote else "You sign this"
    blocks = [
        section(
            f"*{escape(asked.about.migration)}: {escape(asked.gate_title, most=300)}*\n"
            f"{escape(asked.title, most=500)}"
        ),
        section(f"{what} as {escape(asked.role)}:\n> {escape(asked.text, most=1200)}"),
    ]
    if asked.contacts:
        blocks += sections([f"• {escape(line, most=600)}" for line in asked.contacts])
    if asked.is_vote:
        blocks += _evidence(board)
        blocks.append(choice_input(block_id="choice", label="Your vote", options=_VOTES, preselect=False))
    if items:
        blocks += sections([f"• {escape(title, most=600)}" for _, title in items])
        blocks.append(
            choice_input(block_id="item", label="Which task have you done?", options=items, preselect=False)
        )
    blocks += [
        text_input(block_id="comment", label="Comment", multiline=True, optional=True),
        context("You count once. What you are shown here is kept with it; you can withdraw it."),
    ]
    return modal(
        callback_id=ids.STATEMENT_MODAL,
        title="Vote" if asked.is_vote else "Sign off",
        blocks=blocks,
        metadata=json.dumps(metadata),
        submit="Vote" if asked.is_vote else "Sign",
        close="Back",
    )


def told(text: str) -> Block:
    """What a press came to, where there is no channel to say it in; the text is mrkdwn."""
    return modal(
        callback_id=ids.STATEMENT_MODAL,
        title="Switchback",
        blocks=[section(text)],
        metadata="",
        submit=None,
        close="Back",
    )


def withdraw(own: Sequence[Statement], titles: dict[str, str]) -> Block:
    """Which of one's own statements is taken back, and why."""
    options = [(one.id, _own(one, titles)) for one in own]
    blocks = [
        section(
            "It does not count any more then, and the message says so. You may state it anew afterwards."
        ),
        choice_input(block_id="which", label="What do you withdraw?", options=options),
        text_input(block_id="reason", label="Reason", multiline=True),
    ]
    return modal(
        callback_id=ids.STATEMENT_WITHDRAW_MODAL,
        title="Withdraw",
        blocks=blocks,
        metadata="",
        submit="Withdraw it",
        close="Back",
    )


def _head(facts: StatementsFacts) -> str:
    found, request = facts.count, facts.request
    mark = "✅" if found.met else "⏳"
    if facts.is_vote and found.settled and not found.met:
        mark = "❌"
    what = f"{mark} {request.migration}: {'Vote' if facts.is_vote else 'Sign-off'} “{facts.title}”"
    late = ", others were too long ago" if found.ran_out else ""
    over = f" · {facts.over}" if facts.over else ""
    return f"{what} ({facts.gate_title}) · {found.text}{late}{over}"


def _to_do(facts: StatementsFacts) -> list[Block]:
    blocks = []
    if facts.count.missing:
        verb = "to vote" if facts.is_vote else "to sign"
        missing = " ".join(f"<@{person}>" for person in facts.count.missing[:_MOST_NAMED])
        more = len(facts.count.missing) - _MOST_NAMED
        blocks.append(section(f"Still {verb}: {missing}{f' and {more} more' if more > 0 else ''}"))
    kind: CriterionKind = "vote" if facts.is_vote else "sign_off"
    buttons = criterion_buttons(facts.request.about, kind, ask=False)
    if facts.count.missing:
        buttons[0]["style"] = "primary"
    blocks.append(actions(buttons if facts.given else buttons[:1], block_id="statement"))
    return blocks


def _given(given: GivenStatement) -> str:
    one = given.statement
    mark = {"sign": "✅", "for": "✅", "against": "❌", "abstain": "➖"}[one.choice]
    about = f" “{escape(given.item_title, most=200)}”" if given.item_title else ""
    why = f": {escape(one.comment, most=_MOST_TEXT)}" if one.comment else ""
    return f"{mark} {escape(one.by.name, most=200)} {one.said}{about} {moment(one.at, _WHEN)}{why}"


def _withdrawn(one: Statement) -> str:
    when = moment(one.ended_at, _WHEN) if one.ended_at else ""
    who = escape(one.by.name, most=200)
    return f"~{who} {one.said}~ withdrawn {when}: {escape(one.ended_why, most=_MOST_TEXT)}"


def _evidence(board: Board | None) -> list[Block]:
    """The other gates as they were evaluated last."""
    if board is None:
        return [
            section("❔ The other gates have not been evaluated yet: there is nothing to vote on but this.")
        ]
    if not board.gates:
        return []
    lines = [line for gate in board.gates for line in _gate(gate)]
    digest = f"Other gates, evaluated {moment(board.at, _WHEN)} · evidence {board.digest()[:8]}…"
    return [section(f"*{digest}*"), *sections(lines)]


def _gate(gate: GateResult) -> list[str]:
    passing = sum(one.passes for one in gate.criteria)
    of = (
        counted(len(gate.criteria), "criterion")
        if len(gate.criteria) == 1
        else f"{len(gate.criteria)} criteria"
    )
    mark = "✅ passed" if gate.passes else "❌ not passed"
    lines = [f"{mark}: {escape(gate.title, most=200)} ({passing} of {of})"]
    for one in gate.criteria:
        if not one.passes:
            lines.append(
                f"   {MARKED[one.state]}: {escape(one.title, most=200)}: {escape(one.reason, most=300)}"
            )
    return lines


def _own(one: Statement, titles: dict[str, str]) -> str:
    about = titles.get(one.item, "")
    return f"{one.said} {one.at:%Y-%m-%d %H:%M} UTC{f': {about}' if about else ''}"
