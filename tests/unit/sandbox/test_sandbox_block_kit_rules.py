"""Shapes that Slack refuses beyond plain limits, and shapes that it takes."""

import pytest

from bot.sandbox.block_kit.surfaces import message_problems, view_problems
from bot.sandbox.json_values import Json, JsonObject

TITLE: JsonObject = {"type": "plain_text", "text": "Title"}
BUTTON: JsonObject = {"type": "button", "text": TITLE, "action_id": "go"}
OPTION: JsonObject = {"text": TITLE, "value": "one"}
INPUT: JsonObject = {
    "type": "input",
    "label": TITLE,
    "element": {"type": "plain_text_input", "action_id": "why"},
}
RICH: JsonObject = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "x", "style": {"bold": True}}],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]}],
        },
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}]},
    ],
}
TEXT_CELL: JsonObject = {"type": "raw_text", "text": "x"}
NUMBER_CELL: JsonObject = {"type": "raw_number", "value": 1.5, "text": "1.5"}
TABLE: JsonObject = {"type": "table", "rows": [[TEXT_CELL, RICH]]}
DATA_TABLE: JsonObject = {
    "type": "data_table",
    "caption": "c",
    "rows": [[TEXT_CELL, TEXT_CELL], [NUMBER_CELL, RICH]],
}
PIE: JsonObject = {
    "type": "data_visualization",
    "title": "t",
    "chart": {"type": "pie", "segments": [{"label": "a", "value": 3}]},
}
CONTEXT_ACTIONS: JsonObject = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "positive_button": {"text": TITLE, "value": "y"},
            "negative_button": {"text": TITLE, "value": "n"},
        },
        {"type": "icon_button", "icon": "trash", "text": TITLE},
    ],
}
MARKDOWN: JsonObject = {"type": "markdown", "text": "**x**"}
IMAGE: JsonObject = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "x"}


def actions(*elements: Json) -> JsonObject:
    return {"type": "actions", "elements": list(elements)}


def modal(*blocks: Json, **more: Json) -> JsonObject:
    return {"type": "modal", "title": TITLE, "blocks": list(blocks), **more}


def line_chart(series: list[tuple[str, list[str]]], categories: list[str]) -> JsonObject:
    lines = [{"name": name, "data": [{"label": at, "value": 1} for at in labels]} for name, labels in series]
    chart: JsonObject = {"type": "line", "series": lines, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "t", "chart": chart}


TAKEN: list[JsonObject] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "accessory": BUTTON},
    {"type": "section", "fields": [TITLE]},
    {"type": "context", "elements": [IMAGE, TITLE]},
    IMAGE,
    INPUT,
    RICH,
    TABLE,
    DATA_TABLE,
    PIE,
    CONTEXT_ACTIONS,
    MARKDOWN,
    actions(
        BUTTON,
        {"type": "static_select", "options": [OPTION], "initial_option": OPTION},
        {"type": "users_select", "placeholder": TITLE},
        {"type": "datepicker", "initial_date": "2026-11-20"},
        {"type": "timepicker", "initial_time": "23:59"},
        {"type": "datetimepicker", "initial_date_time": 1_790_000_000},
        {"type": "checkboxes", "options": [OPTION]},
    ),
]

