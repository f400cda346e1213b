"""The slow, obvious comparison that the fast one is held against; and random rows for both."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

Row = tuple[object, ...]
"""id, code, amount, name, flag, ratio, moment, data."""

TEXTS = (
    "a-1",
    "A-2",
    "é",
    "é",
    "😀",
    "a ",
    "a",
    "",
    "\uffff",
    "\U00010000",
    "ß",
    "ss",
    "a|b",
    "10",
    "9",
    "NULL",
    "it's",
)
_texts = st.one_of(
    st.sampled_from(TEXTS),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=6),
)
_amounts = st.one_of(
    st.sampled_from(
        [
            Decimal("1.10"),
            Decimal("1.1"),
            Decimal("1.14"),
            Decimal("12345678901234567.01"),
            Decimal("12345678901234567.02"),
            Decimal(0),
        ]
    ),
    st.decimals(min_value=-(10**20), max_value=10**20, places=4),
)
_moments = st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ROWS = st.tuples(
    st.integers(-3, 60),
    st.sampled_from(TEXTS),
    st.none() | _amounts,
    st.none() | _texts,
    st.none() | st.booleans(),
    st.none() | st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
    st.none() | _moments,
    st.none() | st.binary(max_size=4),
)


@st.composite
def two_sides(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """Rows of legacy; and those of new: the same, some lost, some changed, some twice, some more."""
    legacy = draw(st.lists(ROWS, max_size=60))
    new = []
    for row in legacy:
        fate = draw(st.sampled_from(["same"] * 6 + ["lost", "changed", "twice"]))
        if fate == "changed":
            column = draw(st.integers(2, 7))
            other = draw(ROWS)
            new.append((*row[:column], other[column], *row[column + 1 :]))
        elif fate != "lost":
            new += [row] * (2 if fate == "twice" else 1)
    return legacy, draw(st.permutations(new + draw(st.lists(ROWS, max_size=2))))


def differences(legacy: Sequence[Row], new: Sequence[Row], *, key: int) -> set[tuple[str, Row]]:
    """Kind and key of every key that differs; the first `key` columns are the key."""
    groups: dict[Row, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((legacy, new)):
        for row in rows:
            groups[row[:key]][side].append(row)
    found = set()
    for name, (mine, theirs) in groups.items():
        if len(mine) > 1 or len(theirs) > 1:
            found.add(("duplicated", name))
        elif not theirs:
            found.add(("missing_in_new", name))
        elif not mine:
            found.add(("missing_in_legacy", name))
        elif mine[0] != theirs[0]:
            found.add(("differing", name))
    return found


def in_order(names: Sequence[Row]) -> bool:
    """Whether keys are in order, by code points."""
    return all(one <= other for one, other in pairwise(names))
