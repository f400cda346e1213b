"""What is filled in: the `state` of inputs, and what a person's client refuses to submit."""

from decimal import Decimal, InvalidOperation

from bot.sandbox.block_ids import elements_in
from bot.sandbox.json_values import Json, JsonObject, as_list, as_object, as_text, objects_in

#: By type of element: the field of `state` that holds its value, and the one it starts from.
_VALUE_FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def complete_state(blocks: Json, given: Json) -> JsonObject:
    """`state.values` for these blocks: what was filled in, else what the element starts with.

    What was filled in elsewhere, in a block that is gone, is left out as Slack does.
    """
    filled = as_object(given)
    values: dict[str, JsonObject] = {}
    for placed in elements_in(blocks):
        kind = as_text(placed.element.get("type"))
        if kind not in _VALUE_FIELDS:
            continue
        field, initial = _VALUE_FIELDS[kind]
        entry = as_object(as_object(filled.get(placed.block_id)).get(placed.action_id))
        start = placed.element.get(initial)
        if start is None and field.endswith("s") and field.startswith("selected_"):
            start = []
        value = entry.get(field, start)
        values.setdefault(placed.block_id, {})[placed.action_id] = {"type": kind, field: value}
    return dict(values)


def refusals(blocks: Json, values: Json) -> JsonObject:
    """What Slack's own client says before it submits a modal: message by block_id."""
    found: JsonObject = {}
    for block in objects_in(blocks):
        if block.get("type") != "input":
            continue
        element = as_object(block.get("element"))
        kind = as_text(element.get("type"))
        block_id = as_text(block.get("block_id"))
        entry = as_object(as_object(as_object(values).get(block_id)).get(str(element["action_id"])))
        value = entry.get(_VALUE_FIELDS[kind][0]) if kind in _VALUE_FIELDS else True
        message = _refusal(element, value, optional=block.get("optional") is True)
        if message:
            found[block_id] = message
    return found


def _refusal(element: JsonObject, value: Json, *, optional: bool) -> str | None:
    if value is None or value in ("", []):
        return None if optional else "Please complete this required field."
    if element.get("type") == "number_input":
        return _number_refusal(element, as_text(value))
    if element.get("type") == "plain_text_input":
        least, most = element.get("min_length"), element.get("max_length")
        if isinstance(least, int) and len(as_text(value)) < least:
            return f"Please enter at least {least} characters."
        if isinstance(most, int) and len(as_text(value)) > most:
            return f"Please enter at most {most} characters."
    most = element.get("max_selected_items")
    if isinstance(most, int) and len(as_list(value)) > most:
        return f"Please choose at most {most}."
    return None


def _number_refusal(element: JsonObject, text: str) -> str | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "Please enter a valid number."
    if element.get("is_decimal_allowed") is not True and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(str(least)):
        return f"Please enter a number of at least {least}."
    if most is not None and number > Decimal(str(most)):
        return f"Please enter a number of at most {most}."
    return None
