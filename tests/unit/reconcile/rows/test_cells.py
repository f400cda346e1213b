"""When two values are equal: the one definition, value by value."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from bot.reconcile.rows.cells import UNMAPPED
from tests.unit.reconcile.rows.columns import comparison, differ

NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)
NAIVE = datetime(2024, 7, 1, 14)  # noqa: DTZ001 — that is what is tested
ID = UUID("00000000-0000-0000-0000-00000000abcd")


@pytest.mark.parametrize(
    ("kinds", "legacy", "new"),
    [
        (("decimal", "decimal"), Decimal("1.10"), Decimal("1.1")),
        (("decimal", "decimal"), "1.10", 1.1),
        (("integer", "decimal"), 5, Decimal("5.000")),
        (("integer", "decimal"), 5, "5.0"),
        (("float", "decimal"), 0.1, Decimal("0.1")),
        (("float", "float"), -0.0, 0.0),
        (("float", "float"), float("nan"), float("nan")),
        (("float", "decimal"), float("nan"), "nan"),
        (("decimal", "decimal"), Decimal("Infinity"), "inf"),
        (("text", "text"), "é", "é"),
        (("boolean", "integer"), True, 1),
        (("boolean", "boolean"), "t", True),
        (("boolean", "boolean"), "FALSE", 0),
        (("date", "date"), "2024-02-29", date(2024, 2, 29)),
        (("timestamp", "timestamptz"), "2024-07-01 12:00:00", NOON),
        (("timestamptz", "timestamptz"), "2024-07-01T14:00:00.000+02:00", NOON),
        (("time", "time"), "09:30:00", time(9, 30)),
        (("time", "time"), timedelta(hours=9.5), time(9, 30)),
        (("bytes", "bytes"), b"\x00a", bytearray(b"\x00a")),
        (("uuid", "text"), ID, str(ID).upper()),
        (("json", "text"), {"b": [1, None], "a": True}, '{"a": true, "b": [1.0, null]}'),
        (("untyped", "decimal"), "1.50", Decimal("1.5")),
        (("decimal", "decimal"), "many", "many"),
        (("text", "text"), None, None),
    ],
)
def test_these_are_equal(kinds: tuple[str, str], legacy: object, new: object) -> None:
    assert not differ(comparison(*kinds), legacy, new)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kinds", "legacy", "new"),
    [
        (("integer", "integer"), 1149735850, 1149735825),
        (("decimal", "decimal"), "12345678901234567.01", Decimal("12345678901234567.02")),
        (("decimal", "decimal"), Decimal("1.14"), Decimal("1.1")),
        (("integer", "float"), 9007199254740993, 9007199254740992.0),
        (("text", "text"), None, ""),
        (("text", "text"), None, "NULL"),
        (("integer", "integer"), None, 0),
        (("text", "text"), "a", "a "),
        (("text", "text"), "a", "A"),
        (("text", "text"), "é", "e\u0301"),
        (("text", "text"), "1.0", "1"),
        (("boolean", "integer"), True, 2),
        (("date", "date"), "2024-02-29", date(2024, 2, 28)),
        (("timestamp", "timestamptz"), "2024-07-01 12:00:00.000001", NOON),
        (("time", "time"), timedelta(hours=24), time(0)),
        (("bytes", "bytes"), b"a", "a"),
        (("json", "json"), '{"a": 1}', '{"a": "1"}'),
        (("json", "json"), '{"a": 1}', '{"a": true}'),
        (("json", "json"), "null", None),
        (("untyped", "untyped"), 1, "1"),
        (("untyped", "untyped"), True, 1),
        (("float", "float"), float("nan"), 0.0),
        (("decimal", "decimal"), "many", 1),
    ],
)
def test_these_differ(kinds: tuple[str, str], legacy: object, new: object) -> None:
    assert differ(comparison(*kinds), legacy, new)  # type: ignore[arg-type]


def test_a_time_without_a_zone_is_taken_in_that_of_its_side() -> None:
    one = comparison("timestamp", "timestamptz", zones=("Europe/Berlin", "UTC"))
    assert not differ(one, NAIVE, NOON)
    assert differ(one, NAIVE, NAIVE.replace(tzinfo=UTC))


def test_a_time_that_the_clocks_skip_is_no_instant_and_does_not_pass_for_the_next_hour() -> None:
    one = comparison("timestamp", "timestamptz", zones=("Europe/Berlin", "UTC"))
    skipped = "2024-03-31 02:30:00"
    found = one.difference(skipped, "2024-03-31 01:30:00Z")
    assert found is not None
    assert found.note == "legacy's value is no time"


def test_a_mapped_value_is_compared_and_one_without_a_mapping_is_told_of() -> None:
    one = comparison("text", "boolean", map={"A": True, "I": False})
    assert not differ(one, "A", True)
    assert not differ(one, None, None)
    assert differ(one, "A", False)
    found = one.difference("X", True)
    assert found is not None
    assert found.note == UNMAPPED


@pytest.mark.parametrize(
    ("legacy", "new", "equal"),
    [("2.5", "2", True), ("2.5", "3", False), ("3.5", "4", True), ("2.51", "3", True), ("1e3", "1000", True)],
)
def test_rounding_is_half_to_even_on_both_sides(legacy: str, new: str, equal: bool) -> None:
    assert differ(comparison("decimal", round=0), Decimal(legacy), Decimal(new)) is not equal


@pytest.mark.parametrize(
    ("tolerance", "legacy", "new", "equal"),
    [
        ("0.5", "1", "1.5", True),
        ("0.5", "1", "1.51", False),
        ("0.1%", "-1000", "-1001", True),
        ("0.1%", "-1000", "-1001.0001", False),
        ("50%", "0", "0", True),
        ("50%", "0", "0.0001", False),
        ("50%", "NaN", "1", False),
    ],
)
def test_a_tolerance_is_a_number_or_a_percentage_of_legacy(
    tolerance: str, legacy: str, new: str, equal: bool
) -> None:
    assert differ(comparison("decimal", tolerance=tolerance), legacy, new) is not equal


def test_trimming_and_null_as_empty_are_rules_of_a_column() -> None:
    assert not differ(comparison("text", trim=True), "ab   ", "ab")
    assert differ(comparison("text", trim=True), " ab", "ab")
    assert not differ(comparison("text", null_is_empty=True), None, "")
    assert not differ(comparison("text", null_is_empty=True, trim=True), None, "   ")


@pytest.mark.parametrize(
    ("cast", "kinds", "legacy", "new"),
    [
        ("text", ("integer", "text"), 5, "5"),
        ("text", ("boolean", "text"), True, "true"),
        ("text", ("timestamptz", "text"), NOON, "2024-07-01T12:00:00Z"),
        ("integer", ("text", "integer"), "007", 7),
        ("decimal", ("text", "decimal"), "1.50", Decimal("1.5")),
        ("boolean", ("text", "boolean"), "Y", True),
        ("date", ("timestamp", "date"), NAIVE, date(2024, 7, 1)),
        ("timestamp", ("text", "timestamptz"), "2024-07-01T12:00:00Z", NOON),
    ],
)
def test_a_cast_reads_both_sides_as_that_kind(
    cast: str, kinds: tuple[str, str], legacy: object, new: object
) -> None:
    assert not differ(comparison(*kinds, cast=cast), legacy, new)  # type: ignore[arg-type]


def test_values_are_nowhere_unless_the_playbook_shows_them() -> None:
    hidden = comparison("decimal").difference(Decimal(41999), None)
    assert hidden is not None
    assert "41999" not in repr(hidden)
    shown = comparison("decimal", show=True).difference(Decimal("41999.50"), None)
    assert shown is not None
    assert (shown.legacy, shown.new) == ("41999.5", "NULL")
    assert comparison("decimal").one_sided(1, "legacy") is None


@pytest.mark.parametrize("kind", ["text", "decimal", "integer", "boolean", "date", "timestamptz", "untyped"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_values_that_are_not_read_because_they_are_one_would_be_equal_when_read(kind: str, zone: str) -> None:
    values = ("a", "1.10", "1.1", "2024-07-01 12:00", "many", "", 1, True, 0, False, b"a", None, NOON)
    numbers = (
        Decimal("1.10"),
        Decimal("1.1"),
        Decimal("NaN"),
        1.5,
        float("nan"),
        -0.0,
        0.0,
        date(2024, 7, 1),
    )
    one = comparison(kind, kind, zones=("UTC", zone))  # type: ignore[arg-type]
    for legacy in (*values, *numbers):
        for new in (*values, *numbers):
            equal = one.equal(one.legacy(legacy), one.new(new))
            assert one.differ(legacy, new) is not equal
            assert equal or not one.same_as_given(legacy, new)
    assert one.same_as_given("1.10", "1.10") is (zone == "UTC")
    assert not one.same_as_given(Decimal("1.10"), Decimal("1.1"))