REFUSED: list[tuple[JsonObject, str]] = [
    ({"type": "sektion"}, "unsupported type: sektion [json-pointer:/blocks/0/type]"),
    ({"text": TITLE}, "missing required field: type [json-pointer:/blocks/0]"),
    ({"type": "section"}, "missing required field: text or fields"),
    ({"type": "section", "text": {"type": "mrkdwn", "text": ""}}, "more than 0 characters"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "must be one of: plain_text"),
    ({"type": "divider", "colour": "red"}, "invalid additional property: colour"),
    (actions(), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    (actions(BUTTON, BUTTON), "`action_id` is used twice: go"),
    (actions({**BUTTON, "style": "green"}), "must be one of: primary, danger"),
    (
        actions({"type": "plain_text_input"}),
        "plain_text_input is not allowed here [json-pointer:/blocks/0/elements/0/type]",
    ),
    (actions({"type": "static_select"}), "missing required field: options or option_groups"),
    (
        actions({"type": "static_select", "options": [OPTION], "initial_option": {**OPTION, "value": "x"}}),
        "the initial option must be one of the options",
    ),
    (actions({"type": "datepicker", "initial_date": "20.11.2026"}), "failed to match pattern"),
    ({**INPUT, "element": BUTTON}, "button is not allowed here"),
    ({"type": "image", "alt_text": "x"}, "missing required field: image_url or slack_file"),
    ({**DATA_TABLE, "rows": [[TEXT_CELL], [TEXT_CELL, TEXT_CELL]]}, "same number of values"),
    ({**DATA_TABLE, "rows": [[RICH], [TEXT_CELL]]}, "rich_text is not allowed in a header"),
    (
        {
            "type": "data_visualization",
            "title": "t",
            "chart": {
                "type": "bar",
                "series": [{"name": "s", "data": [{"label": "b", "value": 1}]}],
                "axis_config": {"categories": ["a"]},
            },
        },
        "must be one of the categories",
    ),
    (line_chart([("s", ["a"])], ["a", "b"]), "must have one point for each category"),
    (line_chart([("s", ["a", "a"])], ["a"]), "must have one point for each category"),
    (line_chart([("s", ["a", "b"]), ("s", ["a", "b"])], ["a", "b"]), "names must be unique"),
    (line_chart([("s", ["a", "a"])], ["a", "a"]), "must be unique"),
]


@pytest.mark.parametrize("block", TAKEN)
def test_a_message_with_any_block_that_we_may_use_is_taken(block: JsonObject) -> None:
    assert message_problems(blocks=[block], attachments=None) == []


@pytest.mark.parametrize(("block", "reason"), REFUSED)
def test_a_message_with_a_misshapen_block_is_refused_with_the_reason(block: JsonObject, reason: str) -> None:
    problems = message_problems(blocks=[block], attachments=None)
    assert any(reason in text for text in problems), problems


def test_a_block_id_used_twice_is_refused() -> None:
    twice: list[JsonObject] = [{"type": "divider", "block_id": "b"}] * 2
    assert message_problems(blocks=twice, attachments=None) == [
        "[ERROR] `block_id` is used twice: b [json-pointer:/blocks]"
    ]
    assert view_problems(modal(*twice)) == ["[ERROR] `block_id` is used twice: b [json-pointer:/view/blocks]"]


def test_one_action_id_in_two_blocks_is_taken() -> None:
    assert message_problems(blocks=[actions(BUTTON), actions(BUTTON)], attachments=None) == []


def test_blocks_in_attachments_are_checked_too() -> None:
    attachments: Json = [{"color": "#f00", "blocks": [{"type": "section"}]}]
    (problem,) = message_problems(blocks=None, attachments=attachments)
    assert "[json-pointer:/attachments/0/blocks/0]" in problem


def test_markdown_is_counted_over_all_of_a_messages_blocks() -> None:
    half: JsonObject = {"type": "markdown", "text": "x" * 6001}
    (problem,) = message_problems(blocks=[half, half], attachments=None)
    assert "12001 characters" in problem


@pytest.mark.parametrize("block", [TABLE, DATA_TABLE, PIE, CONTEXT_ACTIONS, MARKDOWN])
def test_blocks_of_messages_are_refused_in_modals_and_homes(block: JsonObject) -> None:
    assert f"{block['type']} is not allowed here" in view_problems(modal(block))[0]
    home: JsonObject = {"type": "home", "blocks": [block]}
    assert f"{block['type']} is not allowed here" in view_problems(home)[0]


def test_a_modal_with_inputs_needs_submit() -> None:
    (problem,) = view_problems(modal(INPUT))
    assert "missing required field: submit" in problem
    assert view_problems(modal(INPUT, submit=TITLE)) == []


def test_a_home_has_no_title_and_no_submit() -> None:
    assert view_problems({"type": "home", "blocks": [INPUT]}) == []
    (problem,) = view_problems({"type": "home", "blocks": [], "title": TITLE})
    assert "invalid additional property: title" in problem


def test_a_modal_without_a_title_is_refused() -> None:
    (problem,) = view_problems({"type": "modal", "blocks": []})
    assert problem == "[ERROR] missing required field: title [json-pointer:/view]"


def test_a_text_input_whose_lengths_contradict_each_other_is_refused() -> None:
    element: JsonObject = {"type": "plain_text_input", "min_length": 5, "max_length": 4}
    (problem,) = view_problems(modal({**INPUT, "element": element}, submit=TITLE))
    assert "min_length must not be more than max_length" in problem
