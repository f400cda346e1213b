"""Finding and naming the blocks and elements of a message or view."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.clock import Ids
from bot.sandbox.json_values import Json, JsonObject, as_list, as_object, objects_in

#: Elements that a person uses; the others of a block only show something.
_SHOWN_ONLY = frozenset({"image", "plain_text", "mrkdwn", "rich_text_section", ""})


@dataclass(frozen=True, kw_only=True)
class PlacedElement:
    """An interactive element and the block it is in."""

    block: JsonObject
    element: JsonObject

    @property
    def block_id(self) -> str:
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))


def elements_in(blocks: Json) -> Iterator[PlacedElement]:
    """The interactive elements of blocks, in their order."""
    for block in objects_in(blocks):
        candidates = objects_in(block.get("elements"))
        candidates += [as_object(block[key]) for key in ("element", "accessory") if key in block]
        if block.get("type") == "rich_text":
            continue
        for element in candidates:
            if str(element.get("type", "")) not in _SHOWN_ONLY:
                yield PlacedElement(block=block, element=element)


def with_ids(blocks: Json, *, ids: Ids) -> list[Json]:
    """The blocks with a block_id on each and an action_id on each element that lacks one."""
    named: list[Json] = []
    for block in objects_in(blocks):
        copy = {**block, "block_id": block.get("block_id") or ids.token()}
        if block.get("type") in ("actions", "context_actions"):
            copy["elements"] = [
                _with_action_id(as_object(element), ids=ids) for element in as_list(block.get("elements"))
            ]
        for key in ("element", "accessory"):
            if key in block:
                copy[key] = _with_action_id(as_object(block[key]), ids=ids)
        named.append(copy)
    return named


def _with_action_id(element: JsonObject, *, ids: Ids) -> JsonObject:
    if str(element.get("type", "")) in _SHOWN_ONLY or element.get("action_id"):
        return element
    return {**element, "action_id": ids.token()}
