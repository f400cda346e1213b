"""What a decision's message shows, made of the decision and its playbook."""

from datetime import date

from bot.domain import cutover_walk
from bot.domain.decision import Decision
from bot.domain.gates.board import Board
from bot.domain.messages.decisions import (
    DecisionConclusionFacts,
    DecisionQuestionFacts,
    DecisionRequestFacts,
    EvidenceLine,
    LeaveLine,
    Said,
)
from bot.domain.messages.facts import Facts
from bot.domain.messages.walk import AnswerButton
from bot.domain.playbook.criteria import criterion_id
from bot.domain.playbook.decision import CutoverTree
from bot.domain.playbook.document import Playbook

_DECIDED_LINES = 40


def decision_facts(playbook: Playbook, decision: Decision) -> Facts:
    """The facts of its message as it stands."""
    tree = playbook.decision.cutover
    if decision.status == "asking" and tree is not None and cutover_walk.fits(decision, tree):
        if decision.conclusion:
            return _conclusion(playbook, decision, tree)
        return _question(playbook, decision, tree)
    return request_facts(playbook, decision)


def _question(playbook: Playbook, decision: Decision, tree: CutoverTree) -> DecisionQuestionFacts:
    asked = tree.nodes[decision.place]
    told = _told(decision, tree)
    return DecisionQuestionFacts(
        decision=decision.id,
        version=decision.version,
        migration=decision.migration,
        title=playbook.title,
        day=_day(decision),
        asked_by=decision.asked_by.name,
        asked_at=decision.asked_at,
        number=len(decision.answers) + 1,
        ask=asked.ask,
        answers=tuple(AnswerButton(id=name, text=one.text) for name, one in asked.answers.items()),
        shown=decision.shown if asked.shows else (),
        last_answer=f"{decision.answers[-1].by.name} answered {told[-1]}" if told else "",
    )


def _conclusion(playbook: Playbook, decision: Decision, tree: CutoverTree) -> DecisionConclusionFacts:
    outcome = tree.outcomes[decision.conclusion]
    return DecisionConclusionFacts(
        decision=decision.id,
        version=decision.version,
        migration=decision.migration,
        title=playbook.title,
        day=_day(decision),
        asked_by=decision.asked_by.name,
        asked_at=decision.asked_at,
        verdict=outcome.verdict,
        outcome=outcome.title,
        answers=_told(decision, tree),
        conditions=outcome.conditions,
        advice=outcome.advice or "",
        checked=decision.checked,
        blocked=decision.blocked,
    )


def request_facts(playbook: Playbook, decision: Decision) -> DecisionRequestFacts:
    """What the approvers decide on."""
    role, plan = playbook.roles.get(decision.role), playbook.plans.get(decision.plan_id)
    steps = tuple(step.title for stage in plan.stages for step in stage.steps) if plan else ()
    cutover = decision.kind == "cutover"
    return DecisionRequestFacts(
        decision=decision.id,
        round=decision.round,
        of=decision.kind,
        migration=decision.migration,
        title=playbook.title,
        what=decision.what,
        status=decision.status,
        asked_by=decision.asked_by.name,
        asked_at=decision.asked_at,
        expires_at=decision.expires_at,
        who=f"{decision.role} ({role.described()})" if role else decision.role,
        needed=decision.needed,
        count=decision.count(),
        said=tuple(
            Said(by=one.by.name, at=one.at, choice=one.choice, comment=one.comment, void_why=one.void_why)
            for one in decision.approvals[-_DECIDED_LINES:]
        ),
        evidence=evidence_line(decision.evidence),
        blocked=decision.blocked,
        leaving=() if cutover else _leaving(playbook, decision),
        plan=plan.title if plan else "",
        steps=steps,
        day=decision.day,
        hours=hours(playbook) if cutover else "",
        until=rollback_until(playbook, decision.day),
        risks=playbook.risks if cutover else (),
        conditions=decision.conditions,
        ended_by=decision.ended_by.name if decision.ended_by else "",
        ended_at=decision.ended_at,
        reason=decision.reason,
        new_day=decision.new_day,
    )


def evidence_line(board: Board) -> EvidenceLine:
    """A board in short."""
    return EvidenceLine(
        passing=sum(gate.passes for gate in board.gates),
        gates=len(board.gates),
        digest=board.digest(),
        at=board.at,
        oldest=board.oldest,
    )


def hours(playbook: Playbook) -> str:
    """From the first time of day that the cutover's plan waits for to its assessment, with the zone."""
    cutover = playbook.cutover
    if cutover is None:
        return ""
    plan = playbook.plans.get(cutover.plan)
    steps = (step for stage in plan.stages for step in stage.steps) if plan else ()
    times = (step.with_.get("at") for step in steps if step.uses == "wait-until")
    first = next((time for time in times if isinstance(time, str)), "")
    until = cutover.assessment.at
    return f"{first}-{until} {cutover.zone}" if first else f"until {until} {cutover.zone}"


def rollback_until(playbook: Playbook, day: date | None) -> date | None:
    """The last day of the grace after a cutover on this day; None where none is declared."""
    grace = next((phase for phase in playbook.phases if phase.kind == "grace"), None)
    lasts = grace.lasts if grace else None
    return None if day is None or lasts is None else day + lasts


def _leaving(playbook: Playbook, decision: Decision) -> tuple[LeaveLine, ...]:
    """Each criterion with its target, as the phase that is left declares it."""
    phase = next((one for one in playbook.phases if one.id == decision.from_phase), None)
    targets = {criterion_id(one.criterion): one.target for one in phase.leave_when} if phase else {}
    return tuple(
        LeaveLine(target=targets.get(one.id, one.title), actual=one.reason, state=one.state)
        for gate in decision.evidence.gates
        for one in gate.criteria
    )


def _told(decision: Decision, tree: CutoverTree) -> tuple[str, ...]:
    """The answers as people read them."""
    return tuple(
        f"“{tree.nodes[one.question].answers[one.answer].text}” to “{tree.nodes[one.question].ask}”"
        for one in decision.answers
    )


def _day(decision: Decision) -> date:
    if decision.day is None:
        raise ValueError(f"decision {decision.id} is walked without a day")
    return decision.day
