"""A discrepancy's life, as people and reconciliations change it."""

import pytest

from bot.domain.discrepancy import WHOLE, Discrepancy
from bot.domain.errors import RefusedError, SupersededError
from bot.domain.explanation import Owner
from tests.unit.domain.discrepancies import ANA, KIM, carry, date_of, moment, one, sighted


def explained(entry: Discrepancy, text: str = "cents are rounded") -> Discrepancy:
    return entry.explained("data_mapping", text, version=entry.version, by=ANA, at=moment(0))


def accepted(entry: Discrepancy, *, until: int) -> Discrepancy:
    return entry.accepted(
        date_of(until),
        "the vendor mends it",
        category="bug",
        today=date_of(0),
        version=entry.version,
        by=ANA,
        at=moment(0),
    )


def test_what_is_found_first_is_new_and_seen_again_it_only_counts_a_day() -> None:
    known, kinds = carry({}, sighted("a"), 0)
    assert kinds == {"a": "new"}
    again, kinds = carry(known, sighted("a"), 0)
    assert (kinds, again["a"].days) == ({"a": "seen"}, 1)
    later, _ = carry(again, sighted("a"), 1)
    assert (later["a"].days, later["a"].version, later["a"].status) == (2, 1, "new")
    assert (later["a"].first_seen, later["a"].last_seen) == (moment(0), moment(1))


def test_an_explained_one_stays_explained_while_it_is_seen() -> None:
    known, _ = carry({"a": explained(one())}, sighted("a"), 1)
    assert (known["a"].status, known["a"].category) == ("explained", "data_mapping")
    assert not known["a"].open


def test_what_a_complete_check_does_not_see_any_more_is_fixed() -> None:
    known, kinds = carry({"a": explained(one())}, sighted("b"), 1)
    assert kinds == {"a": "fixed", "b": "new"}
    assert (known["a"].status, known["a"].explanation) == ("fixed", None)


def test_what_comes_back_shows_its_earlier_explanation_which_counts_no_more() -> None:
    fixed, _ = carry({"a": explained(one())}, sighted(outside=False), 1)
    back, kinds = carry(fixed, sighted("a"), 2)
    entry = back["a"]
    assert kinds == {"a": "came_back"}
    assert (entry.status, entry.open, entry.explanation) == ("came_back", True, None)
    assert entry.earlier is not None
    assert (entry.earlier.text, entry.earlier.ended) == ("cents are rounded", "fixed")
    assert (entry.returns, entry.opened_at, entry.first_seen) == (1, moment(2), moment(0))


def test_a_list_that_was_cut_settles_nothing_that_it_does_not_show() -> None:
    known, kinds = carry({"a": one()}, sighted("b", unnamed=40), 1)
    assert kinds == {"b": "new", WHOLE: "new"}
    assert known["a"].status == "new"
    assert known[WHOLE].text == "40 more, not listed one by one"


def test_beyond_the_bound_one_entry_counts_the_rest_and_is_fixed_when_there_is_none() -> None:
    known, _ = carry({}, sighted("a", "b", "c", "d"), 0, most=2)
    assert set(known) == {"a", "b", WHOLE}
    assert (known[WHOLE].extent.count, known[WHOLE].status) == (2, "new")
    fewer, kinds = carry(known, sighted("a", "c"), 1, most=2)
    assert kinds == {"a": "seen", "c": "new", "b": "fixed", WHOLE: "fixed"}
    assert fewer["c"].present


def test_an_explanation_of_the_rest_ends_when_the_rest_grows() -> None:
    known, _ = carry({}, sighted(unnamed=40), 0)
    known[WHOLE] = explained(known[WHOLE])
    fewer, kinds = carry(known, sighted(unnamed=39), 1)
    assert (kinds, fewer[WHOLE].status) == ({WHOLE: "seen"}, "explained")
    more, kinds = carry(fewer, sighted(unnamed=41), 2)
    assert (kinds, more[WHOLE].status) == ({WHOLE: "grew"}, "new")
    assert more[WHOLE].earlier is not None
    assert more[WHOLE].change == "is open again: 41 rows differ, and it was explained as 40 rows differ"


def test_an_acceptance_holds_to_the_end_of_its_day_and_then_it_is_open_again() -> None:
    entry = accepted(one(), until=3)
    known, kinds = carry({"a": entry}, sighted("a"), 3)
    assert (kinds, known["a"].status) == ({"a": "seen"}, "accepted")
    assert entry.as_of(date_of(3)) is entry
    assert entry.as_of(date_of(4)).open
    after, kinds = carry(known, sighted("a"), 4)
    assert (kinds, after["a"].status) == ({"a": "lapsed"}, "new")
    assert after["a"].earlier is not None
    assert after["a"].earlier.ended == "lapsed"
    assert after["a"].what_happened().endswith(f"is open again: it was accepted until {date_of(3)}")


def test_rows_that_still_differ_within_the_tolerance_are_neither_new_nor_fixed() -> None:
    known, kinds = carry({"a": one(), "b": one(name="b")}, sighted("a", "c", outside=False), 1)
    assert kinds == {"a": "seen", "b": "fixed"}
    assert "c" not in known


def test_what_a_reconciliation_that_looked_earlier_did_not_see_is_not_fixed_by_it() -> None:
    known, kinds = carry({"a": one(last_seen=moment(2), last_day=date_of(2))}, sighted(outside=False), 1)
    assert (kinds, known["a"].status) == ({}, "new")


def test_of_two_who_decide_on_the_same_version_the_second_is_told_who_did_what_and_when() -> None:
    entry = explained(one())
    with pytest.raises(SupersededError) as told:
        entry.explained("bug", "no", version=1, by=KIM, at=moment(1))
    said = "Ana came first, 2026-03-14 06:30 UTC: “a” of postings is explained: cents are rounded"
    assert str(told.value) == said


def test_nothing_is_decided_about_what_is_fixed() -> None:
    fixed, _ = carry({"a": one()}, sighted(outside=False), 1)
    with pytest.raises(SupersededError, match=r"A reconciliation came first, .*“a” of postings is fixed"):
        explained(fixed["a"])


def test_an_explanation_can_be_replaced_and_taken_back_with_a_reason() -> None:
    second = explained(explained(one()), "it is the currency")
    assert second.explanation is not None
    assert second.earlier is not None
    assert (second.explanation.text, second.earlier.ended) == ("it is the currency", "replaced")
    with pytest.raises(RefusedError, match="takes a reason"):
        second.reopened(" ", version=second.version, by=KIM, at=moment(1))
    again = second.reopened("it is not", version=second.version, by=KIM, at=moment(1))
    assert (again.status, again.open, again.category) == ("new", True, "data_mapping")
    with pytest.raises(RefusedError, match="“a” is new: there is nothing to reopen"):
        again.reopened("why", version=again.version, by=KIM, at=moment(1))


@pytest.mark.parametrize("until", [-1, 366])
def test_it_is_accepted_until_a_day_within_a_year(until: int) -> None:
    with pytest.raises(RefusedError, match="from today on, by 365 days at most"):
        accepted(one(), until=until)


def test_a_text_is_wanted_for_each_decision() -> None:
    with pytest.raises(RefusedError, match="takes a text"):
        explained(one(), " ")


def test_an_owner_is_a_change_that_others_are_told_of() -> None:
    entry = one().assigned(Owner(id="data", name="data", role=True), version=1, by=ANA, at=moment(0))
    assert (entry.status, entry.version, entry.change) == ("new", 2, "is assigned to data")
