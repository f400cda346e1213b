"""What becomes of what people said, when the evidence and the role are read again."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from bot.domain.decision import Decision, DecisionApproval
from bot.domain.gates.board import Board, told, worse


@dataclass(frozen=True)
class Weighed:
    """The decision on the evidence as it is now, and what does not count any more, each with why.

    `worse` says what is worse than it was; empty where nothing is. `changed` is whether anything did.
    """

    after: Decision
    voided: tuple[DecisionApproval, ...]
    worse: tuple[str, ...]
    changed: bool


def failing(board: Board) -> tuple[str, ...]:
    """Each criterion that does not pass, with its gate, its state and why."""
    if not board.gates:
        return ("no gate is declared, so there is no evidence",)
    return tuple(
        f"{gate.title}: {one.title}: {told(one.state, one.reason)}"
        for gate in board.failing
        for one in gate.criteria
        if not one.passes
    )


def weighed(
    decision: Decision, now: Board, *, others: Sequence[str] = (), members: Set[str], at: datetime
) -> Weighed:
    """A decision that waits for approvals, on the evidence of now and with the role's people of now.

    `others` are more reasons why nobody can approve. Evidence that is no worse changes nothing: people's
    approvals stay bound to what they saw. Worse evidence makes all that was said void, and takes the old
    one's place. While nobody can approve, nothing stands, and the evidence shown is always the last one.
    """
    blocked = (*failing(now), *others)
    told = worse(decision.evidence, now) or (blocked if not decision.blocked else ())
    changes: dict[str, object] = {}
    if told or (decision.blocked and now.digest() != decision.evidence.digest()):
        changes["evidence"] = now
    if blocked != decision.blocked:
        changes["blocked"] = blocked
    if told:
        changes["round"] = decision.round + 1
        why = f"the evidence is worse: {'; '.join(told)}"
        voided = tuple(_void(one, at, why) for one in decision.standing)
    else:
        gone = f"not {decision.role} any more"
        voided = tuple(_void(one, at, gone) for one in decision.standing if one.by.id not in members)
    by_id = {one.id: one for one in voided}
    if voided:
        changes["approvals"] = tuple(by_id.get(one.id, one) for one in decision.approvals)
    after = decision.changed(**changes) if changes else decision
    return Weighed(after=after, voided=voided, worse=told, changed=bool(changes))


def _void(one: DecisionApproval, at: datetime, why: str) -> DecisionApproval:
    return one.model_copy(update={"void_at": at, "void_why": why})
