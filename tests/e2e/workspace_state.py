"""Filling in inputs and reading texts, in Slack's shapes."""

from collections.abc import Iterator, Mapping
from html import unescape

from bot.sandbox.block_ids import PlacedElement, elements_in
from bot.sandbox.json_values import Json, JsonObject, as_list, as_object, as_text, objects_in

#: What a person fills in: text or an option's value, or several values, or a number.
Filled = str | list[str] | int

_FIELDS = {
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}


def input_values(container: JsonObject, filled: Mapping[str, Filled]) -> JsonObject:
    """`state.values` for what is filled in, by action_id or block_id."""
    placed = list(elements_in(container.get("blocks")))
    values: JsonObject = {}
    for name, value in filled.items():
        fitting = [each for each in placed if name in (each.action_id, each.block_id)]
        if not fitting:
            known = [each.action_id for each in placed]
            raise AssertionError(f"no input {name}; there are {known}")
        each = fitting[0]
        block = as_object(values.setdefault(each.block_id, {}))
        values[each.block_id] = {**block, each.action_id: _entry(each, value)}
    return values


def plain_text_of(value: Json) -> str:
    """Every text that a message or view shows, a line each, as it is read: `>`, not `&gt;`."""
    return unescape("\n".join(_texts(value)))


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in ("text", "caption", "title", "name", "alt_text") and isinstance(item, str):
                yield item
            elif name not in ("metadata", "state", "private_metadata", "bot_profile"):
                yield from _texts(item)


def _entry(placed: PlacedElement, value: Filled) -> JsonObject:
    kind = as_text(placed.element.get("type"))
    if kind in ("static_select", "radio_buttons"):
        return {"type": kind, "selected_option": _option(placed, value)}
    if kind in ("multi_static_select", "checkboxes"):
        chosen: Json = [_option(placed, each) for each in value] if isinstance(value, list) else []
        return {"type": kind, "selected_options": chosen}
    return {"type": kind, _FIELDS.get(kind, "value"): value}


def _option(placed: PlacedElement, value: Filled) -> JsonObject:
    groups = objects_in(placed.element.get("option_groups"))
    options = objects_in(placed.element.get("options"))
    options += [option for group in groups for option in objects_in(as_list(group.get("options")))]
    for option in options:
        if option.get("value") == value:
            return option
    offered = [option.get("value") for option in options]
    raise AssertionError(f"{placed.action_id} offers no {value!r}, but {offered}")
