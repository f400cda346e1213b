"""The gates of a migration, filled with any text."""

from datetime import date, timedelta

from bot.domain.gates.board import Board, CriterionResult, CriterionState, GateResult
from bot.domain.gates.evaluation import Change, Evaluation, PlaybookChange
from bot.domain.gates.review import Agenda
from bot.domain.messages.gates import GatesFacts, RehearseHint, Reviewed
from tests.unit.domain.ledger import NOW

NAME_OF_60 = "a" * 60


def criterion(
    text: str, state: CriterionState = "fail", *, number: int = 1, missing: tuple[str, ...] = ()
) -> CriterionResult:
    """A criterion in a state."""
    return CriterionResult(
        id=f"{number}-{NAME_OF_60}"[:60],
        kind="sign_off",
        title=text,
        owner="data-lead",
        state=state,
        reason=text,
        how=text,
        as_of=NOW - timedelta(days=2),
        missing=missing,
        evidence=("one",),
        rule="{}",
    )


def board(*gates: tuple[str, tuple[CriterionResult, ...]], text: str = "clubos") -> Board:
    """A board of gates, each with its title and criteria."""
    return Board(
        migration=text[:60] if text == "clubos" else NAME_OF_60,
        title=text,
        at=NOW,
        playbook_digest="d" * 64,
        gates=tuple(
            GateResult(id=f"gate-{n}", title=title, owner="data-lead", criteria=criteria, since=NOW)
            for n, (title, criteria) in enumerate(gates, start=1)
        ),
    )


def largest(text: str) -> Evaluation:
    """As many gates and criteria as there can be, none of which passes, by a playbook that has changed."""
    each = tuple(criterion(text, number=number) for number in range(20))
    told = tuple(f"changed: {text}" for _ in range(20))
    changes = tuple(Change(passes=False, what=text, why=text) for _ in range(40))
    edit = PlaybookChange(at=NOW, before="1" * 64, now="2" * 64, told=told)
    return Evaluation(
        id="0190a3c7e1f24b0aa1b2c3d4e5",
        cause=f"asked for by {text}",
        board=board(*[(text, each)] * 20, text=text),
        changes=changes,
        edits=(edit, edit),
    )


def shown(
    evaluation: Evaluation | None, *, review: Reviewed | None = None, text: str = "Kim", hint: bool = False
) -> GatesFacts:
    """The facts of a message."""
    hints = ()
    if hint and evaluation is not None:
        hints = tuple(
            RehearseHint(gate=gate.id, criterion=one.id, plan="immediate", environment="staging")
            for gate in evaluation.board.gates
            for one in gate.criteria
        )
    return GatesFacts(
        migration=evaluation.board.migration if evaluation is not None else "clubos",
        asked_by=text,
        at=NOW,
        evaluation=evaluation,
        owners={"data-lead": "@data-leads"},
        rehearse=hints,
        review=review,
    )


def reviewed(text: str) -> Reviewed:
    """A review with all that it can tell."""
    return Reviewed(
        day=date(2026, 3, 9),
        before=date(2026, 3, 2),
        passed_before=3,
        gates_before=5,
        changes=tuple(Change(passes=bool(n % 2), what=text, why=text) for n in range(40)),
        agenda=Agenda(open_discrepancies=12_000, named=(text,) * 5, decisions=(text, text)),
    )


def one_gate(text: str) -> Evaluation:
    """A gate of one criterion that passes."""
    return Evaluation(id="e", cause=text, board=board((text, (criterion(text, "pass"),)), text=text))
