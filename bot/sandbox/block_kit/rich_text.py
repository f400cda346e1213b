"""The rich_text block. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block"""

from collections.abc import Mapping

from bot.sandbox.block_kit.checks import (
    Check,
    array,
    boolean,
    by_type,
    integer,
    one_of,
    record,
    string,
    typed,
)
from bot.sandbox.block_kit.objects import URL

#: The reference names no highest number; a thousand parts is beyond any message.
_MOST_PARTS = 1000

_STYLES = (
    "bold",
    "italic",
    "strike",
    "code",
    "underline",
    "highlight",
    "client_highlight",
    "unlink",
)
_STYLE = record(optional=dict.fromkeys(_STYLES, boolean))

_INLINE: Mapping[str, Check] = {
    "text": typed("text", required={"text": string()}, optional={"style": _STYLE}),
    "link": typed(
        "link",
        required={"url": URL},
        optional={"text": string(), "unsafe": boolean, "style": _STYLE},
    ),
    "emoji": typed("emoji", required={"name": string()}, optional={"unicode": string()}),
    "user": typed("user", required={"user_id": string()}, optional={"style": _STYLE}),
    "usergroup": typed("usergroup", required={"usergroup_id": string()}, optional={"style": _STYLE}),
    "channel": typed("channel", required={"channel_id": string()}, optional={"style": _STYLE}),
    "broadcast": typed("broadcast", required={"range": one_of("here", "channel", "everyone")}),
    "color": typed("color", required={"value": string()}),
    "date": typed(
        "date",
        required={"timestamp": integer(least=0, most=9_999_999_999), "format": string()},
        optional={"url": URL, "fallback": string(), "style": _STYLE},
    ),
}

_PARTS = array(by_type(_INLINE), least=0, most=_MOST_PARTS)
_BORDER = integer(least=0, most=1)

_SECTION = typed("rich_text_section", required={"elements": _PARTS})

_ELEMENTS: Mapping[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": typed(
        "rich_text_list",
        required={
            "style": one_of("bullet", "ordered"),
            "elements": array(by_type({"rich_text_section": _SECTION}), most=_MOST_PARTS),
        },
        optional={
            "indent": integer(least=0, most=8),
            "offset": integer(least=0, most=100_000),
            "border": _BORDER,
        },
    ),
    "rich_text_preformatted": typed(
        "rich_text_preformatted",
        required={"elements": _PARTS},
        optional={"border": _BORDER, "language": string()},
    ),
    "rich_text_quote": typed("rich_text_quote", required={"elements": _PARTS}, optional={"border": _BORDER}),
}

RICH_TEXT = typed(
    "rich_text",
    required={"elements": array(by_type(_ELEMENTS), most=_MOST_PARTS)},
    optional={"block_id": string(most=255)},
)
