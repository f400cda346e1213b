"""The blocks. https://docs.slack.dev/reference/block-kit/blocks"""

from collections.abc import Mapping

from bot.sandbox.block_kit.charts import DATA_VISUALIZATION
from bot.sandbox.block_kit.checks import (
    Check,
    Problems,
    all_of,
    array,
    boolean,
    by_type,
    exactly_one,
    problem,
    string,
    typed,
)
from bot.sandbox.block_kit.context_actions import CONTEXT_ACTIONS
from bot.sandbox.block_kit.elements import (
    ALL_ELEMENTS,
    IN_ACTIONS,
    IN_CONTEXT,
    IN_INPUT,
    IN_SECTION,
)
from bot.sandbox.block_kit.objects import SLACK_FILE, URL, any_text, plain_text
from bot.sandbox.block_kit.rich_text import RICH_TEXT
from bot.sandbox.block_kit.tables import DATA_TABLE, TABLE
from bot.sandbox.json_values import Json, as_object

MOST_MARKDOWN = 12_000

_ID: Mapping[str, Check] = {"block_id": string(most=255)}


def _says_something(value: Json, pointer: str, problems: Problems) -> None:
    block = as_object(value)
    if block.get("text") is None and block.get("fields") is None:
        problem(problems, pointer, "missing required field: text or fields")


_SECTION = all_of(
    typed(
        "section",
        optional={
            **_ID,
            "text": any_text(3000),
            "fields": array(any_text(2000), most=10),
            "accessory": by_type(IN_SECTION, others=ALL_ELEMENTS),
            "expand": boolean,
        },
    ),
    _says_something,
)

_IMAGE = all_of(
    typed(
        "image",
        required={"alt_text": string(most=2000)},
        optional={
            **_ID,
            "image_url": URL,
            "slack_file": SLACK_FILE,
            "title": plain_text(2000),
        },
    ),
    exactly_one("image_url", "slack_file"),
)

#: Blocks of every surface.
EVERYWHERE: Mapping[str, Check] = {
    "section": _SECTION,
    "header": typed("header", required={"text": plain_text(150)}, optional=_ID),
    "divider": typed("divider", optional=_ID),
    "context": typed("context", required={"elements": array(by_type(IN_CONTEXT), most=10)}, optional=_ID),
    "actions": typed(
        "actions",
        required={"elements": array(by_type(IN_ACTIONS, others=ALL_ELEMENTS), most=25)},
        optional=_ID,
    ),
    "input": typed(
        "input",
        required={
            "label": plain_text(2000),
            "element": by_type(IN_INPUT, others=ALL_ELEMENTS),
        },
        optional={
            **_ID,
            "hint": plain_text(2000),
            "optional": boolean,
            "dispatch_action": boolean,
        },
    ),
    "image": _IMAGE,
    "rich_text": RICH_TEXT,
}

#: Blocks of messages alone.
MESSAGE_ONLY: Mapping[str, Check] = {
    "markdown": typed("markdown", required={"text": string(most=MOST_MARKDOWN)}, optional=_ID),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "context_actions": CONTEXT_ACTIONS,
}
