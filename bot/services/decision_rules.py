"""By which rules a decision is taken, as the playbook declares them now."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

from bot.domain.decision import Decision, DecisionKind
from bot.domain.playbook.document import Playbook

# How long a request to move to another phase stands: as long as a cutover's by default.
_PHASE_VALID_FOR = timedelta(days=7)


class KeptRules(TypedDict):
    """The fields of a decision that its rules are kept in."""

    role: str
    needed: int
    one_rejection_stops: bool
    second_factor: bool
    plan_id: str


@dataclass(frozen=True)
class Rules:
    """Whose approvals it takes, how many, for what plan, and how long a request is good."""

    kept: KeptRules
    valid_for: timedelta


def declared_rules(playbook: Playbook, kind: DecisionKind) -> Rules | None:
    """The rules for a playbook in its present phase; None where it says nothing of such a decision."""
    if kind == "cutover":
        if playbook.cutover is None:
            return None
        asked = playbook.cutover.approvals
        kept = KeptRules(
            role=asked.role,
            needed=asked.quorum,
            one_rejection_stops=asked.one_rejection_stops,
            second_factor=asked.second_factor,
            plan_id=playbook.cutover.plan,
        )
        return Rules(kept, asked.valid_for)
    phase = playbook.current_phase
    if phase.decided_by is None:
        return None
    kept = KeptRules(
        role=phase.decided_by,
        needed=1,
        one_rejection_stops=True,
        second_factor=False,
        plan_id=phase.forward or "",
    )
    return Rules(kept, _PHASE_VALID_FOR)


def redeclared(decision: Decision, playbook: Playbook, digest: str) -> Decision | None:
    """The decision by the rules of a playbook that has changed; None where these have none for it."""
    if decision.playbook_digest == digest:
        return decision
    rules = declared_rules(playbook, decision.kind)
    if rules is None:
        return None
    return decision.model_copy(update={**rules.kept, "playbook_digest": digest})
