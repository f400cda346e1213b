"""What a page shows, in the shape of the page API."""

from bot.sandbox.json_values import JsonObject
from bot.sandbox.persistence import Message
from bot.sandbox.views import View
from bot.sandbox.workspace import Workspace

_VIEW_FIELDS = (
    "id",
    "hash",
    "type",
    "title",
    "submit",
    "close",
    "blocks",
    "callback_id",
    "private_metadata",
    "state",
    "root_view_id",
    "previous_view_id",
    "external_id",
)


def page_state(workspace: Workspace, *, user: str) -> JsonObject:
    """Everything one person's page shows."""
    seed, manifest = workspace.seed, workspace.manifest
    channels = [channel for channel in workspace.directory.channels() if channel.im_user in (None, user)]
    return {
        "team": {"id": seed.team_id, "name": seed.team_name},
        "app": {"name": workspace.app_name, "bot_user_id": seed.bot_user_id},
        "people": [{"id": p.id, "name": p.name, "title": p.title} for p in seed.people],
        "channels": [
            {
                "id": channel.id,
                "name": workspace.app_name if channel.im_user else channel.name,
                "topic": channel.topic,
            }
            for channel in channels
        ],
        "commands": [command.model_dump() for command in manifest.commands],
        "shortcuts": [
            {"callback_id": s.callback_id, "name": s.name, "type": s.type} for s in manifest.shortcuts
        ],
        "usergroups": [{"id": g.id, "handle": g.handle, "name": g.name} for g in seed.usergroups],
        "messages": {
            channel.id: [
                page_message(workspace, message) for message in workspace.messages.seen_by(channel.id, user)
            ]
            for channel in channels
        },
        "view": page_view(workspace.views.top(user)),
        "home": page_view(workspace.views.home(user)),
        "faults": {
            "rate_limits": workspace.faults.rate_limits,
            "connected": workspace.delivery.connected,
        },
    }


def page_message(workspace: Workspace, message: Message, *, deleted: bool = False) -> JsonObject:
    """A message; what the app posted carries `bot_id` and `username` in place of `user`."""
    content = workspace.messages.object_of(message)
    content["channel"] = message.channel
    if "bot_id" in content:
        del content["user"]
        content["username"] = workspace.app_name
    if message.ephemeral_for is not None:
        content["ephemeral"] = True
    if deleted:
        content["deleted"] = True
    return content


def page_view(view: View | None) -> JsonObject | None:
    """A view, without the fields that only the app needs."""
    if view is None:
        return None
    content = {name: view.body[name] for name in _VIEW_FIELDS if view.body.get(name) is not None}
    if view.errors:
        content["errors"] = view.errors
    return content


def push_changes(workspace: Workspace) -> None:
    """From now on, tell open pages of every change."""

    def message_changed(message: Message, deleted: bool) -> None:
        channel = workspace.directory.channel(message.channel)
        user = message.ephemeral_for or (channel.im_user if channel else None)
        if channel and channel.im_user and len(workspace.messages.seen_by(channel.id, channel.im_user)) == 1:
            # A page that is open does not know this direct message yet.
            workspace.pages.push({"type": "reset"}, user=user)
        content = page_message(workspace, message, deleted=deleted)
        workspace.pages.push({"type": "message", "message": content}, user=user)

    def views_changed(user: str) -> None:
        view = page_view(workspace.views.top(user))
        workspace.pages.push({"type": "view", "view": view}, user=user)

    def connections_changed() -> None:
        connected = workspace.delivery.connected
        workspace.pages.push({"type": "connection", "connected": connected})

    workspace.messages.on_change(message_changed)
    workspace.views.on_change(views_changed)
    workspace.socket_mode.connections_changed = connections_changed
