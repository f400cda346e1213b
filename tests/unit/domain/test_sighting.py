"""Which discrepancies a result tells of, by which names."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.check_result import Found, GroupDifference
from bot.domain.discrepancy import WHOLE
from bot.domain.extent import Extent
from bot.domain.row_difference import RowsFound
from bot.domain.sighting import LONGEST_NAME, RowSeen, Seen, register_name, sighting
from tests.unit.domain.check_results import result


def group(name: str, *, outside: bool) -> GroupDifference:
    return GroupDifference(
        group=name, legacy=Decimal(3), new=Decimal(4), variance=Decimal(33), outside=outside
    )


def test_a_number_that_is_off_is_the_check_as_a_whole() -> None:
    failed = result("failed", "7.2").model_copy(update={"difference": "+7.2%"})
    found = sighting(failed)
    assert found is not None
    assert (found.seen, found.complete, found.outside) == (
        (Seen(WHOLE, "+7.2%", Extent(variance=Decimal("7.2"))),),
        True,
        True,
    )


def test_of_groups_each_one_outside_is_named() -> None:
    groups = (group("A", outside=True), group("B", outside=False))
    failed = result("failed").model_copy(update={"kind": "grouped", "groups": groups})
    found = sighting(failed)
    assert found is not None
    assert found.seen == (Seen("A", "group A: 3 → 4", Extent(variance=Decimal(33))),)


def test_what_a_check_of_a_table_found_has_its_own_names() -> None:
    failed = result("failed").model_copy(update={"kind": "rules", "found": (Found(name="n", text="t"),)})
    found = sighting(failed)
    assert found is not None
    assert found.seen == (Seen("n", "t"),)


def test_of_rows_each_key_is_named_with_its_kind_and_what_is_not_listed_is_counted() -> None:
    counts = RowsFound(legacy=10, new=10, differing=5, missing_in_new=1)
    failed = result("failed").model_copy(update={"kind": "rows", "rows": counts})
    rows = (RowSeen("differing", "4711", ("amount", "state")), RowSeen("missing_in_new", "4711"))
    found = sighting(failed, rows)
    assert found is not None
    assert found.seen == (
        Seen("4711 (differing)", "differing in amount, state", Extent(columns=("amount", "state"))),
        Seen("4711 (missing in new)", "missing in new"),
    )
    assert (found.unnamed, found.complete) == (4, False)


def test_a_check_that_could_not_be_done_or_says_nothing_settles_nothing() -> None:
    assert [sighting(result("error", None)), sighting(result("unknown", None))] == [None, None]


def test_a_check_that_passed_sees_nothing_and_settles_everything() -> None:
    found = sighting(result("passed"))
    assert found is not None
    assert (found.seen, found.complete) == ((), True)


def test_a_failed_check_always_says_something() -> None:
    for kind in ("grouped", "rows", "schema", "ready"):
        rows = RowsFound(legacy=0, new=0) if kind == "rows" else None
        limit = "0%" if kind == "grouped" else "2h"
        failed = result("failed", tolerance=limit).model_copy(update={"kind": kind, "rows": rows})
        found = sighting(failed)
        assert found is not None
        assert [seen.name for seen in found.seen] == [WHOLE]


texts = st.text(max_size=20) | st.text(min_size=290, max_size=310) | st.just("k" * 2000)


@given(texts, texts)
def test_a_name_fits_and_no_two_are_taken_for_one(one: str, other: str) -> None:
    names = register_name(one), register_name(other)
    assert all(len(name) <= LONGEST_NAME and "\x00" not in name for name in names)
    assert (names[0] == names[1]) == (one == other)
    if len(one) <= LONGEST_NAME and "\x00" not in one:
        assert names[0] == one


def test_long_names_that_begin_alike_are_told_apart_by_their_digest() -> None:
    first, second = register_name("k" * 400 + "a"), register_name("k" * 400 + "b")
    assert first != second
    assert first.startswith("k" * 220 + "… (sha256 ")
