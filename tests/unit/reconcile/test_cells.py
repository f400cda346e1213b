"""Database values as exact decimals and group keys."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import SourceError
from bot.reconcile.cells import to_decimal, to_group_part


@given(st.integers())
def test_integers_are_taken_digit_by_digit(number: int) -> None:
    assert int(to_decimal(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_reads_back_as_itself(number: float) -> None:
    assert float(to_decimal(number)) == number


@pytest.mark.parametrize("cell", [None, "1", True, b"1", float("nan"), float("-inf"), Decimal("NaN")])
def test_what_is_not_a_finite_number_is_refused(cell: object) -> None:
    with pytest.raises(SourceError):
        to_decimal(cell)


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        (None, None),
        ("", ""),
        (" a ", " a "),
        (1, "1"),
        (1.0, "1"),
        (Decimal("1.10"), "1.1"),
        (Decimal("1E+3"), "1000"),
        (100, "100"),
        (True, "true"),
        (date(2025, 1, 2), "2025-01-02"),
        (datetime(2025, 1, 2, 3, 4, tzinfo=UTC), "2025-01-02T03:04:00+00:00"),
        (b"\x01\xff", "01ff"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_a_part_of_a_group_is_the_same_text_on_every_database(cell: object, part: str | None) -> None:
    assert to_group_part(cell) == part


def test_a_part_that_has_no_text_is_refused() -> None:
    with pytest.raises(SourceError, match="list"):
        to_group_part([1])
