"""The audit log's chain: any single change shows."""

import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.domain.audit import GENESIS, Anchored, AuditEntry, broken_links, lost_anchors

Chain = list[tuple[AuditEntry, str]]
ENTRY = TypeAdapter(AuditEntry)

facts = st.dictionaries(
    st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=3
)
texts = st.text(max_size=8)


@st.composite
def chains(draw: st.DrawFn, *, least: int = 1) -> Chain:
    """A whole chain of some entries."""
    chain: Chain = []
    for number in range(1, draw(st.integers(least, 6)) + 1):
        previous = chain[-1][1] if chain else GENESIS
        entry = AuditEntry(
            number=number,
            at=f"2026-03-14T03:12:{number:02}+00:00",
            actor=draw(texts),
            kind=draw(texts),
            subject=draw(texts),
            facts=draw(facts),
            previous=previous,
        )
        chain.append((entry, entry.digest()))
    return chain


@given(chains(least=0))
def test_a_chain_that_nobody_touched_is_whole(chain: Chain) -> None:
    assert broken_links(chain) == []


@pytest.mark.parametrize("field", ["number", "at", "actor", "kind", "subject", "facts", "previous"])
@given(chain=chains(), data=st.data())
def test_a_change_of_any_field_of_any_entry_shows(field: str, chain: Chain, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(chain) - 1))
    entry, digest = chain[index]
    other: st.SearchStrategy[object] = {"number": st.integers(0, 9), "facts": facts}.get(field, texts)
    changed = ENTRY.validate_python({**vars(entry), field: data.draw(other)})
    # True and 1 are one to Python, and two to whoever reads the log.
    assume(json.dumps(vars(changed), sort_keys=True) != json.dumps(vars(entry), sort_keys=True))
    chain[index] = (changed, digest)
    assert any(str(changed.number) in problem for problem in broken_links(chain))


@given(chains(), st.data())
def test_a_changed_digest_shows(chain: Chain, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(chain) - 1))
    chain[index] = (chain[index][0], "0" * 63 + "1")
    assert broken_links(chain)


@given(chains(), st.data())
def test_an_entry_that_was_rewritten_with_its_digest_shows_in_the_next(
    chain: Chain, data: st.DataObject
) -> None:
    assume(len(chain) > 1)
    index = data.draw(st.integers(0, len(chain) - 2))
    entry = replace(chain[index][0], actor=chain[index][0].actor + "!")
    chain[index] = (entry, entry.digest())
    assert broken_links(chain) == [f"entry {index + 2} does not follow the entry before it"]


@given(chains(least=2), st.data())
def test_a_removed_entry_shows(chain: Chain, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(chain) - 2))
    del chain[index]
    assert f"entry {index + 1} is missing before entry {index + 2}" in broken_links(chain)


@given(chains(), st.data())
def test_an_inserted_entry_shows(chain: Chain, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(chain) - 1))
    previous = chain[index - 1][1] if index else GENESIS
    made = replace(chain[index][0], actor="mallory", previous=previous)
    chain.insert(index, (made, made.digest()))
    assert broken_links(chain)


@given(chains(least=2), st.data())
def test_two_entries_that_changed_places_show(chain: Chain, data: st.DataObject) -> None:
    one, other = sorted(data.draw(st.sets(st.integers(0, len(chain) - 1), min_size=2, max_size=2)))
    chain[one], chain[other] = chain[other], chain[one]
    assert broken_links(chain)


def test_an_entry_out_of_order_is_named_so() -> None:
    first = AuditEntry(1, "t", "a", "k", "s", {}, GENESIS)
    second = AuditEntry(2, "t", "a", "k", "s", {}, first.digest())
    problems = broken_links([(second, second.digest()), (first, first.digest())])
    assert "entry 1 is missing before entry 2" in problems
    assert "entry 1 stands after entry 2" in problems


def test_facts_are_the_same_in_any_order_of_their_names() -> None:
    one = AuditEntry(1, "t", "a", "k", "s", {"x": 1, "y": None}, GENESIS)
    assert one.digest() == replace(one, facts={"y": None, "x": 1}).digest()


@given(chains(), st.data())
def test_a_chain_that_was_rewritten_with_all_its_digests_does_not_go_through_its_anchor(
    chain: Chain, data: st.DataObject
) -> None:
    anchor = Anchored(len(chain), chain[-1][1])
    assert lost_anchors({entry.number: digest for entry, digest in chain}, [anchor]) == []
    first = data.draw(st.integers(0, len(chain) - 1))
    previous = chain[first - 1][1] if first else GENESIS
    for index in range(first, len(chain)):
        actor = chain[index][0].actor + ("!" if index == first else "")
        entry = replace(chain[index][0], actor=actor, previous=previous)
        chain[index] = (entry, previous := entry.digest())
    assert broken_links(chain) == []
    assert lost_anchors({entry.number: digest for entry, digest in chain}, [anchor])


def test_an_anchor_is_read_as_it_is_posted() -> None:
    digest = "aB" * 32
    assert Anchored.parse(f" 812:{digest} ") == Anchored(812, digest.lower())


@pytest.mark.parametrize("text", ["", "812", "812:", f":{'a' * 64}", f"x:{'a' * 64}", "8:" + "a" * 63])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="64 characters"):
        Anchored.parse(text)
