"""Placeholders in the parameters of steps, and what is typed for inputs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.errors import RefusedError, UnknownNameError
from bot.domain.playbook.filling import fill, filled
from bot.domain.playbook.inputs import Input, taken
from bot.domain.playbook.plans import Plan
from tests.unit.domain.ledger import plan_of, step

TICKET = Input(id="ticket", title="Ticket", pattern="[A-Z]+-[0-9]+")
COUNT = Input(id="count", title="Count", range=(-2, 5))
PLACE = Input(id="place", title="Place", choice=("north", "south"), default="south")


def test_texts_are_filled_at_every_depth_and_nothing_else_is() -> None:
    value = {
        "url": "{environment.host}/{environment.host}",
        "{environment.host}": [1, True, None, {"deep": "x {environment.port}"}],
        "other": "{run_id} {input.ticket} {environment.unknown} {}",
    }
    assert fill(value, "environment", {"host": "h", "port": "1"}) == {
        "url": "h/h",
        "{environment.host}": [1, True, None, {"deep": "x 1"}],
        "other": "{run_id} {input.ticket} {environment.unknown} {}",
    }


@given(st.text())
def test_what_is_filled_in_is_never_looked_at_again(value: str) -> None:
    twice = fill("{input.a}{input.b}", "input", {"a": "{input.b}", "b": value})
    assert twice == "{input.b}" + value


def test_a_plan_is_filled_in_its_steps_and_in_what_takes_them_back() -> None:
    undo = {"title": "Back", "uses": "unit", "with": {"unit": "{environment.unit}"}}
    declared = Plan.model_validate(
        plan_of([step("a", "unit", **{"with": {"unit": "{environment.unit}"}, "undo": undo})])
    )
    here = filled(declared, "environment", {"unit": "ledger"}).steps[0]
    assert here.with_ == {"unit": "ledger"}
    assert here.undo is not None
    assert here.undo.with_ == {"unit": "ledger"}
    assert declared.steps[0].with_ == {"unit": "{environment.unit}"}


@pytest.mark.parametrize(
    ("one", "value"),
    [(TICKET, "ABC-1"), (COUNT, "-2"), (COUNT, "5"), (PLACE, "north"), (PLACE, "")],
)
def test_a_value_that_fits_is_taken_and_a_default_where_there_is_none(one: Input, value: str) -> None:
    assert taken([one], {one.id: f" {value} "}) == {one.id: value or one.default}


@pytest.mark.parametrize(
    ("one", "value", "why"),
    [
        (TICKET, "", "Ticket is a text like"),
        (TICKET, "abc-1", "Ticket is a text like"),
        (TICKET, "ABC-1 ", ""),
        (TICKET, "ABC-1; reboot", "Ticket is a text like"),
        (TICKET, "x ABC-1", "Ticket is a text like"),
        (TICKET, "ABC-1\nABC-2", "Ticket is one line"),
        (TICKET, f"A-{'1' * 200}", "at most 200 characters"),
        (COUNT, "6", "Count is a whole number from -2 to 5"),
        (COUNT, "1.0", "Count is a whole number"),
        (COUNT, "١", "Count is a whole number"),
        (PLACE, "west", "Place is one of north, south"),
        (Input(id="a", title="Any", pattern=".*"), "--force", "does not begin with a hyphen"),
    ],
)
def test_what_does_not_fit_as_a_whole_is_refused_under_its_field(one: Input, value: str, why: str) -> None:
    if not why:
        assert taken([one], {one.id: value}) == {one.id: value.strip()}
        return
    with pytest.raises(RefusedError, match=why) as refused:
        taken([one], {one.id: value})
    assert refused.value.field == f"input:{one.id}"


def test_an_input_that_nobody_declared_is_named() -> None:
    with pytest.raises(UnknownNameError, match="no input “tikcet”"):
        taken([TICKET], {"tikcet": "ABC-1"})


@pytest.mark.parametrize(
    "declared",
    [
        {},
        {"pattern": "a", "choice": ["a"]},
        {"pattern": "("},
        {"range": [5, 1]},
        {"range": [1, 5], "default": 6},
        {"choice": []},
    ],
)
def test_an_input_that_could_never_be_typed_is_no_input(declared: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Input.model_validate({"id": "a", "title": "A", **declared})
