"""A trigger against a measurement: met, not met or unknown, and told without rounding it away."""

import operator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.measurement import Measurement
from bot.domain.playbook.document import Playbook
from bot.domain.trigger_reading import TriggerReading, read_trigger
from tests.unit.domain.ledger import NOW, PLAYBOOK, document, latency, variance

OPERATORS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq}
near_the_limit = st.decimals(min_value=0, max_value=10, places=6)


def playbook(op: str, bound: object) -> Playbook:
    trigger = {
        "id": "t",
        "title": "T",
        "when": {"signal": "variance", "op": op, "value": bound},
        "suggests": "access",
    }
    return Playbook.model_validate(document(triggers=[trigger]))


def read(op: str, value: Measurement, bound: object = "5%") -> TriggerReading:
    book = playbook(op, bound)
    return read_trigger(book, book.trigger("t"), {value.signal: value})


@pytest.mark.parametrize(
    ("op", "value", "met", "text"),
    [
        (">", "7.2", True, "7.2% > 5%"),
        (">", "5", False, "5%, limit 5%"),
        (">=", "5", True, "5% >= 5%"),
        ("<", "5", False, "5%, limit 5%"),
        ("<", "0.4", True, "0.4% < 5%"),
        ("<=", "5", True, "5% <= 5%"),
        ("==", "5.0", True, "5% == 5%"),
        ("==", "5.1", False, "5.1%, limit 5%"),
    ],
)
def test_a_value_is_put_beside_its_bound(op: str, value: str, met: bool, text: str) -> None:
    reading = read(op, variance(value))
    assert (reading.met, reading.text) == (met, text)


@given(st.sampled_from(sorted(OPERATORS)), near_the_limit)
def test_the_number_that_is_told_is_on_the_side_of_the_bound_that_is_told(op: str, value: Decimal) -> None:
    reading = read(op, variance(str(value)))
    assert reading.met == OPERATORS[op](value, Decimal(5))
    told = Decimal(reading.text.split("%")[0])
    assert OPERATORS[op](told, Decimal(5)) == reading.met


@pytest.mark.parametrize(("op", "value", "met"), [(">", "5.01", True), (">=", "5", True)])
def test_a_lower_bound_that_meets_the_condition_meets_it(op: str, value: str, met: bool) -> None:
    assert read(op, variance(value, at_least=True)).met is met


@pytest.mark.parametrize(
    ("op", "value"),
    [(">", "5"), (">=", "4.99"), ("<", "3"), ("<", "7"), ("<=", "3"), ("<=", "7"), ("==", "5")],
)
def test_a_lower_bound_says_nothing_else(op: str, value: str) -> None:
    reading = read(op, variance(value, at_least=True))
    assert (reading.met, reading.text) == (None, f"unknown (at least {value}%, limit 5%)")


@given(st.sampled_from(sorted(OPERATORS)), near_the_limit, near_the_limit)
def test_what_is_said_by_a_lower_bound_holds_for_every_value_above_it(
    op: str, bound: Decimal, more: Decimal
) -> None:
    said = read(op, variance(str(bound), at_least=True)).met
    assert said in (None, read(op, variance(str(bound + more))).met)


def test_an_unknown_signal_makes_it_unknown_and_says_why() -> None:
    reading = read(">", variance(None, problem="the log cannot be reached"))
    assert (reading.met, reading.text) == (None, "unknown (the log cannot be reached)")


def test_a_signal_that_was_not_measured_makes_it_unknown() -> None:
    reading = read_trigger(PLAYBOOK, PLAYBOOK.trigger("off"), {})
    assert (reading.met, reading.text) == (None, "not measured")


def test_a_share_of_the_baseline_is_told_in_the_signals_unit() -> None:
    slow = PLAYBOOK.trigger("slow")
    assert read_trigger(PLAYBOOK, slow, {"latency": latency("150")}).text == "150 ms, limit 150 ms"
    assert read_trigger(PLAYBOOK, slow, {"latency": latency("150.4")}).text == "150.4 ms > 150 ms"


@pytest.mark.parametrize(("up", "met"), [(True, False), (False, True)])
def test_up_or_down_is_told_by_what_was_seen(up: bool, met: bool) -> None:
    seen = Measurement("health", "Health", NOW, up, detail="503" if not up else "200")
    reading = read_trigger(PLAYBOOK, PLAYBOOK.trigger("down"), {"health": seen})
    assert (reading.met, reading.text) == (met, seen.detail)


def test_a_value_and_a_bound_of_two_kinds_cannot_be_compared() -> None:
    number = Measurement("health", "Health", NOW, Decimal(1))
    reading = read_trigger(PLAYBOOK, PLAYBOOK.trigger("down"), {"health": number})
    assert (reading.met, reading.text) == (None, "unknown (value and bound are of two kinds)")
