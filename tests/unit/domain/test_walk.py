"""The walk of a decision tree: forward, one step back, to a verdict, once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.given_answer import GivenAnswer
from bot.domain.walk import Overruling, Walk
from tests.unit.domain.ledger import ANA, NOW, PLAYBOOK, SAM, answered, opened, variance, walked

ANSWERS = ("p1", "p4", "yes", "no", "unknown")


def content(walk: Walk) -> dict[str, object]:
    """Everything but the count of changes."""
    return walk.model_dump(exclude={"version"})


def overruled(walk: Walk, plan: str | None, reason: str = "I know better") -> Walk:
    return walk.overruled(PLAYBOOK, Overruling(plan=plan, reason=reason, by=ANA, at=NOW))


@st.composite
def reached(draw: st.DrawFn) -> Walk:
    """A walk after some answers, at a question or a verdict."""
    walk = opened()
    for _ in range(draw(st.integers(0, 5))):
        question = walk.question(PLAYBOOK)
        if question is None:
            break
        walk = answered(walk, draw(st.sampled_from(sorted(question.answers))), variance("7.2"))
    return walk


def test_an_answer_leads_to_the_next_question_and_forgets_what_was_measured_for_the_last() -> None:
    walk = opened().model_copy(update={"measured": (variance("1"),)})
    walk = answered(walk, "p1", variance("1"))
    assert (walk.place, walk.status, walk.version, walk.measured) == ("security", "asking", 2, None)
    assert [(given.question, given.answer, given.by) for given in walk.answers] == [("severity", "p1", SAM)]


def test_an_answer_that_leads_to_an_outcome_concludes() -> None:
    walk = walked("p1", "yes")
    assert (walk.status, walk.place, walk.question(PLAYBOOK)) == ("concluded", "back", None)


def test_an_answer_to_another_question_than_the_open_one_comes_too_late() -> None:
    late = GivenAnswer(question="severity", answer="p1", by=ANA, at=NOW)
    with pytest.raises(SupersededError, match="answered already"):
        walked("p1").answered(PLAYBOOK, late)
    with pytest.raises(SupersededError, match="answered already"):
        walked("p1", "yes").answered(PLAYBOOK, late)


def test_an_answer_that_the_question_does_not_have_is_refused() -> None:
    with pytest.raises(RefusedError, match="“yes” is not an answer of this question"):
        answered(opened(), "yes")


@given(reached(), st.data())
def test_answering_going_back_and_answering_again_is_answering(walk: Walk, data: st.DataObject) -> None:
    question = walk.question(PLAYBOOK)
    if question is None:
        walk = walk.stepped_back()
        question = walk.question(PLAYBOOK)
    assert question is not None
    answer = data.draw(st.sampled_from(sorted(question.answers)))
    other = data.draw(st.sampled_from(sorted(question.answers)))
    assert content(answered(answered(walk, other).stepped_back(), answer)) == content(answered(walk, answer))


@given(reached())
def test_going_back_from_anywhere_as_often_as_was_answered_ends_at_the_first_question(walk: Walk) -> None:
    count = len(walk.answers)
    for _ in range(count):
        walk = walk.stepped_back()
    assert content(walk) == content(opened())
    assert walk.version == 1 + 2 * count
    with pytest.raises(RefusedError, match="first question"):
        walk.stepped_back()


@given(reached())
def test_the_severity_is_that_of_the_answers_that_stand(walk: Walk) -> None:
    expected = {"p1": "P1", "p4": "P4"}.get(walk.answers[0].answer) if walk.answers else None
    assert walk.severity(PLAYBOOK) == expected
    while walk.answers:
        walk = walk.stepped_back()
    assert walk.severity(PLAYBOOK) is None


def test_stepping_back_takes_an_overruling_back_before_an_answer() -> None:
    walk = overruled(walked("p4"), "immediate").model_copy(update={"preview": "old"})
    back = walk.stepped_back()
    assert (back.place, back.overruling, back.preview) == ("watch", None, None)
    assert content(back) == content(walked("p4"))


def test_stepping_back_from_a_verdict_forgets_its_preview() -> None:
    walk = walked("p1", "yes").model_copy(update={"preview": "made"})
    back = walk.stepped_back()
    assert (back.place, back.status, back.preview) == ("security", "asking", None)


def test_overruling_to_roll_back_leaves_the_walk_to_be_confirmed() -> None:
    walk = overruled(walked("p4"), "access")
    assert (walk.status, walk.verdict(PLAYBOOK).plan) == ("concluded", "access")


def test_overruling_to_keep_watching_closes_the_walk() -> None:
    walk = overruled(walked("p1", "yes"), None)
    assert (walk.status, walk.closed_by, walk.closed_at) == ("watching", ANA, NOW)
    assert walk.verdict(PLAYBOOK).plan is None


@pytest.mark.parametrize(
    ("plan", "reason", "says", "field"),
    [
        ("access", "  ", "takes a reason", "reason"),
        ("bigbang", "because", "no plan “bigbang”", "plan"),
    ],
)
def test_an_overruling_that_cannot_be_is_refused_at_its_input(
    plan: str, reason: str, says: str, field: str
) -> None:
    with pytest.raises(RefusedError, match=says) as refused:
        overruled(walked("p4"), plan, reason)
    assert refused.value.field == field


def test_nothing_can_be_decided_before_there_is_a_verdict() -> None:
    walk = walked("p1")
    with pytest.raises(RefusedError, match="no verdict yet"):
        overruled(walk, None)
    with pytest.raises(RefusedError, match="no verdict yet"):
        walk.watched(PLAYBOOK, by=SAM, at=NOW)
    with pytest.raises(RefusedError, match="no verdict yet"):
        walk.confirmed(by=SAM, at=NOW)
    with pytest.raises(RefusedError, match="no verdict yet"):
        walk.verdict(PLAYBOOK)


def test_a_verdict_to_roll_back_is_not_closed_without_a_reason() -> None:
    with pytest.raises(RefusedError, match="takes a reason"):
        walked("p1", "yes").watched(PLAYBOOK, by=SAM, at=NOW)
    assert walked("p4").watched(PLAYBOOK, by=SAM, at=NOW).status == "watching"


@pytest.mark.parametrize(
    ("closed", "did"),
    [
        (walked("p4").watched(PLAYBOOK, by=SAM, at=NOW), "closed"),
        (walked("p1", "yes").confirmed(by=SAM, at=NOW), "confirmed: the rollback was started"),
    ],
)
def test_nothing_changes_a_walk_that_has_ended(closed: Walk, did: str) -> None:
    for change in (
        closed.stepped_back,
        lambda: overruled(closed, "immediate"),
        lambda: closed.watched(PLAYBOOK, by=ANA, at=NOW),
        lambda: closed.confirmed(by=ANA, at=NOW),
    ):
        with pytest.raises(SupersededError, match=f"has been {did} already"):
            change()


@given(reached())
def test_a_walk_is_the_same_after_it_was_stored(walk: Walk) -> None:
    assert Walk.model_validate(walk.model_dump(mode="json")) == walk
    assert Walk.model_validate_json(walk.model_dump_json()) == walk


def test_while_it_waits_for_approvals_nothing_else_is_decided() -> None:
    walk = walked("p1", "yes").requested("request")
    assert (walk.request, walk.version) == ("request", walked("p1", "yes").version + 1)
    for decide in (
        walk.stepped_back,
        lambda: overruled(walk, None),
        lambda: walk.watched(PLAYBOOK, by=ANA, at=NOW),
        lambda: walk.requested("another"),
    ):
        with pytest.raises(SupersededError, match="waits for approvals"):
            decide()


def test_what_is_given_back_started_or_outdated_waits_for_nothing() -> None:
    walk = walked("p1", "yes").requested("request")
    back = walk.given_back()
    assert content(back) == content(walked("p1", "yes"))
    assert back.version == walk.version + 1
    assert walk.confirmed(by=ANA, at=NOW).request is None
    assert walk.outdated(by=ANA, at=NOW).request is None


def test_before_there_is_a_verdict_no_approvals_are_asked_for() -> None:
    with pytest.raises(RefusedError, match="no verdict yet"):
        walked("p1").requested("request")
