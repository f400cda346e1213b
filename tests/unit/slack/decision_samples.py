"""Decisions filled with any text, at their usual and at their largest size."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.domain.decision import Decision, DecisionApproval
from bot.domain.gates.board import Board, CriterionResult, CriterionState, GateResult
from bot.domain.messages.decisions import (
    DecisionConclusionFacts,
    DecisionQuestionFacts,
    DecisionRequestFacts,
    EvidenceLine,
    LeaveLine,
    Said,
)
from bot.domain.messages.facts import Facts
from bot.domain.messages.measured import MeasuredLine
from bot.domain.messages.walk import AnswerButton
from bot.domain.person import Actor
from bot.domain.playbook.cutover import Risk
from bot.domain.playbook.document import Playbook
from bot.slack.blocks import Block
from bot.slack.views import decision_modals as views
from tests.unit.domain.ledger import NOW, TREE, Node, document

NAME = "a" * 60
DAY = date(2026, 3, 28)
STATES: tuple[CriterionState, ...] = ("pass", "fail", "expired", "unknown")


def question(text: str, *, shown: int | None = 3, number: int = 2) -> DecisionQuestionFacts:
    """A question, with so many lines beside it; None while they are looked up."""
    line = MeasuredLine(title=text, text=text, good=None, unknown=True, at=NOW)
    return DecisionQuestionFacts(
        decision="walk",
        version=3,
        migration=NAME,
        title=text,
        day=DAY,
        asked_by=text,
        asked_at=NOW,
        number=number,
        ask=text,
        answers=tuple(AnswerButton(id=f"answer-{n}", text=f"{n} {text}") for n in range(6)),
        shown=None if shown is None else (line,) * shown,
        last_answer=f"{text} answered {text}",
    )


def conclusion(text: str, **changes: object) -> DecisionConclusionFacts:
    """Where the answers led."""
    made = DecisionConclusionFacts(
        decision="walk",
        version=3,
        migration=NAME,
        title=text,
        day=DAY,
        asked_by=text,
        asked_at=NOW,
        verdict="go-with-conditions",
        outcome=text,
        answers=(f"“{text}” to “{text}”",) * 6,
        conditions=(text,) * 10,
        advice=text,
        checked=True,
    )
    return made.model_copy(update=changes)


def request(text: str, **changes: object) -> DecisionRequestFacts:
    """What the approvers decide on."""
    said = Said(by=text, at=NOW, choice="approve", comment=text)
    risk = Risk(risk=text, impact=text, likelihood="high", mitigation=text)
    made = DecisionRequestFacts(
        decision="walk",
        round=1,
        of="cutover",
        migration=NAME,
        title=text,
        what=f"cutover of {NAME}",
        status="approving",
        asked_by=text,
        asked_at=NOW,
        expires_at=NOW + timedelta(days=7),
        who=f"managers (@{text})",
        needed=2,
        count="1 of 2 approvals",
        said=(said,) * 3,
        evidence=EvidenceLine(passing=5, gates=5, digest="8f3c" * 16, at=NOW, oldest=NOW),
        blocked=(),
        plan=text,
        steps=(text,) * 40,
        day=DAY,
        hours=f"06:00-17:00 {text}",
        until=DAY,
        risks=(risk,) * 30,
        conditions=(text,) * 10,
    )
    return made.model_copy(update=changes)


def _void(text: str) -> tuple[Said, ...]:
    return (Said(by=text, at=NOW, choice="approve", comment=text, void_why=text),) * 40


DECISIONS: Mapping[str, Callable[[str], Facts]] = {
    "cutover question": question,
    "cutover question, first": lambda text: question(text, number=1),
    "cutover question being looked up": lambda text: question(text, shown=None),
    "cutover question with much beside it": lambda text: question(text, shown=20),
    "cutover concluded": conclusion,
    "cutover concluded, being checked": lambda text: conclusion(text, checked=False),
    "cutover concluded, blocked": lambda text: conclusion(text, blocked=(text,) * 40),
    "cutover concluded, no-go": lambda text: conclusion(text, verdict="no-go", conditions=()),
    "cutover to be approved": request,
    "cutover that cannot be approved": lambda text: request(text, blocked=(text,) * 40, said=_void(text)),
    "cutover decided": lambda text: request(text, status="go", ended_by=text, ended_at=NOW),
    "cutover no-go": lambda text: request(
        text, status="no-go", ended_by=text, ended_at=NOW, reason=text, new_day=DAY
    ),
    "phase to be decided": lambda text: request(
        text,
        of="phase",
        what=f"move of {NAME} from {NAME} to {NAME}",
        day=None,
        until=None,
        risks=(),
        conditions=(),
        leaving=tuple(LeaveLine(target=text, actual=text, state=STATES[n % 4]) for n in range(20)),
    ),
}


def decision(text: str, **changes: object) -> Decision:
    """A decision whose evidence is as large as can be."""
    criteria = tuple(
        CriterionResult(
            id=f"c{n}",
            kind="check",
            title=text,
            owner=NAME,
            state=STATES[n % 4],
            reason=text,
            how=text,
            as_of=NOW,
        )
        for n in range(20)
    )
    gates = tuple(GateResult(id=f"g{n}", title=text, owner=NAME, criteria=criteria) for n in range(20))
    person = Actor("U1", text)
    made = Decision(
        id="walk",
        migration="ledger",
        kind="cutover",
        status="approving",
        asked_by=person,
        asked_at=NOW,
        expires_at=NOW,
        from_phase="parallel",
        to_phase="grace",
        plan_id="immediate",
        playbook_digest="d" * 64,
        role="operator",
        needed=2,
        second_factor=True,
        evidence=Board(migration="ledger", title=text, at=NOW, playbook_digest="d" * 64, gates=gates),
        day=DAY,
        conditions=(text,) * 10,
        approvals=(DecisionApproval(id="1", by=person, at=NOW, choice="approve", evidence="d" * 64),),
    )
    return made.model_copy(update=changes)


def playbook(text: str) -> Playbook:
    """A playbook with a cutover, every text of it the same."""
    risk = {"risk": text, "impact": text, "likelihood": "low", "mitigation": text}
    ends = {one: {"text": text, "goto": "stay"} for one in ("yes", "unknown")}
    changes: Node = {
        "decision": {
            "rollback": TREE,
            "cutover": {
                "start": "ready",
                "nodes": {"ready": {"ask": text, "answers": ends}},
                "outcomes": {"stay": {"title": text, "verdict": "no-go"}},
            },
        },
        "cutover": {
            "plan": "immediate",
            "back": "immediate",
            "approvals": {"role": "operator"},
            "requested_by": "operator",
            "assessment": {"owner": "operator"},
        },
        "risks": [risk] * 30,
    }
    return Playbook.model_validate(document(**changes))


MODALS_OF_DECISIONS: Mapping[str, Callable[[str], Block]] = {
    "approve a cutover": lambda text: views.approve(playbook(text), decision(text)),
    "reject a cutover": lambda text: views.reject(decision(text)),
    "reject where it is counted": lambda text: views.reject(decision(text, one_rejection_stops=False)),
    "record a no-go": lambda text: views.no_go(playbook(text), decision(text, conclusion="stay")),
    "ask about a cutover": lambda text: views.question(decision(text)),
    "evidence of a cutover": lambda text: views.evidence(decision(text)),
}
