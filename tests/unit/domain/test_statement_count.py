"""Statements are counted by person, by role, by age, and by what the playbook asks now."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import UnknownNameError
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.statement import Choice, Statement
from bot.domain.statement_count import Count, count, other_role
from bot.domain.wanted_statement import AboutCriterion, all_wanted, leaving, still_meant, wanted
from tests.integration.ledger import ledger

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
BOARD: dict[str, object] = {"users": ["U0A", "U0B", "U0C", "U0D", "U0E"]}
SIGN: dict[str, object] = {"id": "sign", "sign_off": "board", "statement": "The data is right", "people": 2}
MANAGED: dict[str, object] = {"id": "managed", "sign_off": "manager", "statement": "We can afford it"}
TASKS = [{"id": "restore", "title": "Restore a backup"}, {"id": "stop", "title": "Stop the new system"}]
EACH: dict[str, object] = {
    "id": "each", "each": "board", "statement": "I have done it", "tasks": TASKS,
}  # fmt: skip
VOTE: dict[str, object] = {"id": "vote", "vote": "board", "statement": "We go", "quorum": 3}
CONTACTS: dict[str, object] = {"id": "contacts", "contacts": "board"}
CONTACT: dict[str, object] = {"title": "Database", "reach": "+49 1"}


def _playbook(*criteria: dict[str, object], **changes: object) -> Playbook:
    gate = {"id": "go", "title": "Governance", "owner": "board", "criteria": criteria}
    roles = {"operator": {"users": ["U0SAM"]}, "data": {"users": ["U0ANA"]}, "board": BOARD}
    people: dict[str, object] = {**roles, "manager": {"users": ["U0A", "U0M"]}}
    given = {"gates": [gate], "roles": people, "escalation": [CONTACT], **changes}
    return ledger(Path(), **given).playbook  # type: ignore[arg-type]


def _about(criterion: str) -> AboutCriterion:
    return AboutCriterion("ledger", "go", criterion)


def _said(
    playbook: Playbook,
    who: str,
    criterion: str,
    *,
    choice: Choice = "sign",
    item: str = "",
    ago: timedelta = timedelta(hours=1),
) -> Statement:
    asked = wanted(playbook, _about(criterion))
    return Statement(
        id=f"{who}-{criterion}-{item}-{choice}",
        migration="ledger",
        gate="go",
        criterion=criterion,
        item=item,
        role=asked.role,
        by=Actor(who, who),
        at=NOW - ago,
        choice=choice,
        shown=asked.digest(item),
    )


def _count(playbook: Playbook, criterion: str, *given: Statement, members: str = "ABCDE") -> Count:
    asked = wanted(playbook, _about(criterion))
    return count(asked, given, playbook, members={f"U0{one}" for one in members}, now=NOW)


def test_distinct_people_are_counted_and_the_others_are_missing() -> None:
    playbook = _playbook(SIGN)
    found = _count(playbook, "sign", _said(playbook, "U0A", "sign"))
    assert (found.given, found.needed, found.met, found.settled) == (1, 2, False, False)
    assert found.missing == ("U0B", "U0C", "U0D", "U0E")
    assert found.text == "1 of 2 signed"
    both = _count(playbook, "sign", _said(playbook, "U0A", "sign"), _said(playbook, "U0B", "sign"))
    assert (both.met, both.missing, len(both.evidence)) == (True, (), 2)


def test_one_person_is_counted_once_even_if_two_statements_of_theirs_stood() -> None:
    playbook = _playbook(SIGN)
    first, second = _said(playbook, "U0A", "sign"), _said(playbook, "U0A", "sign", ago=timedelta(hours=2))
    assert _count(playbook, "sign", first, second).given == 1


def test_who_has_left_the_role_does_not_count() -> None:
    playbook = _playbook(SIGN)
    found = _count(
        playbook, "sign", _said(playbook, "U0A", "sign"), _said(playbook, "U0B", "sign"), members="BC"
    )
    assert (found.given, found.met, found.missing) == (1, False, ("U0C",))


def test_one_person_signs_about_a_gate_in_one_role_the_first_one() -> None:
    playbook = _playbook(SIGN, MANAGED)
    first = _said(playbook, "U0A", "sign", ago=timedelta(hours=2))
    second = _said(playbook, "U0A", "managed", ago=timedelta(hours=1))
    assert not _count(playbook, "managed", first, second, members="AM").met
    assert _count(playbook, "sign", first, second).given == 1
    asked = wanted(playbook, _about("managed"))
    assert other_role([first], playbook, asked, "U0A") == "board"
    assert other_role([first], playbook, asked, "U0M") == ""


def test_what_one_says_of_oneself_is_no_second_role() -> None:
    playbook = _playbook(EACH, MANAGED)
    trained = _said(playbook, "U0A", "each", item="stop", ago=timedelta(hours=2))
    assert _count(playbook, "managed", trained, _said(playbook, "U0A", "managed"), members="AM").met


def test_each_person_has_to_sign_each_task() -> None:
    playbook = _playbook(EACH)
    half = [_said(playbook, who, "each", item="restore") for who in ("U0A", "U0B")]
    found = _count(playbook, "each", *half, _said(playbook, "U0A", "each", item="stop"), members="AB")
    assert (found.given, found.needed, found.met, found.missing) == (1, 2, False, ("U0B",))
    rest = _said(playbook, "U0B", "each", item="stop")
    all_of_it = _count(
        playbook, "each", *half, _said(playbook, "U0A", "each", item="stop"), rest, members="AB"
    )
    assert all_of_it.met
    assert not _count(playbook, "each", members="").met


def test_too_old_a_statement_runs_out_and_does_not_count() -> None:
    playbook = _playbook({**SIGN, "max_age": "7d"})
    old = _said(playbook, "U0A", "sign", ago=timedelta(days=8))
    found = _count(playbook, "sign", old, _said(playbook, "U0B", "sign"))
    assert (found.given, found.met, found.ran_out) == (1, False, True)
    assert "U0A" in found.missing


@pytest.mark.parametrize(
    ("majority", "votes", "met"),
    [
        ("simple", "FFA", True),
        ("simple", "FA", False),
        ("simple", "FFAA", False),
        ("simple", "FBB", True),
        ("simple", "BBB", False),
        ("two-thirds", "FFA", True),
        ("two-thirds", "FFFAA", False),
        ("unanimous", "FFB", True),
        ("unanimous", "FFFA", False),
    ],
)
def test_a_vote_needs_its_quorum_and_its_majority(majority: str, votes: str, met: bool) -> None:
    playbook = _playbook({**VOTE, "majority": majority})
    choices: dict[str, Choice] = {"F": "for", "A": "against", "B": "abstain"}
    given = [
        _said(playbook, f"U0{person}", "vote", choice=choices[one])
        for person, one in zip("ABCDE", votes, strict=False)
    ]
    found = _count(playbook, "vote", *given)
    assert found.met is met
    assert found.given == len(votes)


def test_nobody_more_is_asked_to_vote_when_the_quorum_has_said_no() -> None:
    playbook = _playbook(VOTE)
    given = [_said(playbook, who, "vote", choice="against") for who in ("U0A", "U0B", "U0C")]
    found = _count(playbook, "vote", *given)
    assert (found.met, found.settled, found.missing) == (False, True, ())
    assert "no simple majority" in found.text


@pytest.mark.parametrize(
    "changed",
    [
        _playbook({**SIGN, "statement": "The data is nearly right"}),
        _playbook({**SIGN, "people": 1}),
        _playbook({**SIGN, "sign_off": "manager"}),
        _playbook({**SIGN, "id": "other"}),
        _playbook(MANAGED),
    ],
)
def test_a_statement_about_what_the_playbook_does_not_say_any_more_does_not_count(changed: Playbook) -> None:
    before = _playbook(SIGN)
    statement = _said(before, "U0A", "sign")
    assert still_meant(statement, before)
    assert not still_meant(statement, changed)


def test_contacts_that_were_tried_are_those_of_the_escalation_list_as_it_is_now() -> None:
    before, after = _playbook(CONTACTS), _playbook(CONTACTS, escalation=[{**CONTACT, "reach": "+49 2"}])
    statement = _said(before, "U0A", "contacts")
    assert _count(before, "contacts", statement).met
    assert not _count(after, "contacts", statement).met


def test_a_task_that_is_asked_otherwise_has_to_be_signed_again() -> None:
    before = _playbook(EACH)
    after = _playbook({**EACH, "tasks": [{**TASKS[0], "title": "Restore two backups"}, TASKS[1]]})
    assert not still_meant(_said(before, "U0A", "each", item="restore"), after)
    assert still_meant(_said(before, "U0A", "each", item="stop"), after)
    with pytest.raises(UnknownNameError, match="no task “other”"):
        wanted(before, _about("each")).digest("other")


def test_what_leaving_a_phase_needs_of_people_is_wanted_as_a_gate_s_is() -> None:
    criterion = {"id": "users", "sign_off": "board", "statement": "Users are content"}
    phases = [
        {
            "id": "parallel",
            "kind": "parallel",
            "rollback": {"role": "operator"},
            "leave_when": [{"target": "content", "criterion": criterion}],
        },
        {"id": "gone", "kind": "decommissioned", "rollback": "never"},
    ]
    playbook = _playbook(SIGN, phases=phases)
    about = AboutCriterion("ledger", leaving("parallel"), "users")
    assert wanted(playbook, about).gate_title == "Leaving parallel"
    assert [str(one.about) for one in all_wanted(playbook)] == ["ledger/go/sign", str(about)]


def test_what_people_do_not_settle_is_not_asked_of_them() -> None:
    playbook = _playbook(SIGN, {"check": "accounts", "clean_runs": 3})
    with pytest.raises(UnknownNameError, match="criterion that people settle"):
        wanted(playbook, _about("check-accounts"))
