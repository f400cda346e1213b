"""conversations.*: channels, and what was said in them."""

from bot.sandbox.directory import Channel
from bot.sandbox.json_values import JsonObject
from bot.sandbox.persistence import Message
from bot.sandbox.web_api.call import Call, Method
from bot.sandbox.web_api.errors import ApiError
from bot.sandbox.web_api.paging import page
from bot.sandbox.web_api.scopes import check_channel_scope, check_scope


async def list_conversations(call: Call) -> JsonObject:
    types = (call.arguments.text("types") or "public_channel").replace(" ", "").split(",")
    for kind in types:
        check_scope(call.workspace.manifest, f"conversations.list:{kind}")
    channels = [
        channel
        for channel in call.workspace.directory.channels()
        if ("im" if channel.im_user else "public_channel") in types
        and not (channel.archived and call.arguments.flag("exclude_archived"))
    ]
    found, metadata = page(channels, call.arguments, default=100, most=1000)
    return {
        "channels": [_channel_object(call, channel) for channel in found],
        "response_metadata": metadata,
    }


async def info(call: Call) -> JsonObject:
    return {"channel": _channel_object(call, _readable(call, "read"))}


async def members(call: Call) -> JsonObject:
    channel = _readable(call, "read")
    bot = call.workspace.seed.bot_user_id
    everyone = [channel.im_user] if channel.im_user else list(call.workspace.directory.people)
    if call.workspace.memberships.has(channel):
        everyone.append(bot)
    found, metadata = page(everyone, call.arguments, default=100, most=1000)
    return {"members": found, "response_metadata": metadata}


async def open_conversation(call: Call) -> JsonObject:
    users = call.arguments.text("users")
    if users is None:
        return {"channel": {"id": call.channel().id}}
    if call.workspace.directory.person(users) is None:
        raise ApiError("user_not_found")
    return {"channel": {"id": call.workspace.directory.open_im(users).id}}


async def join(call: Call) -> JsonObject:
    channel = call.channel()
    if channel.im_user:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("is_archived")
    if call.workspace.memberships.has(channel):
        warning = "already_in_channel"
        return {
            "channel": _channel_object(call, channel),
            "warning": warning,
            "response_metadata": {"warnings": [warning]},
        }
    call.workspace.memberships.join(channel)
    return {"channel": _channel_object(call, channel)}


async def history(call: Call) -> JsonObject:
    channel = _joined(call)
    messages = [
        message
        for message in reversed(call.workspace.messages.posted(channel.id))
        if "thread_ts" not in message.body or message.body.get("subtype") == "thread_broadcast"
    ]
    return _messages_page(call, messages)


async def replies(call: Call) -> JsonObject:
    channel = _joined(call)
    asked = call.workspace.messages.find(channel.id, call.arguments.required("ts"))
    if asked is None or asked.ephemeral_for is not None:
        raise ApiError("thread_not_found")
    root_ts = str(asked.body.get("thread_ts", asked.ts))
    root = call.workspace.messages.find(channel.id, root_ts)
    thread = call.workspace.messages.replies(channel.id, root_ts)
    return _messages_page(call, [root, *thread] if root else thread)


def _readable(call: Call, what: str) -> Channel:
    channel = call.channel()
    check_channel_scope(call.workspace.manifest, channel, what)
    return channel


def _joined(call: Call) -> Channel:
    """The channel whose messages are asked for: the scope for it reaches only where the app is a member.

    https://docs.slack.dev/reference/scopes/channels.history
    """
    channel = _readable(call, "history")
    if not call.workspace.memberships.has(channel):
        raise ApiError("not_in_channel")
    return channel


def _messages_page(call: Call, messages: list[Message]) -> JsonObject:
    arguments = call.arguments
    oldest = _timestamp(arguments.text("oldest") or "0", error="invalid_ts_oldest")
    latest = _timestamp(arguments.text("latest") or "inf", error="invalid_ts_latest")
    inclusive = arguments.flag("inclusive")

    def wanted(message: Message) -> bool:
        ts = float(message.ts)
        return oldest < ts < latest or (inclusive and ts in (oldest, latest))

    found, metadata = page(
        [message for message in messages if wanted(message)], arguments, default=100, most=999
    )
    with_metadata = arguments.flag("include_all_metadata")
    answer: JsonObject = {
        "messages": [_message_object(call, m, with_metadata=with_metadata) for m in found],
        "has_more": metadata["next_cursor"] != "",
    }
    if answer["has_more"]:
        answer["response_metadata"] = metadata
    return answer


def _timestamp(text: str, *, error: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ApiError(error) from None


def _message_object(call: Call, message: Message, *, with_metadata: bool) -> JsonObject:
    body = call.workspace.messages.object_of(message)
    metadata = body.get("metadata")
    if isinstance(metadata, dict) and not with_metadata:
        body["metadata"] = {"event_type": metadata["event_type"]}
    return body


def _channel_object(call: Call, channel: Channel) -> JsonObject:
    if channel.im_user:
        return {"id": channel.id, "created": 0, "is_im": True, "user": channel.im_user}
    is_member = call.workspace.memberships.has(channel)
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": False,
        "is_archived": channel.archived,
        "is_general": False,
        "is_member": is_member,
        "created": 0,
        "creator": call.workspace.seed.bot_user_id,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(call.workspace.directory.people) + is_member,
    }


METHODS: dict[str, Method] = {
    "conversations.list": list_conversations,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.join": join,
    "conversations.open": open_conversation,
    "conversations.history": history,
    "conversations.replies": replies,
}
