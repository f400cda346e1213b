"""Comparison under a tolerance, case by case."""

from decimal import Decimal

import pytest

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.comparison import Periods, compare_grouped, compare_growth, compare_scalar, error_result
from bot.domain.group import Group, group_name
from bot.domain.playbook.checks import Check

SIDES = {"legacy": "SELECT 1", "new": "SELECT 1"}


def check(tolerance: str, **kind: object) -> Check:
    return Check.model_validate(
        {"id": "c", "title": "C", "owner": "lead", "on_fail": "Look", "tolerance": tolerance}
        | (kind or {"scalar": SIDES})
    )


def scalar(legacy: str, new: str, tolerance: str) -> CheckResult:
    return compare_scalar(check(tolerance), Decimal(legacy), Decimal(new))


def grouped(legacy: dict[Group, int], new: dict[Group, int], tolerance: str = "0%") -> CheckResult:
    return compare_grouped(
        check(tolerance, grouped=SIDES),
        {group: Decimal(number) for group, number in legacy.items()},
        {group: Decimal(number) for group, number in new.items()},
    )


def growth(legacy: tuple[str, str], new: tuple[str, str], tolerance: str = "0.5pp") -> CheckResult:
    both = {"current": SIDES, "previous": SIDES}
    before, after = (Periods(Decimal(one[0]), Decimal(one[1])) for one in (legacy, new))
    return compare_growth(check(tolerance, growth=both), before, after)


@pytest.mark.parametrize(
    ("legacy", "new", "tolerance", "status", "difference"),
    [
        ("0", "0", "0%", "passed", "0"),
        ("0", "5", "100%", "failed", "new from zero"),
        ("0", "5", "5", "passed", "+5"),
        ("5", "0", "100%", "passed", "-100%"),
        ("100000", "100100", "0.1%", "passed", "+0.1%"),
        ("100000", "99900", "0.1%", "passed", "-0.1%"),
        ("-100", "-101", "1%", "passed", "-1%"),
        ("-100", "100", "199%", "failed", "+200%"),
        ("1000", "1003", "3", "passed", "+3"),
        ("1000", "1003.01", "3", "failed", "+3.01"),
        ("1.10", "1.1", "0%", "passed", "0"),
        ("1.14", "1.1", "0%", "failed", "-3.51%"),
    ],
)
def test_two_numbers_are_compared_with_legacy_as_the_measure(
    legacy: str, new: str, tolerance: str, status: str, difference: str
) -> None:
    result = scalar(legacy, new, tolerance)
    assert (result.status, result.difference) == (status, difference)


def test_new_from_zero_has_no_variance() -> None:
    assert scalar("0", "5", "0%").variance is None


def test_numbers_that_one_float_cannot_tell_apart_differ() -> None:
    assert scalar("1149735850", "1149735825", "0%").status == "failed"
    tiny = scalar("12345678901234567.01", "12345678901234567.02", "0%")
    assert (tiny.status, tiny.new) == ("failed", "12,345,678,901,234,567.02")
    assert Decimal(tiny.difference.strip("+%")) > 0


def test_numbers_longer_than_the_usual_decimal_context_differ_and_are_shown_whole() -> None:
    long = "1" * 60
    result = scalar(long, long[:-1] + "2", "0%")
    assert result.status == "failed"
    assert result.legacy.replace(",", "") == long


def test_a_difference_is_never_shown_on_the_other_side_of_its_limit() -> None:
    above = scalar("1000000000", "1001000001", "0.1%")
    assert (above.status, above.difference) == ("failed", "+0.1000001%")
    assert scalar("100000", "100012", "0%").difference == "+0.01%"
    assert scalar("100000000", "100000001", "0%").difference == "+0.000001%"


def test_values_are_told_as_people_write_them() -> None:
    result = scalar("812440120.50", "814958684.87", "0.1%")
    assert (result.legacy, result.new) == ("812,440,120.5", "814,958,684.87")
    assert (result.difference, result.tolerance) == ("+0.31%", "0.1%")


