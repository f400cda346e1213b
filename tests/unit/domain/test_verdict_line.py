"""A reconciliation's answer in one line."""

import pytest

from bot.domain.check_result import CheckResult, CheckStatus, Reconciled
from bot.domain.messages.reconciliation import verdict_line
from tests.unit.domain.check_results import result


def one(
    status: CheckStatus, difference: str = "", variance: str | None = None, title: str = "C"
) -> CheckResult:
    return result(status, variance, tolerance="0.1%").model_copy(
        update={"difference": difference, "title": title}
    )


FAR = one("failed", "+7.2%", "7.2", "Total compensation")
NEAR = one("failed", "-0.2%", "-0.2")
ERROR = one("error")
PASSED = one("passed", "0", "0")


@pytest.mark.parametrize(
    ("results", "line"),
    [
        ((PASSED, PASSED), "✅ ledger: all 2 checks within tolerance"),
        ((NEAR, PASSED), "❌ ledger: 1 of 2 checks outside tolerance, C -0.2% (limit 0.1%)"),
        (
            (NEAR, FAR, PASSED),
            "❌ ledger: 2 of 3 checks outside tolerance, worst Total compensation +7.2% (limit 0.1%)",
        ),
        (
            (one("failed", "new from zero"),),
            "❌ ledger: C: new from zero (limit 0.1%)",
        ),
        ((ERROR, ERROR), "❔ ledger: 2 of 2 checks could not be done"),
        (
            (NEAR, ERROR),
            "❌ ledger: 1 of 2 checks outside tolerance, C -0.2% (limit 0.1%); "
            "1 of 2 checks could not be done",
        ),
    ],
)
def test_the_answer_has_the_number_that_is_furthest_off(results: tuple[CheckResult, ...], line: str) -> None:
    assert verdict_line("ledger", Reconciled(results=results)) == line


def test_a_long_title_does_not_push_the_number_out_and_stays_on_one_line() -> None:
    long = one("failed", "+7.2%", "7.2", "much\n too " * 50)
    line = verdict_line("ledger", Reconciled(results=(long,)))
    assert line.endswith("… +7.2% (limit 0.1%)")
    assert len(line) < 160
    assert "\n" not in line
