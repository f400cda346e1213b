"""The review of a run that one person started alone."""

import pytest

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.review import Review
from tests.unit.domain.ledger import ANA, NOW, SAM, after

OPEN = Review(
    id="review",
    run="run",
    migration="ledger",
    role="operator",
    broken_by=SAM,
    reason="nobody answers",
    opened_at=NOW,
)


def test_another_person_closes_it_with_what_they_found() -> None:
    closed = OPEN.closed(by=ANA, at=after(60), note=" fine ")
    assert (closed.closed_by, closed.closed_at, closed.note) == (ANA, after(60), "fine")
    with pytest.raises(SupersededError, match="Ana closed this review already: fine"):
        closed.closed(by=ANA, at=after(70), note="again")


@pytest.mark.parametrize("actor", [SAM, Actor(SAM.id, "Samuel"), Actor("terminal:sam", "sam")])
def test_who_went_on_alone_does_not_close_it(actor: Actor) -> None:
    assert OPEN.refuses(actor)
    assert not OPEN.refuses(ANA)


@pytest.mark.parametrize("note", ["", " \n"])
def test_it_takes_a_note(note: str) -> None:
    with pytest.raises(RefusedError, match="says what was found"):
        OPEN.closed(by=ANA, at=NOW, note=note)
