"""What changed between two reconciliations, in words."""

from decimal import Decimal

import pytest

from bot.domain.check_result import CheckResult, Found, GroupDifference, Reconciled
from bot.domain.summary_changes import RowChanges, changes
from tests.unit.domain.check_results import result

PASSED = result("passed", "0.1", tolerance="1%")


def failed(variance: str | None = "3", **more: object) -> CheckResult:
    found = {"difference": "new from zero" if variance is None else f"+{variance}%", **more}
    return result("failed", variance, tolerance="1%").model_copy(update=found)


def group(name: str, *, outside: bool = True) -> GroupDifference:
    return GroupDifference(group=name, legacy=Decimal(1), new=None, variance=None, outside=outside)


def told(before: CheckResult, now: CheckResult) -> list[str]:
    both = (Reconciled(results=(one,)) for one in (before, now))
    return [f"{change.kind}: {change.text}" for change in changes(*both)]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (PASSED, PASSED, []),
        (PASSED, failed(), ["failing: newly outside its limit: +3% (limit 1%)"]),
        (failed(), PASSED, ["fixed: fixed (was +3%)"]),
        (failed("3"), failed("4"), ["worse: worse: +4% after +3%"]),
        (failed("-4"), failed("3"), ["better: better: +3% after +-4%"]),
        (failed("3"), failed("-3"), []),
        (failed("3"), failed(None), ["worse: worse: new from zero after +3%"]),
        (failed(None), failed("3"), ["better: better: +3% after new from zero"]),
        (failed(None), failed(None), []),
        (PASSED, result("error", None), ["broken: could not be done"]),
        (PASSED, result("unknown", None), ["broken: says nothing today"]),
        (result("error", None), PASSED, ["fixed: could be compared again, and passes"]),
        (
            failed(groups=(group("a"), group("b"), group("d", outside=False))),
            failed(groups=(group("b"), group("c"), group("d"))),
            ["worse: new: group c, group d", "better: fixed: group a"],
        ),
        (failed(), failed(found=(Found(name="pay", text="no such column"),)), ["worse: new: pay"]),
    ],
)
def test_each_way_from_one_result_to_the_next_is_told_once(
    before: CheckResult, now: CheckResult, expected: list[str]
) -> None:
    assert told(before, now) == expected


def test_checks_that_came_and_went_are_told_and_the_worse_comes_first() -> None:
    old, new, worse = (
        one.model_copy(update={"check": name, "title": name})
        for one, name in ((PASSED, "old"), (PASSED, "new"), (failed(), "worse"))
    )
    calm = worse.model_copy(update={"status": "passed"})
    found = changes(Reconciled(results=(old, calm)), Reconciled(results=(new, worse)))
    assert [(change.kind, change.title) for change in found] == [
        ("failing", "worse"),
        ("added", "new"),
        ("removed", "old"),
    ]


def test_rows_are_told_by_how_many_are_new_and_fixed() -> None:
    both = Reconciled(results=(failed(),))
    found = changes(both, both, rows={"c": RowChanges(new=1, fixed=12)})
    assert [change.text for change in found] == ["1 row new, 12 fixed"]
    assert changes(both, both, rows={"c": RowChanges(new=0, fixed=0)}) == ()
