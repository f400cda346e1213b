"""What counts as clean."""

import pytest

from bot.domain.check_result import CheckResult, CheckStatus, Reconciled
from bot.domain.cleanness import cleanness, overall_cleanness
from bot.domain.discrepancy import WHOLE, Discrepancy
from tests.unit.domain.check_results import result
from tests.unit.domain.discrepancies import ANA, date_of, moment, one

OPEN = one(check="c", name=WHOLE)
EXPLAINED = OPEN.explained("bug", "known", version=1, by=ANA, at=moment(0))
ACCEPTED = OPEN.accepted(date_of(3), "soon", category=None, today=date_of(0), version=1, by=ANA, at=moment(0))
FIXED = OPEN.model_copy(update={"status": "fixed"})


def judged(
    status: CheckStatus, *known: Discrepancy, explained_is_clean: bool = True, day: int = 0
) -> tuple[str, str]:
    """Of one result, and of a reconciliation that has nothing else."""
    one_result: CheckResult = result(status)
    how = {"explained_is_clean": explained_is_clean}
    return (
        cleanness(one_result, known, day=date_of(day), **how),
        overall_cleanness(Reconciled(results=(one_result,)), known, day=date_of(day), **how),
    )


@pytest.mark.parametrize(
    ("status", "known", "expected"),
    [
        ("passed", (), "clean"),
        ("passed", (OPEN,), "clean"),
        ("failed", (), "not clean"),
        ("failed", (OPEN,), "not clean"),
        ("failed", (FIXED,), "not clean"),
        ("failed", (EXPLAINED,), "explained"),
        ("failed", (ACCEPTED,), "explained"),
        ("failed", (EXPLAINED.model_copy(update={"name": "other"}),), "not clean"),
        ("failed", (EXPLAINED, OPEN.model_copy(update={"name": "b"})), "not clean"),
        ("failed", (EXPLAINED, FIXED.model_copy(update={"name": "b"})), "explained"),
        ("failed", (EXPLAINED.model_copy(update={"check": "other"}),), "not clean"),
        ("error", (EXPLAINED,), "not clean"),
        ("unknown", (EXPLAINED,), "not clean"),
    ],
)
def test_a_failed_check_is_clean_but_explained_only_when_everything_that_differs_is(
    status: CheckStatus, known: tuple[Discrepancy, ...], expected: str
) -> None:
    assert judged(status, *known) == (expected, expected)


def test_an_explained_one_does_not_count_as_clean_unless_the_playbook_says_so() -> None:
    assert judged("failed", EXPLAINED, explained_is_clean=False) == ("not clean", "not clean")


def test_an_acceptance_counts_to_the_end_of_its_day() -> None:
    assert [judged("failed", ACCEPTED, day=day)[0] for day in (3, 4)] == ["explained", "not clean"]


def test_a_reconciliation_is_as_clean_as_its_worst_result_and_without_any_it_is_not() -> None:
    passed, failed = result("passed"), result("failed")
    how = {"explained_is_clean": True, "day": date_of(0)}
    assert overall_cleanness(Reconciled(results=(passed, failed)), (EXPLAINED,), **how) == "explained"
    assert overall_cleanness(Reconciled(results=(passed, failed)), (), **how) == "not clean"
    assert overall_cleanness(Reconciled(results=()), (EXPLAINED,), **how) == "not clean"
