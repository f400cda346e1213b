"""An evidence pack of a cutover, every text of it the same."""

from datetime import date, timedelta

from bot.domain.audit import AuditAnchor
from bot.domain.decision import Answered, Decision, DecisionApproval
from bot.domain.evidence_pack import (
    AuditPart,
    EvidencePack,
    IncidentRecord,
    KeptEntry,
    PlaybookLine,
    evaluation_line,
    run_record,
)
from bot.domain.gates.board import Board, CriterionResult, GateResult
from bot.domain.gates.evaluation import evaluated
from bot.domain.messages.timeline import TimelineEntry
from bot.domain.person import Actor
from bot.domain.phase_move import PhaseMove
from bot.domain.statement import Statement
from tests.unit.domain.ledger import DONE, NOW
from tests.unit.slack.rehearsal_samples import rehearsal
from tests.unit.slack.samples import a_run, stopped


def board(text: str, *states: str) -> Board:
    """Gates of one criterion each."""
    gates = tuple(
        GateResult(
            id=f"gate-{number}",
            title=text,
            owner="data-lead",
            criteria=(
                CriterionResult.model_validate(
                    {
                        "id": f"check-{number}",
                        "kind": "check",
                        "title": text,
                        "owner": "data-lead",
                        "state": state,
                        "reason": text,
                        "how": text,
                        "as_of": NOW,
                    }
                ),
            ),
        )
        for number, state in enumerate(states)
    )
    return Board(migration="ledger", title=text, at=NOW, playbook_digest="d" * 64, gates=gates)


def decision(text: str, **changes: object) -> Decision:
    """A cutover that two people decided, one of whose approvals became void on the way."""
    person, rests_on = Actor("U1", text), board(text, "pass", "pass")
    common = {"at": NOW, "choice": "approve", "comment": text, "evidence": rests_on.digest()}
    gone = {**common, "evidence": "e" * 64, "void_at": NOW, "void_why": text}
    return Decision.model_validate(
        {
            "id": "decision-1",
            "migration": "ledger",
            "kind": "cutover",
            "status": "go-with-conditions",
            "asked_by": person,
            "asked_at": NOW,
            "expires_at": NOW + timedelta(days=7),
            "from_phase": "parallel",
            "to_phase": "cutover",
            "playbook_digest": "d" * 64,
            "role": "managers",
            "needed": 2,
            "evidence": rests_on,
            "day": date(2026, 3, 21),
            "answers": [Answered(question=text, answer=text, by=person, at=NOW)],
            "conclusion": text,
            "conditions": [text],
            "approvals": [
                DecisionApproval.model_validate({**gone, "id": "a", "by": Actor("U2", text)}),
                DecisionApproval.model_validate({**common, "id": "b", "by": Actor("U2", text)}),
                DecisionApproval.model_validate({**common, "id": "c", "by": Actor("U3", text)}),
            ],
            "ended_by": person,
            "ended_at": NOW,
            "reason": text,
            **changes,
        }
    )


def pack(text: str, *, problems: tuple[str, ...] = (), **changes: object) -> EvidencePack:
    """All parts of it filled."""
    person = Actor("U1", text)
    seen = board(text, "pass", "fail", "expired", "unknown")
    evaluation = evaluated(None, seen, evaluation_id="e", cause=text)
    move = PhaseMove(migration="ledger", number=1, phase="parallel", since=NOW, by=person, reason=text)
    vote = {"id": "s", "migration": "ledger", "gate": "board", "criterion": "vote", "role": "board"}
    run = a_run(text, DONE, stopped(text, "failed"), status="aborted", ended_at=NOW, ended_by=person)
    facts: dict[str, object] = {
        "migration": "ledger",
        "title": text,
        "made_at": NOW,
        "made_by": text,
        "phases": (move,),
        "decisions": (decision(text),),
        "evaluations": (evaluation_line(evaluation),),
        "boards": (evaluation,),
        "statements": tuple(
            Statement.model_validate(
                {**vote, "by": person, "at": NOW, "choice": "for", "comment": text, "shown": "f" * 64, **more}
            )
            for more in ({}, {"text": text, "ended_at": NOW, "ended_by": person, "ended_why": text})
        ),
        "runs": (run_record(run, "cutover"), run_record(run, None)),
        "incidents": (
            IncidentRecord(
                id="i",
                kind="cutover",
                environment="production",
                severity=None,
                opened_at=NOW,
                opened_by=person,
                closed_at=None,
                timeline=(TimelineEntry(at=NOW, actor=text, text=text),),
            ),
        ),
        "rehearsals": (rehearsal(text).rehearsal,),
        "playbooks": (
            PlaybookLine(number=2, digest="d" * 64, loaded_at=NOW, replica=text, changes=(text,)),
            PlaybookLine(number=1, digest="c" * 64, loaded_at=NOW, replica=text, changes=()),
        ),
        "audit": AuditPart(
            entries_in_all=812,
            head=f"812:{'a' * 64}",
            problems=problems,
            anchors=(AuditAnchor(day=date(2026, 3, 13), number=700, digest="b" * 64, at=NOW),),
            entries=(
                KeptEntry(
                    number=3,
                    at=NOW.isoformat(),
                    actor=text,
                    kind="decision.approved",
                    subject="decision:decision-1",
                    facts={text: [text, None, 3]},
                    previous="c" * 64,
                    digest="d" * 64,
                ),
            ),
        ),
        **changes,
    }
    return EvidencePack.model_validate(facts)
