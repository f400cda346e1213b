"""Views: the stack of modals, and what is filled in."""

import pytest

from bot.sandbox.input_state import complete_state, refusals
from bot.sandbox.json_values import Json, JsonObject, as_object
from bot.sandbox.seed import DEFAULT_SEED
from bot.sandbox.views import ViewStackFullError, ViewStore
from tests.unit.sandbox.fixed_inputs import CountedIds, FixedClock

LABEL: JsonObject = {"type": "plain_text", "text": "Label"}
OPTIONS: Json = [{"text": LABEL, "value": "a"}, {"text": LABEL, "value": "b"}]


def text_input(block_id: str, **element: Json) -> JsonObject:
    return {
        "type": "input",
        "block_id": block_id,
        "label": LABEL,
        "element": {"type": "plain_text_input", "action_id": "text", **element},
    }


def views() -> ViewStore:
    return ViewStore(clock=FixedClock(), ids=CountedIds(), seed=DEFAULT_SEED)


def modal(*blocks: JsonObject, **more: Json) -> JsonObject:
    return {"type": "modal", "title": LABEL, "blocks": list(blocks), **more}


def filled(block_id: str, value: Json) -> JsonObject:
    return {block_id: {"text": {"type": "plain_text_input", "value": value}}}


def test_three_modals_can_be_stacked_and_a_fourth_cannot() -> None:
    store = views()
    root = store.open(user="U1", definition=modal())
    second = store.push(user="U1", definition=modal())
    third = store.push(user="U1", definition=modal())
    assert third.body["previous_view_id"] == second.id
    assert third.body["root_view_id"] == root.id
    with pytest.raises(ViewStackFullError):
        store.push(user="U1", definition=modal())


def test_closing_a_modal_shows_the_one_below() -> None:
    store = views()
    root = store.open(user="U1", definition=modal())
    pushed = store.push(user="U1", definition=modal())
    store.close(pushed)
    assert store.top("U1") == root
    store.close(root)
    assert store.top("U1") is None


def test_an_update_changes_the_hash_and_keeps_the_id_and_what_was_filled_in() -> None:
    store = views()
    view = store.open(user="U1", definition=modal(text_input("kept"), text_input("gone")))
    view = store.fill_in(view, {**filled("kept", "x"), **filled("gone", "y")})
    updated = store.update(view, modal(text_input("kept"), text_input("new", initial_value="z")))
    assert updated.id == view.id
    assert updated.hash != view.hash
    assert as_object(updated.body["state"])["values"] == {
        "kept": {"text": {"type": "plain_text_input", "value": "x"}},
        "new": {"text": {"type": "plain_text_input", "value": "z"}},
    }


def test_homes_do_not_mix_with_modals() -> None:
    store = views()
    home = store.publish(user="U1", definition={"type": "home", "blocks": []})
    assert store.top("U1") is None
    again = store.publish(user="U1", definition={"type": "home", "blocks": [{"type": "divider"}]})
    assert again.id == home.id
    assert store.home("U1") == again
    view = store.open(user="U1", definition=modal())
    store.update(view, modal({"type": "divider"}))
    assert store.home("U1") == again


def test_blocks_and_elements_without_ids_get_some() -> None:
    block: JsonObject = {"type": "actions", "elements": [{"type": "button", "text": LABEL}]}
    body = views().open(user="U1", definition=modal(block)).body
    (named,) = [as_object(each) for each in list(as_list_of(body["blocks"]))]
    assert named["block_id"]
    (element,) = as_list_of(named["elements"])
    assert as_object(element)["action_id"]


def as_list_of(value: Json) -> list[Json]:
    assert isinstance(value, list)
    return value


def test_state_starts_from_the_initial_values_of_every_kind_of_input() -> None:
    elements: list[JsonObject] = [
        {"type": "static_select", "action_id": "s", "options": OPTIONS},
        {"type": "checkboxes", "action_id": "c", "options": OPTIONS},
        {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-20"},
        {"type": "button", "action_id": "b", "text": LABEL},
    ]
    blocks: Json = [{"type": "actions", "block_id": "x", "elements": elements}]
    assert complete_state(blocks, {}) == {
        "x": {
            "s": {"type": "static_select", "selected_option": None},
            "c": {"type": "checkboxes", "selected_options": []},
            "d": {"type": "datepicker", "selected_date": "2026-11-20"},
        }
    }


@pytest.mark.parametrize(
    ("element", "value", "reason"),
    [
        ({}, "", "required"),
        ({}, None, "required"),
        ({"min_length": 3}, "ab", "at least 3"),
        ({"max_length": 3}, "abcd", "at most 3"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "whole number"),
        ({"type": "number_input", "is_decimal_allowed": True}, "one", "valid number"),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "2"}, "1.9", "least 2"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, "2.1", "most 2"),
    ],
)
def test_inputs_that_slacks_client_would_not_submit_are_refused(
    element: JsonObject, value: Json, reason: str
) -> None:
    blocks: Json = [text_input("x", **element)]
    assert reason in str(refusals(blocks, filled("x", value))["x"])


def test_an_optional_input_may_stay_empty() -> None:
    blocks: Json = [{**text_input("x", min_length=3), "optional": True}]
    assert refusals(blocks, filled("x", None)) == {}
    assert refusals(blocks, filled("x", "abc")) == {}
