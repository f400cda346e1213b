"""The board of a migration's gates, asked for or reviewed every week."""

from collections.abc import Iterator

from bot.domain.gates.board import Board, CriterionResult, CriterionState, GateResult
from bot.domain.gates.evaluation import Change, Evaluation
from bot.domain.messages.gates import GatesFacts, Reviewed, passing, state_of, verdict, worst_first
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    escape,
    headline,
    moment,
    sections,
)

MARKS: dict[CriterionState, str] = {"pass": "✅", "fail": "❌", "expired": "❌", "unknown": "❔"}
STATES: dict[CriterionState, str] = {
    "pass": "passed",
    "fail": "failed",
    "expired": "expired",
    "unknown": "unknown",
}
DAY = "{date_short_pretty}"
_WHEN = "{date_short_pretty} {time}"
_MOST_PEOPLE = 10
_MOST_EDITS = 8
_MOST_CHANGES = 10
# Characters of the gates' lines, and of each text in them: the first form that fits is taken.
_BOARD_TEXT = 3500
_SHORTER = (600, 150, 60)
# With more gates than this the names on their buttons are cut.
_FEW_GATES = 8
_MOST_REHEARSALS = 3


def gates(facts: GatesFacts) -> Message:
    """The verdict, what is missing of each gate that does not pass, and those that pass on one line."""
    if facts.evaluation is None:
        text = f"⏳ {facts.migration}: evaluating its gates, asked for by {facts.asked_by}"
        return Message(text=escape(text), blocks=(headline(text),))
    board = facts.evaluation.board
    head = _headline(facts, board)
    blocks = [headline(head)]
    if facts.review is not None:
        blocks += sections(list(_since_last(facts.review)), most=1200)
    blocks += sections(*(list(_lines(facts, board, most=most)) for most in _SHORTER), most=_BOARD_TEXT)
    if facts.evaluation.edits:
        blocks += sections(list(_edits(facts.evaluation)), most=1200)
    if facts.review is not None:
        blocks += sections(list(_agenda(facts.review)), most=800)
    blocks += [*_buttons(facts, facts.evaluation), context(_small_print(facts))]
    return Message(text=escape(head), blocks=tuple(blocks))


def people(missing: tuple[str, ...]) -> str:
    """Those who still have to act, mentioned."""
    named = [f"<@{one}>" for one in missing[:_MOST_PEOPLE]]
    more = len(missing) - len(named)
    return ", ".join([*named, *([f"{more} more"] if more > 0 else [])])


def change_line(change: Change) -> str:
    """`✅ now passes: Data parity: Active accounts`."""
    mark, did = ("✅", "now passes") if change.passes else ("❌", "no longer passes")
    why = f": {escape(change.why, most=200)}" if change.why and not change.passes else ""
    return f"{mark} {did}: {escape(change.what, most=300)}{why}"


def _headline(facts: GatesFacts, board: Board) -> str:
    mark = "✅" if board.passes else "❔" if _only_unknown(board) else "❌"
    head = f"{mark} {verdict(board)}"
    if facts.review is not None and facts.review.before is not None:
        head += f" ({facts.review.passed_before} of {facts.review.gates_before} a review ago)"
    if not facts.awaits_cutover:
        return head
    return head if board.passes else f"{head}. Cutover is not possible yet"


def _only_unknown(board: Board) -> bool:
    return all(state_of(gate) == "unknown" for gate in board.failing)


def _lines(facts: GatesFacts, board: Board, *, most: int) -> Iterator[str]:
    for number, gate in worst_first(board):
        if not gate.passes:
            yield from _failing(facts, number, gate, most)
    good = [
        f"✅ {number} {escape(gate.title, most=most)}{_since(gate, 'since')}"
        for number, gate in worst_first(board)
        if gate.passes
    ]
    if good:
        yield " · ".join(good)


def _failing(facts: GatesFacts, number: int, gate: GateResult, most: int) -> Iterator[str]:
    """One line where one criterion is missing, else one for each below the gate's."""
    open_ones = [one for one in gate.criteria if not one.passes]
    name = f"{MARKS[state_of(gate)]} *{number} {escape(gate.title, most=most)}*"
    since = _since(gate, "not passing since")
    if len(open_ones) == 1:
        yield f"{name}: {_open(facts, open_ones[0], most)}{since}"
        return
    yield f"{name}: {len(open_ones)} of {len(gate.criteria)} criteria missing{since}"
    for one in open_ones:
        yield f"      {MARKS[one.state]} {_open(facts, one, most)}"


