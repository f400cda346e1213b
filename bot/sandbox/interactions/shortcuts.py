"""Global shortcuts, and those on a message."""

from bot.sandbox.delivery import Receipt
from bot.sandbox.identity import channel_part, interaction_part
from bot.sandbox.interactions.failure_notices import tell_failure
from bot.sandbox.interactions.refusal import RefusedError
from bot.sandbox.json_values import JsonObject
from bot.sandbox.response_urls import Origin
from bot.sandbox.workspace import Workspace


async def run_shortcut(
    workspace: Workspace,
    *,
    user: str,
    callback_id: str,
    channel: str | None,
    message_ts: str | None,
) -> Receipt:
    """Send a shortcut to the app. Raises RefusedError."""
    shortcuts = {shortcut.callback_id: shortcut for shortcut in workspace.manifest.shortcuts}
    known = shortcuts.get(callback_id)
    if shortcuts and known is None:
        raise RefusedError(f"there is no shortcut {callback_id}")
    on_message = channel is not None and message_ts is not None
    if known is not None and on_message != (known.type == "message"):
        raise RefusedError(f"{callback_id} is a {known.type} shortcut")
    payload: JsonObject = {
        **interaction_part(
            workspace.directory, kind="message_action" if on_message else "shortcut", user=user
        ),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.issue(user=user),
        "action_ts": f"{workspace.clock.now():.6f}",
    }
    if channel is not None and message_ts is not None:
        payload |= _message_part(workspace, user=user, channel=channel, ts=message_ts)
    receipt = await workspace.delivery.deliver("interactive", payload)
    name = known.name if known else callback_id
    tell_failure(workspace, user=user, what=name, receipt=receipt)
    return receipt


def _message_part(workspace: Workspace, *, user: str, channel: str, ts: str) -> JsonObject:
    place = workspace.directory.channel(channel)
    message = workspace.messages.find(channel, ts)
    if place is None or message is None:
        raise RefusedError(f"there is no message {ts} in {channel}")
    origin = Origin(channel=place.id, user=user, message_ts=ts)
    return {
        "message_ts": ts,
        "channel": channel_part(place),
        "message": workspace.messages.object_of(message),
        "response_url": workspace.new_response_url(origin),
    }
