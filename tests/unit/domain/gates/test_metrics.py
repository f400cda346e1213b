"""Samples of a signal through a window."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.gates.board import CriterionResult
from bot.domain.gates.metrics import Samples, metric_holds, sampled_every
from bot.domain.measurement import Measurement
from bot.domain.playbook.criteria import MetricHolds
from bot.domain.quantities import Limit
from tests.unit.domain.gates.criteria import NOW, asked

EVERY = timedelta(minutes=5)


def sample(
    minutes_ago: float, value: str | bool | None, *, at_least: bool = False, unit: str = "ms"
) -> Measurement:
    return Measurement(
        signal="p95",
        title="p95",
        at=NOW - timedelta(minutes=minutes_ago),
        value=Decimal(value) if isinstance(value, str) else value,
        unit=unit,
        problem="" if value is not None else "no answer",
        at_least=at_least,
    )


def judged(measured: list[Measurement], **criterion: object) -> CriterionResult:
    declared = {"metric": "p95", "op": "<", "value": "2000", "over": "1h", **criterion}
    wanted = asked(**declared)
    assert isinstance(wanted.criterion, MetricHolds)
    ordered = tuple(sorted(measured, key=lambda one: one.at))
    return metric_holds(wanted, wanted.criterion, Samples(ordered, EVERY, Limit(value=Decimal(1000))))


def hour(value: str | bool | None = "1500", *, begin: int = 0) -> list[Measurement]:
    """One every five minutes of an hour that ends so many minutes ago."""
    return [sample(begin + 5 * number, value) for number in range(12)]


def test_within_its_bound_through_the_window_passes_with_the_numbers() -> None:
    found = judged(hour())
    assert found.state == "pass"
    assert found.reason == (
        "within the bound in 100% of 12 samples (100% needed); last 1,500 ms, bound < 2,000 ms"
    )
    assert found.how == "12 samples, one every 5m, in 1h"


def test_one_sample_outside_fails_unless_a_share_is_enough() -> None:
    measured = [*hour()[1:], sample(0, "2500")]
    assert judged(measured).state == "fail"
    assert judged(measured, share="90%").state == "pass"
    assert "91.67% of 12 samples (95% needed)" in judged(measured, share="95%").reason


def test_too_few_samples_are_unknown_whatever_they_say() -> None:
    found = judged(hour()[:9])
    assert found.state == "unknown"
    assert found.reason.startswith("only 9 of 12 samples of 1h are known (80% needed)")
    assert judged(hour()[:10]).state == "pass"


def test_samples_of_a_few_minutes_do_not_stand_for_the_whole_window() -> None:
    measured = [sample(minute / 2, "1500") for minute in range(40)]
    assert judged(measured).reason.startswith("only 5 of 12 samples of 1h are known")


def test_samples_without_a_value_are_not_known() -> None:
    assert judged([*hour()[:9], sample(47, None), sample(52, None), sample(57, None)]).state == "unknown"
    assert judged(hour(None)).reason == "not measured: no answer"
    assert judged([]).reason == "never measured yet"


def test_a_window_that_was_good_and_ended_too_long_ago_has_expired() -> None:
    found = judged(hour(begin=90), max_age="1h")
    assert found.state == "expired"
    assert judged(hour("2500", begin=90), max_age="1h").state == "fail"


def test_a_bound_may_be_of_the_baseline_and_a_signal_up_or_down() -> None:
    assert judged(hour(), value="150%", of="baseline", op="<=").state == "pass"
    assert judged(hour("1501"), value="150%", of="baseline", op="<=").state == "fail"
    assert judged(hour(True), op="==", value=True).state == "pass"
    assert judged([*hour(True)[1:], sample(0, False)], op="==", value=True).state == "fail"
    assert judged(hour(True)).state == "unknown"


def test_a_baseline_that_is_not_declared_is_unknown() -> None:
    wanted = asked(metric="p95", op="<", value="150%", of="baseline", over="1h")
    assert isinstance(wanted.criterion, MetricHolds)
    found = metric_holds(wanted, wanted.criterion, Samples(tuple(hour()), EVERY))
    assert found.reason == "signal p95 has no baseline"


def test_a_lower_bound_says_nothing_of_staying_below() -> None:
    measured = [sample(5 * number, "1500", at_least=True) for number in range(12)]
    assert judged(measured).state == "unknown"
    assert judged(measured, op=">", value="1000").state == "pass"


@pytest.mark.parametrize(
    ("over", "every"), [("5m", "0:01:00"), ("30m", "0:02:30"), ("1h", "0:05:00"), ("14d", "0:05:00")]
)
def test_a_short_window_is_sampled_more_often(over: str, every: str) -> None:
    wanted = asked(metric="p95", op="<", value="1", over=over).criterion
    assert isinstance(wanted, MetricHolds)
    assert str(sampled_every(wanted.over)) == every


VALUES = st.lists(st.sampled_from(["1500", "1999", "2000", "2500", None]), max_size=30)


@given(VALUES, st.integers(1, 100))
def test_a_share_is_what_counting_one_by_one_says(values: list[str | None], share: int) -> None:
    measured = [sample(5 * number, value) for number, value in enumerate(values)]
    window = [value for number, value in enumerate(values) if 5 * number < 60 and value is not None]
    good = sum(1 for value in window if Decimal(value) < 2000)
    if len(window) < 9.6:
        expected = "unknown"
    else:
        expected = "pass" if good / len(window) * 100 >= share - 1e-9 else "fail"
    assert judged(measured, share=f"{share}%", max_age="2h").state == expected
