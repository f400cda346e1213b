"""Signals out of the last reconciliation."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest

from bot.domain.check_result import CheckResult, CheckStatus, Reconciled
from bot.domain.measurement import Measurement
from bot.domain.playbook.signals import Signal
from bot.signals.reconcile_probe import ReconcileSignalProbe
from bot.system import SystemClock
from tests.integration.reconcile.playbook import CHECKS, loaded_playbook

NOW = datetime(2026, 3, 14, 9, 10, tzinfo=UTC)


class NowClock(SystemClock):
    def now(self) -> datetime:
        return NOW


def result(
    title: str,
    variance: str | None,
    *,
    status: CheckStatus = "failed",
    critical: bool = True,
    unit: str = "%",
) -> CheckResult:
    number = None if variance is None else Decimal(variance)
    return CheckResult(
        check=title.lower(),
        title=title,
        status=status,
        difference="" if number is None else f"{number:+f}{unit}",
        variance=number,
        tolerance=f"0{unit}",
        critical=critical,
        owner="lead",
        on_fail="Look",
        problem="new: gone" if status == "error" else "",
    )


async def measured(
    results: list[CheckResult] | None,
    *,
    reconcile: Literal["max_critical_variance", "failed_checks"] = "max_critical_variance",
    age: timedelta = timedelta(minutes=2),
) -> Measurement:
    async def latest(migration: str) -> tuple[Reconciled, datetime] | None:
        assert migration == "ledger"
        return None if results is None else (Reconciled(results=tuple(results)), NOW - age)

    probe = ReconcileSignalProbe(latest=latest, clock=NowClock())
    signal = Signal.model_validate({"id": "s", "title": "S", "reconcile": reconcile})
    return await probe.measure(loaded_playbook(Path(), CHECKS), signal)


async def test_the_largest_critical_variance_is_the_value_and_its_check_is_named() -> None:
    measurement = await measured(
        [
            result("Count", "0.012"),
            result("Pay", "-7.2"),
            result("Levels", "50", critical=False),
            result("Heads", "9", unit=" pp"),
        ]
    )
    assert (measurement.value, measurement.unit, measurement.detail) == (Decimal("7.2"), "%", "Pay: -7.2%")
    assert measurement.at == NOW - timedelta(minutes=2)
    assert measurement.text() == "7.2%"


async def test_a_long_variance_is_told_briefly_and_kept_exactly() -> None:
    measurement = await measured([result("Pay", "0.1708691234875473529140112681")])
    assert measurement.value == Decimal("0.1708691234875473529140112681")
    assert measurement.text() == "0.17%"


async def test_without_a_reconciliation_it_is_unknown() -> None:
    measurement = await measured(None)
    assert (measurement.value, measurement.problem) == (None, "nothing was reconciled yet")


@pytest.mark.parametrize(
    ("age", "known"), [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False)]
)
async def test_a_reconciliation_older_than_the_signal_allows_says_nothing(
    age: timedelta, known: bool
) -> None:
    measurement = await measured([result("Pay", "1")], age=age)
    assert measurement.known == known
    assert known or measurement.problem == "the last reconciliation is 1 d 0 h old (limit 1d)"


async def test_a_critical_check_without_a_number_makes_the_worst_known_one_a_lower_bound() -> None:
    measurement = await measured(
        [result("Heads", "3"), result("Pay", "-7.2"), result("Count", None, status="error")]
    )
    assert (measurement.value, measurement.at_least) == (Decimal("7.2"), True)
    assert measurement.text() == "at least 7.2%"
    assert measurement.detail == "Pay: -7.2%; without a number: Count: new: gone"


async def test_with_a_number_for_every_critical_check_the_value_is_no_bound() -> None:
    others = [result("Levels", None, status="error", critical=False), result("Rate", None, unit=" pp")]
    measurement = await measured([result("Pay", "7.2"), *others])
    assert (measurement.value, measurement.at_least) == (Decimal("7.2"), False)


@pytest.mark.parametrize("known", [[], [result("Pay", "0", status="passed")]])
async def test_a_bound_of_nothing_is_unknown_and_says_why(known: list[CheckResult]) -> None:
    measurement = await measured([*known, result("Count", None, status="error")])
    assert (measurement.value, measurement.at_least) == (None, False)
    assert measurement.text() == "unknown (Count: new: gone)"


async def test_without_a_critical_check_it_is_unknown() -> None:
    assert (await measured([result("Pay", "7", critical=False)])).value is None


async def test_failed_checks_are_counted_and_named() -> None:
    results = [result("Pay", "7"), result("Levels", "1"), result("Count", "0", status="passed")]
    measurement = await measured(results, reconcile="failed_checks")
    assert (measurement.value, measurement.text()) == (Decimal(2), "2 of 3 checks")
    assert measurement.detail == "Pay, Levels"


async def test_failed_checks_are_unknown_while_one_could_not_be_checked() -> None:
    results = [result("Pay", "7"), result("Count", None, status="error")]
    measurement = await measured(results, reconcile="failed_checks")
    assert measurement.problem == "could not be checked: Count; 1 of the rest failed"
