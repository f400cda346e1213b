"""A criterion as it is asked for at one moment, and the results that it can have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.gates.board import CriterionResult, CriterionState
from bot.domain.gates.rules import rule_of
from bot.domain.gates.titles import title_of
from bot.domain.gates.words import too_old
from bot.domain.playbook.criteria import Criterion, criterion_id, kind_of
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.gates import Gate
from bot.domain.playbook.phases import Phase
from bot.domain.wanted_statement import leaving


@dataclass(frozen=True)
class Asked:
    """`gate` is a gate's id, or `phase:ID` for what leaving a phase needs; `rule` is what is declared."""

    gate: str
    criterion: Criterion
    title: str
    owner: str
    rule: str
    now: datetime

    @property
    def id(self) -> str:
        """The criterion's id."""
        return criterion_id(self.criterion)

    def unknown(self, why: str, *, how: str = "") -> CriterionResult:
        """There is no evidence that can be read."""
        return self._result("unknown", why, how=how)

    def settled(
        self,
        holds: bool,
        reason: str,
        *,
        how: str,
        as_of: datetime | None,
        allowed: timedelta | None,
        evidence: Iterable[str] = (),
        missing: Iterable[str] = (),
    ) -> CriterionResult:
        """By evidence of `as_of`. What holds and is older than is `allowed` has expired."""
        state: CriterionState = "pass" if holds else "fail"
        old = timedelta() if as_of is None else self.now - as_of
        if holds and allowed is not None and old > allowed:
            state, reason = "expired", f"expired, {too_old(old, allowed)}: {reason}"
        return self._result(state, reason, how=how, as_of=as_of, evidence=evidence, missing=missing)

    def fails(self, reason: str, *, how: str) -> CriterionResult:
        """There is nothing that could hold, and that is known."""
        return self._result("fail", reason, how=how)

    def _result(
        self,
        state: CriterionState,
        reason: str,
        *,
        how: str,
        as_of: datetime | None = None,
        evidence: Iterable[str] = (),
        missing: Iterable[str] = (),
    ) -> CriterionResult:
        return CriterionResult(
            id=self.id,
            kind=kind_of(self.criterion),
            title=self.title,
            owner=self.owner,
            state=state,
            reason=reason,
            how=how,
            as_of=as_of,
            missing=tuple(sorted(missing)),
            evidence=tuple(sorted(evidence)),
            rule=self.rule,
        )


def asked_by_gate(playbook: Playbook, gate: Gate, now: datetime) -> Iterator[Asked]:
    """The criteria of a gate, in order."""
    for criterion in gate.criteria:
        yield Asked(
            gate=gate.id,
            criterion=criterion,
            title=title_of(playbook, criterion),
            owner=gate.owner_of(criterion),
            rule=rule_of(playbook, criterion),
            now=now,
        )


def phase_owner(phase: Phase) -> str:
    """Who owns leaving a phase: who decides it, else who may roll back in it; empty where nobody is named."""
    right = phase.rollback
    return phase.decided_by or ("" if isinstance(right, str) else right.role)


def asked_by_phase(playbook: Playbook, phase: Phase, now: datetime) -> Iterator[Asked]:
    """The criteria for leaving a phase, in order; each is called by its target."""
    for one in phase.leave_when:
        yield Asked(
            gate=leaving(phase.id),
            criterion=one.criterion,
            title=one.target,
            owner=one.criterion.owner or phase_owner(phase),
            rule=rule_of(playbook, one.criterion),
            now=now,
        )
