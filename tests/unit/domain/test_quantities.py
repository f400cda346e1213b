"""Durations, limits and numbers: read as written, written so that they can be read again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.domain.quantities import Limit, clock, format_duration, parse_duration, plain, rounded

milliseconds = st.integers(0, 10**11).map(lambda number: timedelta(milliseconds=number))
decimals = st.decimals(min_value=-(10**12), max_value=10**12, places=8)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("5m", 300),
        ("1h30m", 5400),
        ("14d", 1_209_600),
        ("1.5s", 1.5),
        ("250ms", 0.25),
        (" 2w ", 1_209_600),
    ],
)
def test_a_duration_is_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", 5, "5 m", "m", "-5m", "5x", "1h30", "five minutes", None, "1e3s"])
def test_what_is_no_duration_is_refused_with_an_example(text: object) -> None:
    with pytest.raises(ValueError, match="write 30s, 5m, 1h30m or 14d"):
        parse_duration(text)


def test_a_duration_beyond_all_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than any duration"):
        parse_duration("9" * 30 + "w")


@given(milliseconds)
def test_a_duration_that_was_written_is_read_as_the_same(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (19.9, "0:19"), (211, "3:31"), (3725, "1:02:05"), (-3, "0:00"), (86400, "24:00:00")],
)
def test_a_stopwatch_shows_whole_seconds_that_have_passed(seconds: float, text: str) -> None:
    assert clock(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("written", "value", "unit", "text"),
    [
        ("5%", "5", "%", "5%"),
        ("0.1 %", "0.1", "%", "0.1%"),
        ("0.5pp", "0.5", "pp", "0.5 pp"),
        (3, "3", "", "3"),
        ("10000", "10000", "", "10,000"),
    ],
)
def test_a_limit_is_a_number_with_what_it_counts(written: object, value: str, unit: str, text: str) -> None:
    limit = TypeAdapter(Limit).validate_python(written)
    assert (limit.value, limit.unit, str(limit)) == (Decimal(value), unit, text)
    assert Limit.model_validate(limit.model_dump(mode="json")) == limit


@pytest.mark.parametrize("written", ["five", "%", "5 percent", "inf%", "nan", True, None])
def test_what_is_no_limit_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Limit).validate_python(written)


@given(decimals)
def test_a_plain_number_is_the_number(number: Decimal) -> None:
    assert Decimal(plain(number).replace(",", "")) == number
    assert "E" not in plain(number)


@given(decimals)
def test_rounding_is_to_two_decimals_unless_nothing_would_be_left(number: Decimal) -> None:
    obvious = round(number, 2)
    assert rounded(number) == obvious if obvious or not number else rounded(number) != 0


@given(decimals, st.decimals(min_value=0, max_value=100, places=3))
def test_rounding_does_not_cross_a_limit(number: Decimal, limit: Decimal) -> None:
    assert (abs(rounded(number, limit=limit)) > limit) == (abs(number) > limit)
