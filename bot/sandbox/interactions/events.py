"""What people say, and their opening of the app's home: events."""

from bot.sandbox.directory import Channel
from bot.sandbox.identity import VERIFICATION
from bot.sandbox.json_values import JsonObject
from bot.sandbox.persistence import Message
from bot.sandbox.workspace import Workspace


def say(workspace: Workspace, *, user: str, channel: Channel, text: str, thread_ts: str | None) -> Message:
    """Post what a person says; the app hears of it where it is a member, as far as it subscribed."""
    fields: JsonObject = {
        "user": user,
        "text": text,
        "team": workspace.seed.team_id,
        "client_msg_id": workspace.ids.token().lower(),
    }
    if thread_ts:
        fields["thread_ts"] = thread_ts
    message = workspace.messages.add(channel=channel.id, fields=fields)
    if not workspace.memberships.has(channel):
        return message
    place: JsonObject = {
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": "im" if channel.im_user else "channel",
    }
    if workspace.manifest.subscribes_to("message.im" if channel.im_user else "message.channels"):
        _deliver(workspace, {**message.body, **place})
    mentioned = f"<@{workspace.seed.bot_user_id}>" in text
    if mentioned and not channel.im_user and workspace.manifest.subscribes_to("app_mention"):
        mention: JsonObject = {**message.body, **place, "type": "app_mention"}
        del mention["channel_type"]
        _deliver(workspace, mention)
    return message


def open_home(workspace: Workspace, *, user: str) -> None:
    """A person looks at the app's home."""
    if not workspace.manifest.subscribes_to("app_home_opened"):
        return
    event: JsonObject = {
        "type": "app_home_opened",
        "user": user,
        "channel": workspace.directory.open_im(user).id,
        "event_ts": f"{workspace.clock.now():.6f}",
        "tab": "home",
    }
    home = workspace.views.home(user)
    if home is not None:
        event["view"] = home.body
    _deliver(workspace, event)


def _deliver(workspace: Workspace, event: JsonObject) -> None:
    seed = workspace.seed
    workspace.delivery.deliver_event(
        {
            "token": VERIFICATION,
            "team_id": seed.team_id,
            "api_app_id": seed.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{workspace.ids.token()}",
            "event_time": int(workspace.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": seed.team_id,
                    "user_id": seed.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": workspace.ids.token(),
        }
    )
