"""chat.*: posting, changing and deleting messages."""

from bot.sandbox.app_messages import Content, ContentError, change_as_app, post_as_app
from bot.sandbox.directory import Channel
from bot.sandbox.json_values import JsonObject
from bot.sandbox.persistence import Message
from bot.sandbox.web_api.call import Call, Method
from bot.sandbox.web_api.errors import ApiError
from bot.sandbox.web_api.scopes import has_scope


async def post_message(call: Call) -> JsonObject:
    workspace = call.workspace
    channel = _writable(call)
    try:
        message = post_as_app(
            workspace,
            channel=channel.id,
            content=_content(call),
            thread_ts=_thread(call, channel.id),
            broadcast=call.arguments.flag("reply_broadcast"),
        )
    except ContentError as error:
        raise ApiError(error.code, messages=error.problems) from None
    body = workspace.messages.object_of(message)
    return {"channel": channel.id, "ts": message.ts, "message": body}


async def post_ephemeral(call: Call) -> JsonObject:
    workspace = call.workspace
    channel = _writable(call)
    user = call.arguments.required("user")
    if workspace.directory.person(user) is None:
        raise ApiError("user_not_in_channel")
    try:
        message = post_as_app(
            workspace,
            channel=channel.id,
            content=_content(call),
            thread_ts=_thread(call, channel.id),
            ephemeral_for=user,
        )
    except ContentError as error:
        raise ApiError(error.code, messages=error.problems) from None
    return {"message_ts": message.ts}


async def update(call: Call) -> JsonObject:
    message = _own_message(call, refusal="cant_update_message")
    content = _content(call)
    try:
        changed = change_as_app(call.workspace, message, content, keep_missing=True)
    except ContentError as error:
        raise ApiError(error.code, messages=error.problems) from None
    body = call.workspace.messages.object_of(changed)
    return {"channel": message.channel, "ts": message.ts, "text": content.text, "message": body}


async def delete(call: Call) -> JsonObject:
    message = _own_message(call, refusal="cant_delete_message")
    call.workspace.messages.remove(message)
    return {"channel": message.channel, "ts": message.ts}


async def get_permalink(call: Call) -> JsonObject:
    channel = call.channel()
    ts = call.arguments.required("message_ts")
    message = call.workspace.messages.find(channel.id, ts)
    if message is None or message.ephemeral_for is not None:
        raise ApiError("message_not_found")
    link = f"{call.workspace.url}/archives/{channel.id}/p{ts.replace('.', '')}"
    thread_ts = message.body.get("thread_ts")
    if thread_ts:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _writable(call: Call) -> Channel:
    """The channel to post in: one the app is in, or with chat:write.public any public one."""
    channel = call.channel(by_name=True)
    if channel.archived:
        raise ApiError("is_archived")
    manifest = call.workspace.manifest
    if not call.workspace.memberships.has(channel) and not has_scope(manifest, "chat:write.public"):
        raise ApiError("not_in_channel")
    return channel


def _content(call: Call) -> Content:
    arguments = call.arguments
    return Content(
        text=arguments.text("text") or "",
        blocks=arguments.structure("blocks", error="invalid_blocks_format"),
        attachments=arguments.structure("attachments"),
        metadata=arguments.structure("metadata", error="invalid_metadata_format"),
    )


def _thread(call: Call, channel: str) -> str | None:
    """The thread to post in; a reply to a reply goes to the reply's thread, as in Slack."""
    thread_ts = call.arguments.text("thread_ts")
    if thread_ts is None:
        return None
    parent = call.workspace.messages.find(channel, thread_ts)
    if parent is None:
        raise ApiError("thread_not_found")
    return str(parent.body.get("thread_ts", parent.ts))


def _own_message(call: Call, *, refusal: str) -> Message:
    channel = call.channel()
    message = call.workspace.messages.find(channel.id, call.arguments.required("ts"))
    if message is None or message.ephemeral_for is not None:
        raise ApiError("message_not_found")
    if message.body.get("bot_id") != call.workspace.seed.bot_id:
        raise ApiError(refusal)
    return message


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
