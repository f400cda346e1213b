"""The context_actions block: feedback and icon buttons below a message.

https://docs.slack.dev/reference/block-kit/blocks/context-actions-block
"""

from bot.sandbox.block_kit.checks import array, by_type, one_of, record, string, typed
from bot.sandbox.block_kit.elements import ACTION_ID
from bot.sandbox.block_kit.objects import CONFIRM, plain_text

_FEEDBACK_BUTTON = record(
    required={"text": plain_text(75), "value": string(most=2000)},
    optional={"accessibility_label": string(most=75)},
)

_FEEDBACK_BUTTONS = typed(
    "feedback_buttons",
    required={"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON},
    optional={"action_id": ACTION_ID},
)

_ICON_BUTTON = typed(
    "icon_button",
    required={"icon": one_of("trash"), "text": plain_text(75)},
    optional={
        "action_id": ACTION_ID,
        "value": string(most=2000),
        "confirm": CONFIRM,
        "accessibility_label": string(most=75),
        "visible_to_user_ids": array(string(), most=100),
    },
)

CONTEXT_ACTIONS = typed(
    "context_actions",
    required={
        "elements": array(
            by_type({"feedback_buttons": _FEEDBACK_BUTTONS, "icon_button": _ICON_BUTTON}), most=5
        )
    },
    optional={"block_id": string(most=255)},
)