def _open(facts: GatesFacts, one: CriterionResult, most: int) -> str:
    """What a criterion lacks, who has to act, and who owns it."""
    unknown = "unknown: " if one.state == "unknown" else ""
    text = f"{escape(one.title, most=most)}: {unknown}{escape(one.reason, most=most)}"
    parts = [text]
    if one.missing:
        parts.append(f"missing: {people(one.missing)}")
    parts.append(f"owner {_owner(facts, one.owner)}")
    return " · ".join(parts)


def _owner(facts: GatesFacts, owner: str) -> str:
    described = facts.owners.get(owner)
    return f"{escape(owner)} ({escape(described)})" if described else escape(owner) or "nobody"


def _since(gate: GateResult, word: str) -> str:
    return f" ({word} {moment(gate.since, DAY)})" if gate.since is not None else ""


def _edits(evaluation: Evaluation) -> Iterator[str]:
    """The changes of the playbook that are still said."""
    for edit in evaluation.edits:
        digests = f"{edit.before[:8]} → {edit.now[:8]}"
        yield f"*The playbook changed before {moment(edit.at, _WHEN)}* ({digests})"
        if not edit.told:
            yield "• nothing that a criterion rests on"
        for told in edit.told[:_MOST_EDITS]:
            yield f"• {escape(told, most=400)}"
        if len(edit.told) > _MOST_EDITS:
            yield f"• and {len(edit.told) - _MOST_EDITS} more; `switchback gates` lists all"


def _since_last(review: Reviewed) -> Iterator[str]:
    if review.before is None:
        yield f"Weekly review of {review.day}, the first one."
        return
    yield f"Weekly review of {review.day}. Since {review.before}:"
    if not review.changes:
        yield "nothing passes or fails that did not before"
    for change in review.changes[:_MOST_CHANGES]:
        yield change_line(change)
    if len(review.changes) > _MOST_CHANGES:
        yield f"and {len(review.changes) - _MOST_CHANGES} more"


def _agenda(review: Reviewed) -> Iterator[str]:
    agenda = review.agenda
    yield "*For the validation meeting*"
    named = f" ({escape('; '.join(agenda.named), most=600)})" if agenda.named else ""
    yield f"• Open discrepancies: {agenda.open_discrepancies or 'none'}{named}"
    for decision in agenda.decisions:
        yield f"• Decision due: {escape(decision, most=300)}"
    if not agenda.decisions:
        yield "• Decisions due: none"


def _buttons(facts: GatesFacts, evaluation: Evaluation) -> Iterator[Block]:
    board = evaluation.board
    most = 60 if len(board.gates) <= _FEW_GATES else 24
    details = [
        button(
            f"Details: {clip(f'{number} {gate.title}', most)}",
            action_id=f"{ids.GATE_DETAILS}:{number}",
            value=evaluation.id,
        )
        for number, gate in worst_first(board)
    ]
    yield actions(details, block_id="gate_details")
    others = [
        button("Evaluate again", action_id=ids.GATES_AGAIN, value=board.migration),
        button("History", action_id=ids.GATES_HISTORY, value=board.migration),
    ]
    yield actions([*_rehearsals(facts, board), *others], block_id="gates")


def _rehearsals(facts: GatesFacts, board: Board) -> Iterator[Block]:
    """A button for each plan whose rehearsal is missing; it opens the confirmation."""
    missing = {(gate.id, one.id) for gate in board.gates for one in gate.criteria if not one.passes}
    wanted = {one.plan: one for one in facts.rehearse if (one.gate, one.criterion) in missing}
    for plan, hint in list(wanted.items())[:_MOST_REHEARSALS]:
        yield button(
            f"Rehearse {clip(plan, 25)} in {clip(hint.environment, 25)}…",
            action_id=f"{ids.GATES_REHEARSE}:{plan}",
            value=board.migration,
        )


def _small_print(facts: GatesFacts) -> str:
    board = facts.evaluation.board if facts.evaluation is not None else None
    if board is None:
        return ""
    who = f"asked for by {escape(facts.asked_by)} · " if facts.asked_by else ""
    oldest = f" · oldest evidence {moment(board.oldest, _WHEN)}" if board.oldest is not None else ""
    return (
        f"{who}{passing(board)} of {len(board.gates)} · evaluated {moment(board.at, _WHEN)} · "
        f"evidence {board.digest()[:8]}…{oldest} · playbook {board.playbook_digest[:8]}…"
    )
