"""Criteria that people settle, and votes counted slowly."""

from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.gates.asked import asked_by_gate
from bot.domain.gates.board import CriterionResult
from bot.domain.gates.people import by_people
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.statement import Choice, Statement
from bot.domain.wanted_statement import AboutCriterion, wanted
from tests.integration.ledger import ledger
from tests.unit.domain.gates.criteria import NOW

MEMBERS = frozenset({"U01", "U02", "U03", "U04"})


def playbook(criterion: dict[str, object], **changes: object) -> Playbook:
    everybody = {"users": sorted(MEMBERS)}
    known = {"operator": {"users": ["U01"]}, "data": {"users": ["U01"]}, "board": everybody}
    roles = changes.pop("roles", known)
    assert isinstance(roles, dict)
    gate = {"id": "gate", "title": "Gate", "owner": "data", "criteria": [criterion]}
    return ledger(Path(), roles=roles, gates=[gate], **changes).playbook


def statement(
    of: Playbook, by: str, choice: Choice = "sign", *, item: str = "", days_ago: float = 1
) -> Statement:
    asked = next(asked_by_gate(of, of.gates[0], NOW))
    meant = wanted(of, AboutCriterion("ledger", "gate", asked.id))
    return Statement(
        id=f"{by}{item}",
        migration="ledger",
        gate="gate",
        criterion=asked.id,
        item=item,
        role=meant.role,
        by=Actor(by, by),
        at=NOW - timedelta(days=days_ago),
        choice=choice,
        shown=meant.digest(item),
    )


def judged(of: Playbook, *said: Statement, members: frozenset[str] = MEMBERS) -> CriterionResult:
    return by_people(next(asked_by_gate(of, of.gates[0], NOW)), of, said, members)


def test_everybody_signs_every_task() -> None:
    each = playbook(
        {
            "each": "board",
            "statement": "Trained",
            "tasks": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}],
        }
    )
    done = [statement(each, who, item=item) for who in sorted(MEMBERS) for item in "ab"]
    assert judged(each, *done).state == "pass"
    missing = judged(each, *done[:-1])
    assert (missing.state, missing.missing) == ("fail", ("U04",))
    assert judged(each, members=frozenset()).state == "fail"


def test_what_was_signed_before_the_playbook_asked_otherwise_does_not_count() -> None:
    old = playbook({"sign_off": "board", "statement": "Plan A"})
    new = playbook({"sign_off": "board", "statement": "Plan B"})
    signed = statement(old, "U01")
    assert judged(old, signed).state == "pass"
    found = judged(new, signed)
    assert (found.state, found.reason) == ("fail", "0 of 1 signed; 1 statement on an earlier version")


def test_contacts_are_those_that_are_declared_now() -> None:
    contacts = {"contacts": "board"}
    list_of = [{"title": "Lead", "reach": "+1"}]
    now = playbook(contacts, escalation=list_of)
    tried = statement(now, "U01")
    assert judged(now, tried).state == "pass"
    other = playbook(contacts, escalation=[{"title": "Lead", "reach": "+2"}])
    assert judged(other, tried).state == "fail"
    none = judged(playbook(contacts), tried)
    assert none.reason == "the playbook declares no escalation contacts"


def test_a_vote_that_carried_with_votes_that_are_too_old_has_expired() -> None:
    vote = playbook({"vote": "board", "statement": "Go", "quorum": 2, "max_age": "30d"})
    found = judged(vote, statement(vote, "U01", "for", days_ago=40), statement(vote, "U02", "for"))
    assert found.state == "expired"
    assert found.reason.startswith("expired, 40 days old (limit 30 days): 2 of 2 voted")
    assert found.missing == ("U01", "U03", "U04")


VOTES = st.dictionaries(
    st.sampled_from(["U01", "U02", "U03", "U04", "U05", "U06"]),
    st.tuples(st.sampled_from(["for", "against", "abstain"]), st.sampled_from([1, 29, 31])),
)


@given(VOTES, st.integers(1, 5), st.sampled_from(["simple", "two-thirds", "unanimous"]))
def test_a_vote_is_what_a_count_by_hand_says(
    votes: dict[str, tuple[Choice, int]], quorum: int, majority: str
) -> None:
    vote = playbook({"vote": "board", "statement": "Go", "quorum": quorum, "majority": majority})
    said = [statement(vote, who, choice, days_ago=age) for who, (choice, age) in votes.items()]
    # Whatever order they come in: twice the same person's is one vote.
    assert judged(vote, *reversed(said)).state == _by_hand(votes, quorum, majority)


def _by_hand(votes: dict[str, tuple[Choice, int]], quorum: int, majority: str) -> str:
    young = {who: choice for who, (choice, age) in votes.items() if who in MEMBERS and age <= 30}
    every = {who: choice for who, (choice, age) in votes.items() if who in MEMBERS}
    if _carried(young, quorum, majority):
        return "pass"
    return "expired" if _carried(every, quorum, majority) else "fail"


def _carried(choices: dict[str, Choice], quorum: int, majority: str) -> bool:
    yes = [who for who, choice in choices.items() if choice == "for"]
    no = [who for who, choice in choices.items() if choice == "against"]
    if len(choices) < quorum or not yes:
        return False
    share = len(yes) / (len(yes) + len(no))
    return {"simple": share > 0.5, "two-thirds": share > 0.6666, "unanimous": share == 1}[majority]
