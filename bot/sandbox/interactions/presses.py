"""Presses of buttons and choices in menus, in messages and views."""

from dataclasses import dataclass

from bot.sandbox.block_ids import elements_in
from bot.sandbox.delivery import Receipt
from bot.sandbox.identity import channel_part, interaction_part
from bot.sandbox.input_state import complete_state
from bot.sandbox.interactions.failure_notices import tell_failure
from bot.sandbox.interactions.refusal import RefusedError
from bot.sandbox.json_values import Json, JsonObject, as_object
from bot.sandbox.response_urls import Origin
from bot.sandbox.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Press:
    """What a person did to an element. `fields` are those Slack puts into actions[0]."""

    user: str
    action_id: str
    type: str
    block_id: str | None
    fields: JsonObject
    values: JsonObject


async def press_in_message(workspace: Workspace, press: Press, *, channel: str, ts: str) -> Receipt:
    """Deliver a press in a message, also when the button is not in it any more."""
    message = workspace.messages.find(channel, ts)
    place = workspace.directory.channel(channel)
    if place is None or message is None or message.ephemeral_for not in (None, press.user):
        raise RefusedError(f"there is no message {ts} in {channel}")
    thread_ts = message.body.get("thread_ts")
    blocks = message.body.get("blocks")
    container: JsonObject = {
        "type": "message",
        "message_ts": ts,
        "channel_id": place.id,
        "is_ephemeral": message.ephemeral_for is not None,
    }
    if thread_ts:
        container["thread_ts"] = thread_ts
    origin = Origin(
        channel=place.id,
        user=press.user,
        message_ts=ts,
        thread_ts=str(thread_ts) if thread_ts else None,
    )
    payload: JsonObject = {
        **interaction_part(workspace.directory, kind="block_actions", user=press.user),
        "container": container,
        "trigger_id": workspace.triggers.issue(user=press.user),
        "channel": channel_part(place),
        "message": workspace.messages.object_of(message),
        "state": {"values": complete_state(blocks, press.values)},
        "response_url": workspace.new_response_url(origin),
        "actions": [_action(workspace, press, blocks)],
    }
    return await _deliver(workspace, press, payload)


async def press_in_view(workspace: Workspace, press: Press, *, view_id: str) -> Receipt:
    """Deliver a press in an open modal or in the home."""
    view = workspace.views.find(view_id)
    if view is None or view.user != press.user:
        raise RefusedError(f"there is no view {view_id}")
    if press.values:
        view = workspace.views.fill_in(view, press.values)
    payload: JsonObject = {
        **interaction_part(workspace.directory, kind="block_actions", user=press.user),
        "container": {"type": "view", "view_id": view_id},
        "trigger_id": workspace.triggers.issue(user=press.user),
        "view": view.body,
        "actions": [_action(workspace, press, view.body.get("blocks"))],
    }
    return await _deliver(workspace, press, payload)


async def _deliver(workspace: Workspace, press: Press, payload: JsonObject) -> Receipt:
    receipt = await workspace.delivery.deliver("interactive", payload)
    tell_failure(workspace, user=press.user, what="The press", receipt=receipt)
    return receipt


def _action(workspace: Workspace, press: Press, blocks: Json) -> JsonObject:
    """actions[0]: the element's own fields, and the request's where the element is gone."""
    action: JsonObject = {
        "action_id": press.action_id,
        "block_id": press.block_id,
        **press.fields,
        "type": press.type,
        "action_ts": f"{workspace.clock.now():.6f}",
    }
    for placed in elements_in(blocks):
        element = placed.element
        asked = press.fields.get("value", element.get("value"))
        if (
            placed.action_id == press.action_id
            and press.block_id in (None, placed.block_id)
            and element.get("value") == asked
        ):
            action["block_id"] = placed.block_id
            for name in ("text", "value", "style", "placeholder", "confirm"):
                if name in element:
                    action[name] = element[name]
            break
    return as_object(action)
