"""A start request: who is counted, who is refused and why, and when it is over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.start_request import Approval, RequestStatus, StartRequest
from tests.unit.domain.ledger import ANA, NOW, PLAYBOOK, SAM, after

KIM = Actor("U3", "Kim")
PEOPLE = {actor.id for actor in (SAM, ANA, KIM)}


def asked(*, needed: int = 1) -> StartRequest:
    """Sam asks."""
    return StartRequest(
        id="request",
        walk="walk",
        migration="ledger",
        environment="production",
        preview="preview",
        digest="d",
        role="operator",
        needed=needed,
        asked_by=SAM,
        asked_at=NOW,
        expires_at=after(600),
    )


def approved(request: StartRequest, *people: Actor, members: set[str] = PEOPLE) -> StartRequest:
    for person in people:
        request = request.approved(Approval(by=person, at=NOW), members)
    return request


def test_it_is_met_by_as_many_people_as_are_needed() -> None:
    request = asked(needed=2)
    assert (request.met, request.count()) == (False, "0 of 2 approvals")
    request = approved(request, ANA)
    assert (request.met, request.count()) == (False, "1 of 2 approvals")
    assert approved(request, KIM).met
    assert approved(request, KIM).approved_by == (ANA, KIM)


@pytest.mark.parametrize("again", [ANA, Actor(ANA.id, "Ana Maria")])
def test_the_same_person_counts_once_under_any_name(again: Actor) -> None:
    with pytest.raises(SupersededError, match="count once: 1 of 2 approvals"):
        approved(asked(needed=2), ANA, again)


def test_who_is_not_in_the_role_any_more_does_not_count_and_is_named() -> None:
    request = approved(asked(needed=2), ANA)
    request = approved(request, KIM, members={SAM.id, KIM.id})
    assert (request.approved_by, request.dropped, request.met) == ((KIM,), (ANA,), False)
    back = approved(request, ANA)
    assert (back.approved_by, back.dropped, back.met) == ((KIM, ANA), (), True)


def test_it_cannot_be_approved_when_who_asked_has_left_the_role() -> None:
    with pytest.raises(RefusedError, match="Sam, who asked for this, is not operator any more"):
        approved(asked(), ANA, members={ANA.id})


_people = st.sampled_from([Actor(f"U{number}", "One of them") for number in range(6)])


@given(st.integers(1, 4), st.lists(st.tuples(_people, st.sets(_people.map(lambda actor: actor.id)))))
def test_whatever_is_pressed_it_counts_distinct_members_only(
    needed: int, presses: list[tuple[Actor, set[str]]]
) -> None:
    request = asked(needed=needed)
    for person, others in presses:
        members = {*others, SAM.id, person.id}
        try:
            request = request.approved(Approval(by=person, at=NOW), members)
        except SupersededError:
            continue
        counted = [actor.id for actor in request.approved_by]
        assert len(set(counted)) == len(counted)
        assert set(counted) <= members
        assert request.met == (len(counted) >= needed)


def test_who_asked_and_who_is_at_the_terminal_are_refused() -> None:
    assert "who asks does not approve" in asked().refuses(SAM)
    assert "who asks does not approve" in asked().refuses(Actor(SAM.id, "Samuel"))
    assert "not given at the terminal" in asked().refuses(Actor("terminal:ana", "ana"))
    assert asked().refuses(ANA) == ""


def test_it_is_over_when_its_time_is_and_not_before() -> None:
    asked().still_open(after(599.999))
    with pytest.raises(RefusedError, match=r"valid for 10 minutes.*“Preview again”"):
        asked().still_open(after(600))


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("started", "Ana approved this already, and the rollback was started"),
        ("alone", "Ana went on alone already"),
        ("withdrawn", "Ana withdrew this already"),
        ("expired", "not approved within its 10 minutes"),
        ("outdated", "has been closed"),
    ],
)
def test_who_comes_after_its_end_is_told_how_it_ended(status: RequestStatus, told: str) -> None:
    ended = asked().ended(status, by=ANA, at=after(30))
    with pytest.raises(SupersededError, match=told):
        ended.still_open(after(40))


@pytest.mark.parametrize(("preview", "digest"), [("other", "d"), ("preview", "e")])
def test_it_is_bound_to_one_preview(preview: str, digest: str) -> None:
    asked().fits("preview", "d", asked().migration)
    with pytest.raises(RefusedError, match="is not what you were shown"):
        asked().fits(preview, digest, asked().migration)


def test_a_playbook_that_asks_for_other_approvals_does_not_fit() -> None:
    fitting = asked(needed=PLAYBOOK.rollback_quorum)
    fitting.still_fits(PLAYBOOK)
    for other in (asked(needed=1), fitting.model_copy(update={"role": "board"})):
        with pytest.raises(RefusedError, match="Withdraw it and ask again"):
            other.still_fits(PLAYBOOK)