def test_the_result_carries_what_the_playbook_says_about_the_check() -> None:
    result = scalar("1", "2", "0%")
    assert (result.check, result.title, result.owner, result.on_fail) == ("c", "C", "lead", "Look")


def test_the_worst_group_is_the_variance_and_the_differing_groups_are_named_worst_first() -> None:
    result = grouped(
        {("A",): 100, ("B",): 100, ("C",): 100}, {("A",): 100, ("B",): 101, ("C",): 95}, tolerance="2%"
    )
    assert (result.status, result.variance) == ("failed", Decimal(-5))
    assert (result.legacy, result.new, result.difference) == ("3 groups", "3 groups", "2 of 3 groups differ")
    assert [(one.group, one.outside) for one in result.groups] == [("C", True), ("B", False)]


def test_groups_within_the_tolerance_pass_and_are_told_all_the_same() -> None:
    result = grouped({("A",): 100, ("B",): 1}, {("A",): 102, ("B",): 1}, tolerance="2%")
    assert (result.status, result.variance, result.difference) == (
        "passed",
        Decimal(2),
        "1 of 2 groups differs",
    )


def test_equal_groups_have_no_difference() -> None:
    result = grouped({("A",): 1}, {("A",): 1})
    assert (result.status, result.variance, result.difference, result.legacy) == (
        "passed",
        Decimal(0),
        "0",
        "1 group",
    )


@pytest.mark.parametrize(("legacy", "new"), [({("A",): 1, ("B",): 0}, {("A",): 1}), ({}, {("A",): 1})])
def test_a_group_that_is_missing_on_a_side_fails_whatever_the_tolerance(
    legacy: dict[Group, int], new: dict[Group, int]
) -> None:
    for one, other in ((legacy, new), (new, legacy)):
        result = grouped(one, other, tolerance="100%")
        assert (result.status, result.variance) == ("failed", None)
        assert [group.variance for group in result.groups] == [None]


def test_a_null_group_is_not_the_group_of_that_text() -> None:
    result = grouped({(None,): 1}, {("NULL",): 1})
    assert result.status == "failed"
    assert {group.group for group in result.groups} == {"NULL", "'NULL'"}


def test_two_empty_sides_are_an_error_and_not_a_pass() -> None:
    result = grouped({}, {})
    assert (result.status, result.problem) == ("error", "both sides are empty")


@pytest.mark.parametrize(
    ("one", "other"),
    [(("a / b", "c"), ("a", "b / c")), (("a/", "b"), ("a", "/b")), (("",), (None,)), (("'a'",), ("a",))],
)
def test_two_groups_never_have_one_name(one: Group, other: Group) -> None:
    assert group_name(one) != group_name(other)


def test_rates_of_growth_are_compared_in_percentage_points() -> None:
    result = growth(("1000", "1021"), ("1000", "1024.5"))
    assert (result.status, result.legacy, result.new) == ("passed", "+2.1%", "+2.45%")
    assert (result.difference, result.tolerance) == ("+0.35 pp", "0.5 pp")


def test_growth_exactly_at_the_limit_passes_and_a_hair_above_fails() -> None:
    assert growth(("300", "310"), ("600", "623")).status == "passed"
    assert growth(("300", "310"), ("600", "623.0000000001")).status == "failed"


@pytest.mark.parametrize(
    ("legacy", "new", "sides"),
    [
        (("0", "5"), ("1", "1"), "legacy"),
        (("1", "1"), ("0", "0"), "new"),
        (("0", "0"), ("0", "0"), "legacy and new"),
    ],
)
def test_growth_from_zero_is_an_error_and_never_zero(
    legacy: tuple[str, str], new: tuple[str, str], sides: str
) -> None:
    result = growth(legacy, new)
    assert (result.status, result.variance) == ("error", None)
    assert result.problem == f"growth is undefined: the previous figure is 0 in {sides}"


def test_an_error_is_never_clean() -> None:
    assert not Reconciled(results=(error_result(check("0%"), "gone"), scalar("1", "1", "0%"))).clean
