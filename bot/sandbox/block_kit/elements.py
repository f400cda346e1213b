"""Block elements: buttons, menus, inputs, images.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Mapping

from bot.sandbox.block_kit.checks import (
    Check,
    Problems,
    all_of,
    array,
    boolean,
    exactly_one,
    integer,
    one_of,
    problem,
    string,
    typed,
)
from bot.sandbox.block_kit.objects import (
    CHOICE,
    CONFIRM,
    DISPATCH_CONFIG,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
    OVERFLOW_OPTION,
    SLACK_FILE,
    URL,
    any_text,
    plain_text,
)
from bot.sandbox.json_values import Json, JsonObject, as_list, as_object

ACTION_ID = string(most=255)
DATE = string(pattern=r"\d{4}-\d{2}-\d{2}")
TIME = string(pattern=r"([01]\d|2[0-3]):[0-5]\d")
NUMBER_TEXT = string(pattern=r"-?\d+(\.\d+)?")

_COMMON: Mapping[str, Check] = {"action_id": ACTION_ID, "focus_on_load": boolean}
_MENU: Mapping[str, Check] = {**_COMMON, "placeholder": plain_text(150), "confirm": CONFIRM}
_MANY: Mapping[str, Check] = {**_MENU, "max_selected_items": integer(least=1, most=100)}
_TYPED: Mapping[str, Check] = {
    **_COMMON,
    "placeholder": plain_text(150),
    "dispatch_action_config": DISPATCH_CONFIG,
}
_LISTED: Mapping[str, Check] = {"options": OPTIONS, "option_groups": OPTION_GROUPS}


def _offered(element: JsonObject) -> list[Json]:
    groups = [as_object(group) for group in as_list(element.get("option_groups"))]
    return [
        *as_list(element.get("options")),
        *(option for group in groups for option in as_list(group.get("options"))),
    ]


def _initial_is_offered(value: Json, pointer: str, problems: Problems) -> None:
    element = as_object(value)
    chosen = as_list(element.get("initial_options"))
    if element.get("initial_option") is not None:
        chosen.append(element["initial_option"])
    offered = _offered(element)
    if any(option not in offered for option in chosen):
        problem(problems, pointer, "the initial option must be one of the options")


def _lengths_fit(value: Json, pointer: str, problems: Problems) -> None:
    element = as_object(value)
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        problem(problems, pointer, "min_length must not be more than max_length")


def _select(kind: str, *, extra: Mapping[str, Check], many: bool) -> Check:
    return typed(kind, optional={**(_MANY if many else _MENU), **extra})


_BUTTON = typed(
    "button",
    required={"text": plain_text(75)},
    optional={
        "action_id": ACTION_ID,
        "url": URL,
        "value": string(most=2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(most=75),
    },
)

_STATIC_SELECT = all_of(
    _select("static_select", extra={**_LISTED, "initial_option": OPTION}, many=False),
    exactly_one("options", "option_groups"),
    _initial_is_offered,
)

_MULTI_STATIC_SELECT = all_of(
    _select(
        "multi_static_select",
        extra={**_LISTED, "initial_options": array(OPTION, most=100)},
        many=True,
    ),
    exactly_one("options", "option_groups"),
    _initial_is_offered,
)

_RADIO_BUTTONS = all_of(
    typed(
        "radio_buttons",
        required={"options": array(CHOICE, most=10)},
        optional={**_COMMON, "initial_option": CHOICE, "confirm": CONFIRM},
    ),
    _initial_is_offered,
)

_CHECKBOXES = all_of(
    typed(
        "checkboxes",
        required={"options": array(CHOICE, most=10)},
        optional={**_COMMON, "initial_options": array(CHOICE, most=10), "confirm": CONFIRM},
    ),
    _initial_is_offered,
)

_PLAIN_TEXT_INPUT = all_of(
    typed(
        "plain_text_input",
        optional={
            **_TYPED,
            "initial_value": string(most=3000, least=0),
            "multiline": boolean,
            "min_length": integer(least=0, most=3000),
            "max_length": integer(least=1, most=3000),
        },
    ),
    _lengths_fit,
)

_NUMBER_INPUT = typed(
    "number_input",
    required={"is_decimal_allowed": boolean},
    optional={
        **_TYPED,
        "initial_value": NUMBER_TEXT,
        "min_value": NUMBER_TEXT,
        "max_value": NUMBER_TEXT,
    },
)

_IDS = array(string(), most=100)

#: An image; also a part of a context block.
IMAGE = all_of(
    typed(
        "image",
        required={"alt_text": string(most=2000)},
        optional={"image_url": URL, "slack_file": SLACK_FILE},
    ),
    exactly_one("image_url", "slack_file"),
)

_MENUS: Mapping[str, Check] = {
    "static_select": _STATIC_SELECT,
    "multi_static_select": _MULTI_STATIC_SELECT,
    "users_select": _select("users_select", extra={"initial_user": string()}, many=False),
    "multi_users_select": _select("multi_users_select", extra={"initial_users": _IDS}, many=True),
    "channels_select": _select(
        "channels_select",
        extra={"initial_channel": string(), "response_url_enabled": boolean},
        many=False,
    ),
    "multi_channels_select": _select("multi_channels_select", extra={"initial_channels": _IDS}, many=True),
}

_CHOICES: Mapping[str, Check] = {
    **_MENUS,
    "radio_buttons": _RADIO_BUTTONS,
    "checkboxes": _CHECKBOXES,
    "datepicker": typed("datepicker", optional={**_MENU, "initial_date": DATE}),
    "timepicker": typed("timepicker", optional={**_MENU, "initial_time": TIME, "timezone": string()}),
}

_DATETIMEPICKER = typed(
    "datetimepicker",
    optional={
        **_COMMON,
        "confirm": CONFIRM,
        "initial_date_time": integer(least=1_000_000_000, most=9_999_999_999),
    },
)

_OVERFLOW = typed(
    "overflow",
    required={"options": array(OVERFLOW_OPTION, most=5)},
    optional={"action_id": ACTION_ID, "confirm": CONFIRM},
)

#: What may be in an actions block.
IN_ACTIONS: Mapping[str, Check] = {
    **_CHOICES,
    "button": _BUTTON,
    "overflow": _OVERFLOW,
    "datetimepicker": _DATETIMEPICKER,
}

#: What may stand beside the text of a section.
IN_SECTION: Mapping[str, Check] = {
    **_CHOICES,
    "button": _BUTTON,
    "overflow": _OVERFLOW,
    "image": IMAGE,
}

#: What may be in an input block.
IN_INPUT: Mapping[str, Check] = {
    **_CHOICES,
    "datetimepicker": _DATETIMEPICKER,
    "plain_text_input": _PLAIN_TEXT_INPUT,
    "number_input": _NUMBER_INPUT,
    "email_text_input": typed("email_text_input", optional={**_TYPED, "initial_value": string()}),
    "url_text_input": typed("url_text_input", optional={**_TYPED, "initial_value": string()}),
}

#: What may be in a context block.
IN_CONTEXT: Mapping[str, Check] = {
    "image": IMAGE,
    "plain_text": any_text(3000),
    "mrkdwn": any_text(3000),
}

ALL_ELEMENTS = frozenset({*IN_ACTIONS, *IN_SECTION, *IN_INPUT})
