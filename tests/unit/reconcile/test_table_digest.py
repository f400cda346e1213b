"""The digest of a table's rows."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.reconcile.table_digest import TableDigest

cells = st.none() | st.integers() | st.text() | st.binary() | st.decimals(allow_nan=False) | st.booleans()
rows = st.lists(st.tuples(cells, cells), max_size=8)


def digest(columns: list[str], of: list[tuple[object, ...]]) -> str:
    found = TableDigest(columns)
    found.add(of)
    assert found.rows == len(of)
    return found.hexadecimal


@given(rows, st.randoms())
def test_the_order_of_rows_and_of_columns_does_not_matter(some: list[tuple[object, object]], chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(some)
    chance.shuffle(shuffled)
    turned = [(second, first) for first, second in shuffled]
    assert digest(["a", "b"], [*some]) == digest(["b", "a"], [*turned])


@given(rows, st.tuples(cells, cells))
def test_a_row_more_is_another_digest_even_a_double_one(
    some: list[tuple[object, object]], more: tuple[object, object]
) -> None:
    assert digest(["a", "b"], [*some]) != digest(["a", "b"], [*some, more])


def test_what_only_looks_alike_is_not_the_same() -> None:
    alike: list[tuple[object, ...]] = [
        ("ab", "c"),
        ("a", "bc"),
        (None, ""),
        ("", None),
        (1, "1"),
        ("1", 1),
        (True, "1"),
        (Decimal("1.0"), "1"),
        (Decimal("1.00"), "1"),
        (b"1", "1"),
    ]
    assert len({digest(["a", "b"], [row]) for row in alike}) == len(alike)
    assert digest(["a"], []) != digest(["b"], [])
