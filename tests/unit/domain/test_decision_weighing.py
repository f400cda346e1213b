"""What counts of what people said, on the evidence of now."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.decision import Decision, DecisionApproval
from bot.domain.decision_weighing import failing, weighed
from bot.domain.gates.board import MARKED, Board, CriterionResult, CriterionState, GateResult
from bot.domain.person import Actor

NOW = datetime(2026, 3, 14, 3, 12, tzinfo=UTC)
SAM, KIM, ANA, LEE = (Actor(f"U0{name.upper()}", name) for name in ("Sam", "Kim", "Ana", "Lee"))
MEMBERS = frozenset({KIM.id, ANA.id, LEE.id, SAM.id})


def board(state: CriterionState = "pass", *, evidence: str = "one", digest: str = "d" * 64) -> Board:
    criterion = CriterionResult(
        id="parity",
        kind="check",
        title="Parity",
        owner="data",
        state=state,
        reason=f"it is {state}",
        how="reconciled",
        as_of=NOW,
        evidence=(evidence,),
    )
    gate = GateResult(id="data", title="Data", owner="data", criteria=(criterion,))
    return Board(migration="ledger", title="Ledger", at=NOW, playbook_digest=digest, gates=(gate,))


def decision(*said: Actor, evidence: Board | None = None, **changes: object) -> Decision:
    shown = evidence or board()
    made = Decision(
        id="decision",
        migration="ledger",
        kind="cutover",
        status="approving",
        asked_by=SAM,
        asked_at=NOW,
        expires_at=NOW + timedelta(days=7),
        from_phase="parallel",
        to_phase="grace",
        playbook_digest="d" * 64,
        role="managers",
        needed=2,
        evidence=shown,
        approvals=tuple(
            DecisionApproval(id=by.id, by=by, at=NOW, choice="approve", evidence=shown.digest())
            for by in said
        ),
    )
    return made.model_copy(update=changes)


def test_what_is_no_worse_changes_nothing() -> None:
    before = decision(KIM)
    found = weighed(before, board(evidence="two"), members=MEMBERS, at=NOW)
    assert (found.changed, found.after, found.voided, found.worse) == (False, before, (), ())


@pytest.mark.parametrize("state", ["fail", "expired", "unknown"])
def test_worse_evidence_voids_all_and_takes_the_place_of_the_old(state: CriterionState) -> None:
    now = board(state)
    found = weighed(decision(KIM, ANA), now, members=MEMBERS, at=NOW)
    assert [one.by for one in found.voided] == [KIM, ANA]
    assert (found.after.evidence, found.after.round, found.after.standing) == (now, 2, ())
    assert found.after.blocked == (f"Data: Parity: {MARKED[state]}: it is {state}",)
    assert found.after.approving(MEMBERS) == ()


def test_another_playbook_voids_all_though_everything_passes() -> None:
    found = weighed(decision(KIM), board(digest="e" * 64), members=MEMBERS, at=NOW)
    assert found.worse == ("the playbook has changed",)
    assert (found.after.blocked, found.after.standing) == ((), ())


def test_what_has_come_to_stand_in_the_way_voids_all_once() -> None:
    first = weighed(decision(KIM), board(), others=["a freeze"], members=MEMBERS, at=NOW)
    assert (first.after.blocked, first.after.round, first.after.standing) == (("a freeze",), 2, ())
    again = weighed(first.after, board(), others=["a freeze"], members=MEMBERS, at=NOW)
    assert not again.changed


def test_what_passes_again_can_be_approved_on_the_evidence_of_then() -> None:
    bad = weighed(decision(KIM), board("fail"), members=MEMBERS, at=NOW).after
    good = weighed(bad, board(evidence="two"), members=MEMBERS, at=NOW).after
    assert (good.blocked, good.evidence, good.standing) == ((), board(evidence="two"), ())


def test_who_left_the_role_does_not_count_and_the_others_do() -> None:
    found = weighed(decision(KIM, ANA), board(), members=MEMBERS - {KIM.id}, at=NOW)
    assert [(one.by, one.void_why) for one in found.voided] == [(KIM, "not managers any more")]
    assert [one.by for one in found.after.standing] == [ANA]
    assert found.after.round == 1


def test_an_approval_counts_by_who_where_and_what_it_saw() -> None:
    one = decision(SAM, KIM, ANA, LEE)
    assert [given.by for given in one.approving(MEMBERS)] == [KIM, ANA, LEE]
    assert [given.by for given in one.approving(MEMBERS - {ANA.id})] == [KIM, LEE]
    other = one.model_copy(update={"evidence": board(evidence="two")})
    assert other.approving(MEMBERS) == ()
    rejected = tuple(given.model_copy(update={"choice": "reject"}) for given in one.approvals)
    assert one.model_copy(update={"approvals": rejected}).approving(MEMBERS) == ()
    sent = one.model_copy(update={"sent_by": LEE})
    assert [given.by for given in sent.approving(MEMBERS)] == [KIM, ANA]


def test_without_a_gate_there_is_no_evidence() -> None:
    assert failing(board().model_copy(update={"gates": ()})) == (
        "no gate is declared, so there is no evidence",
    )
