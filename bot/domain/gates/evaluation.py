"""One evaluation of the gates, against the one before it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from bot.domain.gates.board import Board, CriterionResult, GateResult
from bot.domain.gates.rules import rule_changes

SAID_FOR = timedelta(days=7)
"""For so long every board says that the playbook has changed: somebody else may have looked first."""
MOST_EDITS = 10
"""Changes of the playbook that a board says, the last ones: replicas with two files make many."""


class PlaybookChange(BaseModel):
    """The gates were evaluated by another playbook than the time before; `told` is what that did to them."""

    model_config = ConfigDict(frozen=True)
    at: datetime
    before: str
    now: str
    told: tuple[str, ...]


class Change(BaseModel):
    """A gate or a criterion that passes, or no longer passes, since the evaluation before."""

    model_config = ConfigDict(frozen=True)
    passes: bool
    what: str
    why: str = ""


class Evaluation(BaseModel):
    """An evaluation as it is kept. `cause` says what it was made for; `changes` are those since the one
    before; `edits` are the changes of the playbook that are still said.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    cause: str
    board: Board
    changes: tuple[Change, ...] = ()
    edits: tuple[PlaybookChange, ...] = ()

    @property
    def edited(self) -> PlaybookChange | None:
        """What was another playbook in this evaluation; None where it was the same."""
        return next((one for one in self.edits if one.at == self.board.at), None)


def evaluated(before: Evaluation | None, board: Board, *, evaluation_id: str, cause: str) -> Evaluation:
    """The evaluation that comes after another one: since when each gate is as it is, and what is new."""
    if before is None:
        gates = tuple(gate.model_copy(update={"since": board.at}) for gate in board.gates)
        board = board.model_copy(update={"gates": gates})
        return Evaluation(id=evaluation_id, cause=cause, board=board)
    known = {gate.id: gate for gate in before.board.gates}
    board = board.model_copy(
        update={"gates": tuple(_since(known.get(g.id), g, board.at) for g in board.gates)}
    )
    edits = tuple(one for one in before.edits if board.at - one.at < SAID_FOR)
    if before.board.playbook_digest != board.playbook_digest:
        edits += (
            PlaybookChange(
                at=board.at,
                before=before.board.playbook_digest,
                now=board.playbook_digest,
                told=tuple(rules_changed(before.board, board)),
            ),
        )
    edits = edits[-MOST_EDITS:]
    changes = tuple(changed(before.board, board))
    return Evaluation(id=evaluation_id, cause=cause, board=board, changes=changes, edits=edits)


def changed(before: Board, now: Board) -> Iterator[Change]:
    """The criteria that pass and did not, or the other way round; those that are new or gone are another's.

    What is worse comes first.
    """
    known = _criteria(before)
    both = [(title, known[key][1], one) for key, (title, one) in _criteria(now).items() if key in known]
    for wanted in (False, True):
        for title, was, one in both:
            if one.passes is wanted and was.passes is not wanted:
                yield Change(passes=wanted, what=f"{title}: {one.title}", why=one.reason)


def rules_changed(before: Board, now: Board) -> Iterator[str]:
    """What another playbook asks for otherwise than the one before."""
    old, new = _criteria(before), _criteria(now)
    for key, (title, one) in old.items():
        if key not in new:
            yield f"removed: {title}: {one.title}"
    for key, (title, one) in new.items():
        if key not in old:
            yield f"added: {title}: {one.title}"
        elif told := rule_changes(old[key][1].rule, one.rule):
            yield f"changed: {title}: {one.title}: {told}"


Key = tuple[str, str]


def _criteria(board: Board) -> dict[Key, tuple[str, CriterionResult]]:
    return {(gate.id, one.id): (gate.title, one) for gate in board.gates for one in gate.criteria}


def _since(was: GateResult | None, now: GateResult, at: datetime) -> GateResult:
    same = was is not None and was.passes == now.passes
    return now.model_copy(update={"since": was.since if same and was is not None else at})
