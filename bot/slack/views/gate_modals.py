"""A gate with the evidence of each criterion, and the history of evaluations."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.domain.errors import UnknownNameError
from bot.domain.gates.board import CriterionResult, GateResult
from bot.domain.gates.evaluation import Evaluation
from bot.domain.gates.words import age
from bot.domain.messages.gates import passing, state_of
from bot.domain.playbook.criteria import BY_PEOPLE
from bot.domain.wanted_statement import AboutCriterion
from bot.slack import action_ids as ids
from bot.slack.blocks import Block, actions, context, divider, escape, modal, moment, section, sections
from bot.slack.views.gates import DAY, MARKS, STATES, change_line, people
from bot.slack.views.statements import criterion_buttons

_WHEN = "{date_short_pretty} {time}"
_HISTORY_TEXT = 40_000


def details(evaluation: Evaluation, number: int) -> Block:
    """One gate as it was evaluated, by its number. Raises UnknownNameError for one that it did not have."""
    board = evaluation.board
    if not 1 <= number <= len(board.gates):
        raise UnknownNameError("gate", str(number), [one.id for one in board.gates])
    gate = board.gates[number - 1]
    blocks = [
        section(_head(gate)),
        context(f"evaluated {moment(board.at, _WHEN)}, {escape(evaluation.cause)}"),
    ]
    for one in gate.criteria:
        blocks += [divider(), section("\n".join(_criterion(one, evaluation)))]
        if one.kind in BY_PEOPLE:
            about = AboutCriterion(board.migration, gate.id, one.id)
            blocks.append(actions(criterion_buttons(about, one.kind), block_id=f"people:{one.id}"))
    return modal(
        callback_id=ids.GATES_MODAL,
        title="Gate",
        blocks=blocks,
        metadata=board.migration,
        submit=None,
        close="Back",
    )


def history(migration: str, evaluations: Sequence[Evaluation]) -> Block:
    """The latest evaluations: when, how many gates passed, what for, and what had changed."""
    lines = [line for one in evaluations for line in _evaluation(one)]
    blocks = sections(lines, most=_HISTORY_TEXT) or [section("The gates have not been evaluated yet.")]
    return modal(
        callback_id=ids.GATES_MODAL,
        title="History of the gates",
        blocks=[section(f"*{escape(migration)}*, the latest first"), *blocks],
        metadata=migration,
        submit=None,
        close="Back",
    )


def _head(gate: GateResult) -> str:
    passed = sum(one.passes for one in gate.criteria)
    since = f", since {moment(gate.since, DAY)}" if gate.since is not None else ""
    does = "passes" if gate.passes else "does not pass"
    criteria = "1 criterion" if len(gate.criteria) == 1 else f"{len(gate.criteria)} criteria"
    return f"{MARKS[state_of(gate)]} *{escape(gate.title)}* {does}{since}: {passed} of {criteria}"


def _criterion(one: CriterionResult, evaluation: Evaluation) -> Iterator[str]:
    yield f"{MARKS[one.state]} *{escape(one.title, most=500)}*: {STATES[one.state]}"
    yield escape(one.reason, most=1200)
    seconds = one.age_seconds(evaluation.board.at)
    if one.as_of is None or seconds is None:
        yield f"Evidence: none · {escape(one.how, most=300)}".removesuffix(" · ")
    else:
        old = age(timedelta(seconds=seconds))
        yield f"Evidence: {escape(one.how, most=300)} · {old} old, of {moment(one.as_of, _WHEN)}"
    if one.missing:
        yield f"Missing: {people(one.missing)}"
    yield f"Owner: {escape(one.owner) or 'nobody'}"


def _evaluation(one: Evaluation) -> Iterator[str]:
    board = one.board
    mark = "✅" if board.passes else "❌"
    passed = f"{passing(board)} of {len(board.gates)} passed"
    yield f"{mark} {moment(board.at, _WHEN)}: {passed} · {escape(one.cause, most=150)}"
    for change in one.changes:
        yield f"      {change_line(change)}"
    if one.edited is not None:
        told = "; ".join(one.edited.told) or "nothing that a criterion rests on"
        yield f"      the playbook had changed: {escape(told, most=1000)}"
