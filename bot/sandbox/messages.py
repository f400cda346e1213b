"""The messages of a workspace, in their channels and threads."""

from collections.abc import Callable
from dataclasses import replace

from bot.sandbox.clock import Clock
from bot.sandbox.json_values import JsonObject
from bot.sandbox.persistence import Message, Storage

ChangeListener = Callable[[Message, bool], None]


class MessageStore:
    """Messages by channel and time stamp. Listeners hear of each change: (message, deleted)."""

    def __init__(self, *, clock: Clock, storage: Storage) -> None:
        self._clock = clock
        self._storage = storage
        # In the order of their time stamps, because these only ever increase.
        self._channels: dict[str, dict[str, Message]] = {}
        self._threads: dict[tuple[str, str], dict[str, None]] = {}
        for message in storage.load():
            self._index(message)
        self._last_ts = storage.last_ts()
        self._listeners: list[ChangeListener] = []

    def on_change(self, listener: ChangeListener) -> None:
        """Call the listener after each change."""
        self._listeners.append(listener)

    def add(self, *, channel: str, fields: JsonObject, ephemeral_for: str | None = None) -> Message:
        """Post a message under a new time stamp, unique and increasing in the workspace."""
        self._last_ts = max(int(self._clock.now() * 1_000_000), self._last_ts + 1)
        ts = f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
        body: JsonObject = {"type": "message", **fields, "ts": ts}
        message = Message(channel=channel, ts=ts, body=body, ephemeral_for=ephemeral_for)
        self._keep(message)
        self._announce_parent(message)
        return message

    def change(self, message: Message, fields: JsonObject) -> Message:
        """Put other fields into a message; a field of None is taken out."""
        body = {**message.body, **fields}
        body = {name: value for name, value in body.items() if value is not None}
        changed = replace(message, body=body)
        self._keep(changed)
        return changed

    def remove(self, message: Message) -> None:
        """Delete a message."""
        del self._channels[message.channel][message.ts]
        self._threads.get((message.channel, _root_of(message)), {}).pop(message.ts, None)
        self._storage.remove(channel=message.channel, ts=message.ts)
        self._announce(message, deleted=True)
        self._announce_parent(message)

    def clear(self) -> None:
        """Forget every message without telling anyone; time stamps go on, the storage is not touched."""
        self._channels.clear()
        self._threads.clear()

    def find(self, channel: str, ts: str) -> Message | None:
        """A message, ephemeral ones included."""
        return self._channels.get(channel, {}).get(ts)

    def channels(self) -> set[str]:
        """The channels that have messages."""
        return set(self._channels)

    def posted(self, channel: str) -> list[Message]:
        """A channel's messages, oldest first, replies included, ephemeral ones not."""
        return [m for m in self._channels.get(channel, {}).values() if m.ephemeral_for is None]

    def seen_by(self, channel: str, user: str) -> list[Message]:
        """A channel's messages as one person sees them, oldest first."""
        messages = self._channels.get(channel, {}).values()
        return [m for m in messages if m.ephemeral_for in (None, user)]

    def replies(self, channel: str, ts: str) -> list[Message]:
        """The replies to a message, oldest first, without the message itself."""
        messages = self._channels.get(channel, {})
        return [messages[reply] for reply in self._threads.get((channel, ts), ())]

    def object_of(self, message: Message) -> JsonObject:
        """Slack's message object, with its thread's figures when it has replies."""
        replies = [] if "thread_ts" in message.body else self.replies(message.channel, message.ts)
        if not replies:
            return dict(message.body)
        users = list(dict.fromkeys(str(reply.body.get("user", "")) for reply in replies))
        return {
            **message.body,
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "reply_users": users,
            "latest_reply": replies[-1].ts,
        }

    def _keep(self, message: Message) -> None:
        self._storage.save(message)
        self._index(message)
        self._announce(message, deleted=False)

    def _index(self, message: Message) -> None:
        self._channels.setdefault(message.channel, {})[message.ts] = message
        root = _root_of(message)
        if root != message.ts and message.ephemeral_for is None:
            self._threads.setdefault((message.channel, root), {})[message.ts] = None

    def _announce_parent(self, message: Message) -> None:
        parent = self.find(message.channel, _root_of(message))
        if parent is not None and parent.ts != message.ts:
            self._announce(parent, deleted=False)

    def _announce(self, message: Message, *, deleted: bool) -> None:
        for listener in self._listeners:
            listener(message, deleted)


def _root_of(message: Message) -> str:
    """The time stamp of the message whose thread this one is in, or its own."""
    return str(message.body.get("thread_ts", message.ts))
