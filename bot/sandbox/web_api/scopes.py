"""Which scope each method asks for."""

from bot.sandbox.directory import Channel
from bot.sandbox.manifest import Manifest
from bot.sandbox.web_api.errors import ApiError

#: Bot scopes by method, any one of them being enough. Source: the "Required scopes" of each
#: method's page below https://docs.slack.dev/reference/methods; methods that are not listed
#: ask for none, or for one that depends on the channel (check_channel_scope).
SCOPES: dict[str, tuple[str, ...]] = {
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "conversations.list:public_channel": ("channels:read",),
    "conversations.list:private_channel": ("groups:read",),
    "conversations.list:mpim": ("mpim:read",),
    "conversations.list:im": ("im:read",),
    "conversations.join": ("channels:join",),
    "conversations.open": ("im:write", "mpim:write", "channels:manage", "groups:write"),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.info": ("files:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
}


def check_scope(manifest: Manifest, method: str) -> None:
    """Raises ApiError when the app's manifest has none of the method's scopes."""
    wanted = SCOPES.get(method)
    if wanted and not any(has_scope(manifest, scope) for scope in wanted):
        raise _missing(manifest, wanted[0])


def check_channel_scope(manifest: Manifest, channel: Channel, what: str) -> None:
    """Raises ApiError without the scope that reading this kind of channel asks for.

    `what` is read or history: channels:read, im:history…
    """
    scope = f"{'im' if channel.im_user else 'channels'}:{what}"
    if not has_scope(manifest, scope):
        raise _missing(manifest, scope)


def has_scope(manifest: Manifest, scope: str) -> bool:
    """Whether an app has a scope."""
    return manifest.scopes is None or scope in manifest.scopes


def _missing(manifest: Manifest, scope: str) -> ApiError:
    provided = ",".join(sorted(manifest.scopes or ()))
    return ApiError("missing_scope", details={"needed": scope, "provided": provided})
