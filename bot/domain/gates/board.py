"""The gates as they stand at one moment: each criterion with its state and where the evidence came from."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.playbook.criteria import CriterionKind

CriterionState = Literal["pass", "fail", "expired", "unknown"]
"""Only `pass` passes. `expired` is good evidence that is too old; `unknown` is none that can be read."""
MARKED: Mapping[CriterionState, str] = {
    "pass": "✅ passed",
    "fail": "❌ failed",
    "expired": "❌ expired",
    "unknown": "❔ unknown",
}
"""The mark and the word of each state."""


def told(state: CriterionState, reason: str) -> str:
    """A state with its reason: `❌ failed: 0 of 3 signed`, `❌ expired, 41 days old (limit 30 days)`."""
    return f"❌ {reason}" if reason.startswith(f"{state}, ") else f"{MARKED[state]}: {reason}"


class CriterionResult(BaseModel):
    """One criterion. `as_of` is when its evidence was obtained, and `how` says in words how.

    `reason` is why it is in its state, with the numbers. `missing` are the ids of the people who still have
    to act, where it is settled by people. `evidence` names what it rests on (a reconciliation, a rehearsal,
    statements), so that another piece of evidence makes another digest. `rule` is what the playbook asks for.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    kind: CriterionKind
    title: str
    owner: str
    state: CriterionState
    reason: str
    how: str
    as_of: datetime | None = None
    missing: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    rule: str = ""

    @property
    def passes(self) -> bool:
        """Whether it passes."""
        return self.state == "pass"

    def age_seconds(self, now: datetime) -> int | None:
        """How old its evidence is, in whole seconds; None where there is none."""
        return None if self.as_of is None else max(0, int((now - self.as_of).total_seconds()))


class GateResult(BaseModel):
    """One gate; `since` is since when it has passed, or has not, as evaluations know it."""

    model_config = ConfigDict(frozen=True)
    id: str
    title: str
    owner: str
    criteria: tuple[CriterionResult, ...]
    since: datetime | None = None

    @property
    def passes(self) -> bool:
        """Whether every criterion does."""
        return all(criterion.passes for criterion in self.criteria)


class Board(BaseModel):
    """All gates of a migration at one moment, with the playbook that they were evaluated by."""

    model_config = ConfigDict(frozen=True)
    migration: str
    title: str
    at: datetime
    playbook_digest: str
    gates: tuple[GateResult, ...]

    @property
    def passes(self) -> bool:
        """Whether every gate does; without a gate nothing is known, and it does not."""
        return bool(self.gates) and all(gate.passes for gate in self.gates)

    @property
    def failing(self) -> tuple[GateResult, ...]:
        """The gates that do not pass, in order."""
        return tuple(gate for gate in self.gates if not gate.passes)

    @property
    def oldest(self) -> datetime | None:
        """When the oldest piece of evidence was obtained."""
        return min(
            (one.as_of for gate in self.gates for one in gate.criteria if one.as_of is not None), default=None
        )

    def without(self, gate_id: str) -> "Board":
        """The other gates alone: what stands beside a vote about this one."""
        others = tuple(gate for gate in self.gates if gate.id != gate_id)
        return self.model_copy(update={"gates": others})

    def digest(self) -> str:
        """SHA-256 in hex over the playbook and every criterion's state and evidence; not over ages."""
        content = {
            "migration": self.migration,
            "playbook": self.playbook_digest,
            "gates": [
                [gate.id, [[one.id, one.state, sorted(one.evidence)] for one in gate.criteria]]
                for gate in self.gates
            ],
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def worse(before: Board, now: Board) -> tuple[str, ...]:
    """What is worse now than it was when somebody looked: criteria that passed and do not, or are gone.

    Other rules are worse, too: who approved by one playbook has not approved by another.
    """
    told = []
    if before.playbook_digest != now.playbook_digest:
        told.append("the playbook has changed")
    present = {(gate.id, one.id): one for gate in now.gates for one in gate.criteria}
    for gate in before.gates:
        for one in gate.criteria:
            after = present.get((gate.id, one.id))
            if one.passes and after is None:
                told.append(f"{gate.title}: {one.title} is no longer asked for")
            elif one.passes and after is not None and not after.passes:
                told.append(f"{gate.title}: {one.title}: {after.reason}")
    return tuple(told)
