"""Messages, modals and homes as a whole."""

from collections import Counter
from collections.abc import Mapping

from bot.sandbox.block_ids import elements_in
from bot.sandbox.block_kit.blocks import EVERYWHERE, MESSAGE_ONLY, MOST_MARKDOWN
from bot.sandbox.block_kit.checks import (
    Check,
    Problems,
    array,
    boolean,
    by_type,
    one_of,
    problem,
    record,
    string,
)
from bot.sandbox.block_kit.objects import plain_text
from bot.sandbox.block_kit.tables import MOST_TABLE_TEXT, table_text
from bot.sandbox.json_values import Json, JsonObject, as_list, as_object, as_text, objects_in

MOST_MESSAGE_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
MOST_VIEW_BYTES = 250_000

#: How many blocks of a type one message may have.
_MOST_OF_TYPE = {"table": 1, "data_visualization": 2}

_MESSAGE_BLOCKS = array(by_type({**EVERYWHERE, **MESSAGE_ONLY}), least=0, most=MOST_MESSAGE_BLOCKS)
_VIEW_BLOCKS = array(by_type(EVERYWHERE, others=MESSAGE_ONLY), least=0, most=MOST_VIEW_BLOCKS)

_ANY_VIEW: Mapping[str, Check] = {
    "callback_id": string(most=255, least=0),
    "private_metadata": string(most=3000, least=0),
    "external_id": string(most=255, least=0),
}

_MODAL = record(
    required={"type": one_of("modal"), "title": plain_text(24), "blocks": _VIEW_BLOCKS},
    optional={
        **_ANY_VIEW,
        "close": plain_text(24),
        "submit": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)

_HOME = record(required={"type": one_of("home"), "blocks": _VIEW_BLOCKS}, optional=_ANY_VIEW)


def message_problems(*, blocks: Json, attachments: Json) -> list[str]:
    """What Slack would refuse a message for; empty when it would not."""
    problems: Problems = []
    if blocks:
        _check_message_blocks(blocks, "/blocks", problems)
    for position, attachment in enumerate(as_list(attachments)):
        inner = as_object(attachment).get("blocks")
        if inner:
            _check_message_blocks(inner, f"/attachments/{position}/blocks", problems)
    return problems


def view_problems(view: JsonObject) -> list[str]:
    """What Slack would refuse a view for; empty when it would not."""
    problems: Problems = []
    by_type({"modal": _MODAL, "home": _HOME})(view, "/view", problems)
    blocks = view.get("blocks")
    _check_ids(blocks, "/view/blocks", problems)
    has_inputs = any(block.get("type") == "input" for block in objects_in(blocks))
    if view.get("type") == "modal" and has_inputs and view.get("submit") is None:
        problem(problems, "/view", "missing required field: submit (the view has inputs)")
    return problems


def _check_message_blocks(blocks: Json, pointer: str, problems: Problems) -> None:
    _MESSAGE_BLOCKS(blocks, pointer, problems)
    _check_ids(blocks, pointer, problems)
    found = objects_in(blocks)
    counts = Counter(as_text(block.get("type")) for block in found)
    for kind, most in _MOST_OF_TYPE.items():
        if counts[kind] > most:
            problem(problems, pointer, f"no more than {most} {kind} blocks allowed")
    markdown = [as_text(b.get("text")) for b in found if b.get("type") == "markdown"]
    if len(markdown) > 1 and sum(map(len, markdown)) > MOST_MARKDOWN:
        problem(problems, pointer, f"markdown must be less than {MOST_MARKDOWN + 1} characters")
    if table_text(found) > MOST_TABLE_TEXT:
        problem(problems, pointer, f"tables must be less than {MOST_TABLE_TEXT + 1} characters")


def _check_ids(blocks: Json, pointer: str, problems: Problems) -> None:
    for position, block in enumerate(as_list(blocks)):
        named = [p.action_id for p in elements_in([as_object(block)]) if p.action_id]
        for action_id, count in Counter(named).items():
            if count > 1:
                where = f"{pointer}/{position}"
                problem(problems, where, f"`action_id` is used twice: {action_id}")
    block_ids = [as_text(block.get("block_id")) for block in objects_in(blocks)]
    for block_id, count in Counter(filter(None, block_ids)).items():
        if count > 1:
            problem(problems, pointer, f"`block_id` is used twice: {block_id}")
