"""What a reconciliation says over its checks."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.check_result import CheckResult, GroupDifference, Reconciled
from tests.unit.domain.check_results import result

results = st.builds(
    result,
    st.sampled_from(["passed", "failed", "error"]),
    st.none() | st.integers(-9, 9).map(str),
    critical=st.booleans(),
    tolerance=st.sampled_from(["0%", "0.5 pp", "3"]),
)


def test_an_error_is_no_pass() -> None:
    reconciled = Reconciled(results=(result(), result("error", None)))
    assert (reconciled.clean, reconciled.failed, reconciled.errors) == (False, 0, 1)


def test_nothing_compared_is_not_clean() -> None:
    assert not Reconciled(results=()).clean


@given(st.lists(results))
def test_clean_means_neither_failed_nor_errors(found: list[CheckResult]) -> None:
    reconciled = Reconciled(results=tuple(found))
    assert reconciled.clean == (bool(found) and not reconciled.failed and not reconciled.errors)


@given(st.lists(results))
def test_the_largest_critical_variance_is_that_of_those_with_a_number_in_percent(
    found: list[CheckResult],
) -> None:
    expected: Decimal | None = None
    for one in found:
        if one.critical and one.tolerance == "0%" and one.variance is not None:
            expected = max(expected or Decimal(0), abs(one.variance))
    assert Reconciled(results=tuple(found)).max_critical_variance() == expected


def test_a_negative_variance_is_as_large_as_a_positive_one() -> None:
    reconciled = Reconciled(results=(result("failed", "-7.2"), result("failed", "3")))
    assert reconciled.max_critical_variance() == Decimal("7.2")


def test_failed_checks_are_ordered_critical_first_then_by_how_far_off_they_are_against_their_limit() -> None:
    expected = [
        result("failed", None, tolerance="5%"),
        result("failed", "-7.2", tolerance="0.1%"),
        result("failed", "1", tolerance="0%"),
        result("failed", "9", tolerance="5%"),
        result("failed", "4000", tolerance="1,000", critical=False),
        result("failed", "1", tolerance="0.5 pp", critical=False),
        result("error", None),
        result("passed", "0", critical=False),
        result("passed", "0"),
    ]
    mixed = [*reversed(expected[:7]), *expected[7:]]
    assert sorted(mixed, key=CheckResult.worst_first) == expected
    assert Reconciled(results=tuple(mixed)).worst == expected[0]


def test_without_a_failed_check_none_is_the_worst() -> None:
    assert Reconciled(results=(result(), result("error", None))).worst is None


def test_at_most_three_groups_are_named_and_the_others_counted() -> None:
    def of(*sides: tuple[int | None, int | None]) -> CheckResult:
        groups = tuple(
            GroupDifference(
                group=str(number),
                legacy=None if legacy is None else Decimal(legacy),
                new=None if new is None else Decimal(new),
                variance=None,
                outside=True,
            )
            for number, (legacy, new) in enumerate(sides, start=3)
        )
        return result("failed").model_copy(update={"groups": groups})

    assert of().named_groups() == ""
    assert of((21654, 21617)).named_groups() == "group 3: 21,654 → 21,617"
    assert of((None, 1), (2, None), (3, 4)).named_groups() == (
        "group 3: missing → 1; group 4: 2 → missing; group 5: 3 → 4"
    )
    assert of(*[(1, 2)] * 7).named_groups().endswith("group 5: 1 → 2; and 4 more")


def test_a_problem_is_shared_where_several_checks_have_it_and_no_other() -> None:
    def problems(*texts: str) -> str:
        errors = [result("error", None).model_copy(update={"problem": text}) for text in texts]
        return Reconciled(results=(*errors, result())).shared_problem

    assert problems("gone", "gone") == "gone"
    assert [problems(), problems("gone"), problems("gone", "slow")] == ["", "", ""]
