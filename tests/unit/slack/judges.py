"""Two judges of what Slack takes: its own SDK's models, and the local workspace's rules."""

import json
import re
from collections.abc import Iterator

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View

from bot.sandbox.block_ids import elements_in
from bot.sandbox.block_kit.surfaces import message_problems, view_problems
from bot.sandbox.json_values import Json, JsonObject, as_list, as_object, as_text, parse
from bot.slack.blocks import Block, Message

# Together the blocks of a message have at most about 13,200 characters before Slack answers
# msg_blocks_too_long: github.com/slackapi/bolt-js/issues/2509.
MOST_TOGETHER = 13_000
# Blocks that slack_sdk 3 has no model for: the workspace's rules judge them alone.
_UNKNOWN_TO_THE_SDK = ("data_table", "data_visualization")
# Slack cuts a longer text.
MOST_TEXT = 40_000


def as_json(value: object) -> JsonObject:
    """A block or view as it goes over the wire."""
    return as_object(parse(json.dumps(value, ensure_ascii=False)))


def blocks_of(message: Message) -> list[JsonObject]:
    """The blocks that are sent first."""
    return [as_json(block) for block in message.blocks]


def message_refusals(message: Message) -> list[str]:
    """What either judge says against a message: in its first form, and in its plainer one."""
    found = [] if 0 < len(message.text) <= MOST_TEXT else [f"{len(message.text)} characters of text"]
    for blocks in filter(None, (message.blocks, message.plainer)):
        wire = [as_json(block) for block in blocks]
        found += message_problems(blocks=wire, attachments=[])
        found += [problem for block in wire for problem in _sdk_problems(block)]
    last = message.plainer or message.blocks
    together = len(json.dumps(last, ensure_ascii=False, separators=(",", ":")))
    return [*found, f"{together} characters of blocks"] if together > MOST_TOGETHER else found


def view_refusals(view: Block) -> list[str]:
    """What either judge says against a modal."""
    wire = as_json(view)
    found = view_problems(wire)
    try:
        _sdk_view(wire).to_dict()
    except SlackObjectFormationError as error:
        found.append(str(error))
    return [
        *found,
        *(problem for block in as_list(wire["blocks"]) for problem in _sdk_problems(as_object(block))),
    ]


def _sdk_view(view: JsonObject) -> View:
    return View(
        type=as_text(view["type"]),
        callback_id=as_text(view.get("callback_id")),
        private_metadata=as_text(view.get("private_metadata")),
        blocks=[as_object(block) for block in as_list(view["blocks"])],
        title=as_object(view.get("title")) or None,
        submit=as_object(view.get("submit")) or None,
        close=as_object(view.get("close")) or None,
    )


def _sdk_problems(block: JsonObject) -> list[str]:
    if block.get("type") in _UNKNOWN_TO_THE_SDK:
        return []
    parsed = SdkBlock.parse(block)
    if parsed is None:
        return [f"the SDK knows no block like {block.get('type')}"]
    try:
        given = parsed.to_dict()
    except SlackObjectFormationError as error:
        return [str(error)]
    return [] if given.keys() >= block.keys() else [f"the SDK leaves out {block.keys() - given.keys()}"]


def mrkdwn_of(value: Json) -> Iterator[str]:
    """Every text in which Slack looks for mentions and links."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield as_text(value.get("text"))
        for item in value.values():
            yield from mrkdwn_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from mrkdwn_of(item)


def specials_of(value: Json) -> list[str]:
    """Everything that Slack would read as a mention, a link or a command; times are none of these."""
    found = [special for text in mrkdwn_of(value) for special in re.findall(r"<[^>]*>?", text)]
    return [
        special for special in found if not re.fullmatch(r"<!date\^\d+\^[^|<>]+\|\d\d:\d\d UTC>", special)
    ]


def buttons_of(blocks: list[JsonObject]) -> list[JsonObject]:
    """The buttons of some blocks."""
    return [placed.element for placed in elements_in(list(blocks)) if placed.element.get("type") == "button"]
