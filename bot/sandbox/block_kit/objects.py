"""Composition objects: texts, options, confirmations.

https://docs.slack.dev/reference/block-kit/composition-objects
"""

from bot.sandbox.block_kit.checks import (
    Check,
    array,
    boolean,
    by_type,
    one_of,
    record,
    string,
    typed,
)


def plain_text(most: int) -> Check:
    """A plain text of at most this many characters."""
    return typed("plain_text", required={"text": string(most=most)}, optional={"emoji": boolean})


def any_text(most: int) -> Check:
    """A plain or mrkdwn text of at most this many characters."""
    return by_type(
        {
            "plain_text": plain_text(most),
            "mrkdwn": typed("mrkdwn", required={"text": string(most=most)}, optional={"verbatim": boolean}),
        }
    )


URL = string(most=3000)

CONFIRM = record(
    required={
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    optional={"style": one_of("primary", "danger")},
)

_OPTION_TAIL = {"description": any_text(75)}

#: An option of a menu.
OPTION = record(
    required={"text": plain_text(75), "value": string(most=150)},
    optional=_OPTION_TAIL,
)

#: An option of an overflow menu, which may lead to a page.
OVERFLOW_OPTION = record(
    required={"text": plain_text(75), "value": string(most=150)},
    optional={**_OPTION_TAIL, "url": URL},
)

#: An option of radio buttons or checkboxes, whose text may be mrkdwn.
CHOICE = record(required={"text": any_text(75), "value": string(most=150)}, optional=_OPTION_TAIL)

OPTIONS = array(OPTION, most=100)

OPTION_GROUPS = array(
    record(required={"label": plain_text(75), "options": OPTIONS}),
    most=100,
)

DISPATCH_CONFIG = record(
    required={"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), most=2)}
)

#: An image of the workspace's own, by id or URL.
SLACK_FILE = record(optional={"id": string(), "url": URL})
