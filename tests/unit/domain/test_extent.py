"""An explanation covers as much as there was when it was given."""

from decimal import Decimal

import pytest

from bot.domain.extent import Extent
from bot.domain.sighting import Seen, Sighting
from tests.unit.domain.discrepancies import ANA, carry, moment, one


def off(variance: str | None) -> Extent:
    return Extent(variance=None if variance is None else Decimal(variance))


@pytest.mark.parametrize(
    ("now", "explained", "limit", "outgrown"),
    [
        (off("0.31"), off("0.31"), "0", False),
        (off("0.34"), off("0.31"), "0", False),
        (off("0.35"), off("0.31"), "0", True),
        (off("0.44"), off("0.31"), "0.1", False),
        (off("0.45"), off("0.31"), "0.1", True),
        (off("-0.31"), off("0.31"), "0.1", True),
        (off("-0.35"), off("-0.31"), "0", True),
        (off("0.1"), off("7.2"), "0", False),
        (off(None), off("7.2"), "0", True),
        (off("7.2"), off(None), "0", False),
        (off(None), off(None), "0", False),
        (Extent(columns=("a",)), Extent(columns=("a", "b")), "0", False),
        (Extent(columns=("a", "c")), Extent(columns=("a", "b")), "0", True),
        (Extent(columns=("a",)), Extent(), "0", False),
        (Extent(), Extent(columns=("a",)), "0", False),
        (Extent(count=41), Extent(count=40), "0", True),
        (Extent(count=39), Extent(count=40), "0", False),
    ],
)
def test_it_is_outgrown_by_more_of_it_or_something_else(
    now: Extent, explained: Extent, limit: str, *, outgrown: bool
) -> None:
    assert now.outgrows(explained, Decimal(limit)) == outgrown


def test_what_is_far_worse_than_it_was_explained_is_open_again_and_says_so() -> None:
    entry = one(text="+0.31%", extent=off("0.31")).explained("bug", "cents", version=1, by=ANA, at=moment(0))
    worse = Sighting("postings", "data", (Seen("a", "+7.2%", off("7.2")),), limit=Decimal("0.1"))
    known, kinds = carry({"a": entry}, worse, 1)
    assert (kinds, known["a"].status) == ({"a": "grew"}, "new")
    assert known["a"].change == "is open again: +7.2%, and it was explained as +0.31%"
    assert known["a"].earlier is not None
    assert known["a"].earlier.ended == "grew"
