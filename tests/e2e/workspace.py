"""A person in the local workspace, for tests: does things, and waits for what comes of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import aiohttp

from bot.sandbox.json_values import Json, JsonObject, as_object, dump, parse
from tests.e2e.page_mirror import PageMirror
from tests.e2e.workspace_state import Filled, input_values, plain_text_of

Predicate = Callable[[JsonObject], bool]


class Person:
    """One person's page. Get one from `signed_in`; it sees what the page is told.

    Channels are given by id or name. Waiting takes seconds and ends with an AssertionError that
    says what there is instead. `page` is what the person's page knows.
    """

    def __init__(self, *, url: str, user: str, session: aiohttp.ClientSession) -> None:
        self.user = user
        self._url = url
        self._session = session
        self.page = PageMirror()

    async def command(self, channel: str, text: str) -> JsonObject:
        """Run a slash command, as `/rollback planwise`."""
        return await self._do("command", channel=self.channel_id(channel), text=text)

    async def say(self, channel: str, text: str, *, thread_ts: str | None = None) -> JsonObject:
        """Post a message."""
        place = {} if thread_ts is None else {"thread_ts": thread_ts}
        return await self._do("message", channel=self.channel_id(channel), text=text, **place)

    async def press(
        self,
        target: JsonObject,
        *,
        action_id: str,
        value: str | None = None,
        block_id: str | None = None,
        kind: str = "button",
        values: Mapping[str, Filled] | None = None,
        **fields: Json,
    ) -> JsonObject:
        """Press a button of a message or view, or choose in a menu (`kind`).

        `fields` are more of those that Slack puts into actions[0]. Several buttons of one
        action_id are told apart by their value or block_id. `values` is what is filled in
        around the button, by action_id.
        """
        if target.get("type") == "modal" or target.get("type") == "home":
            container: JsonObject = {"type": "view", "view_id": target["id"]}
        else:
            container = {"type": "message", "channel": target["channel"], "ts": target["ts"]}
        body: JsonObject = {"container": container, "action_id": action_id, "type": kind, **fields}
        if value is not None:
            body["value"] = value
        if block_id is not None:
            body["block_id"] = block_id
        if values is not None:
            body["state"] = {"values": input_values(target, values)}
        return await self._do("press", **body)

    async def submit(self, view: JsonObject, values: Mapping[str, Filled] | None = None) -> JsonObject:
        """Submit a modal with these inputs, by action_id or block_id: text, option value, date,
        or a list of option values. What is not given stays as it starts."""
        state: JsonObject = {"values": input_values(view, values or {})}
        return await self._do("submit", view_id=view["id"], state=state)

    async def close(self, view: JsonObject) -> JsonObject:
        """Close a modal."""
        return await self._do("close", view_id=view["id"])

    async def shortcut(self, callback_id: str, *, message: JsonObject | None = None) -> JsonObject:
        """Run a global shortcut, or one on a message."""
        place: JsonObject = {}
        if message is not None:
            place = {"channel": message["channel"], "message_ts": message["ts"]}
        return await self._do("shortcut", callback_id=callback_id, **place)

    async def open_home(self) -> JsonObject:
        """Look at the app's home."""
        return await self._do("home")

    async def state(self) -> JsonObject:
        """The page's whole state, asked for anew."""
        async with self._session.get(f"{self._url}/_page/state", params={"user": self.user}) as response:
            content = as_object(parse(await response.text()))
            if response.status != 200:
                raise AssertionError(content)
            return content

    def view(self) -> JsonObject | None:
        """The modal on top."""
        return self.page.view

    def messages(self, channel: str, *, thread_ts: str | None = None) -> list[JsonObject]:
        """A channel's messages, oldest first; only the thread's with `thread_ts`."""
        channel_id = self.channel_id(channel)
        return [
            message
            for (place, _), message in sorted(self.page.messages.items())
            if place == channel_id and thread_ts in (None, message.get("thread_ts"))
        ]

    def ephemerals(self, channel: str) -> list[JsonObject]:
        """A channel's messages that only this person sees, oldest first."""
        return [message for message in self.messages(channel) if message.get("ephemeral") is True]

    def notices(self) -> list[str]:
        """What the workspace told the person, as when the app did not answer."""
        return list(self.page.notices)

    async def wait_for_message(
        self,
        channel: str,
        predicate: Predicate | None = None,
        *,
        containing: str | None = None,
        thread_ts: str | None = None,
        timeout: float = 10,
    ) -> JsonObject:
        """The newest message that fits, now or within the time-out."""

        def newest() -> JsonObject | None:
            found = [
                message
                for message in self.messages(channel, thread_ts=thread_ts)
                if (predicate is None or predicate(message))
                and (containing is None or containing in plain_text_of(message))
            ]
            return found[-1] if found else None

        return await self.page.wait(newest, f"message in {channel} with {containing!r}", timeout)

    async def wait_for_view(
        self,
        predicate: Predicate | None = None,
        *,
        containing: str | None = None,
        timeout: float = 10,
    ) -> JsonObject:
        """The modal on top, once it fits."""

        def fitting() -> JsonObject | None:
            view = self.page.view
            if view is None or (predicate is not None and not predicate(view)):
                return None
            return view if containing is None or containing in plain_text_of(view) else None

        return await self.page.wait(fitting, f"view with {containing!r}", timeout)

    async def wait_for_no_view(self, *, timeout: float = 10) -> None:
        """Until no modal is open."""
        await self.wait_until(lambda: self.page.view is None, "closed view", timeout)

    async def wait_for_notice(self, containing: str, *, timeout: float = 10) -> str:
        """The newest notice with these words."""

        def newest() -> JsonObject | None:
            found = [text for text in self.page.notices if containing in text]
            return {"text": found[-1]} if found else None

        return str((await self.page.wait(newest, f"notice with {containing!r}", timeout))["text"])

    async def wait_for_connections(self, count: int, *, timeout: float = 10) -> None:
        """Until the app has this many connections."""
        await self.wait_until(lambda: self.page.connections == count, f"{count} connections", timeout)

    async def wait_until(self, condition: Callable[[], bool], what: str, timeout: float = 10) -> None:
        """Until a condition on what the page was told holds."""
        await self.page.wait(lambda: {} if condition() else None, what, timeout)

    def channel_id(self, channel: str) -> str:
        """The id of a channel given by id or name."""
        return self.page.channels.get(channel.removeprefix("#"), channel)

    async def _do(self, what: str, **body: Json) -> JsonObject:
        content = dump({"user": self.user, **body})
        async with self._session.post(f"{self._url}/_page/{what}", data=content) as response:
            answer = as_object(parse(await response.text()))
            if response.status != 200:
                raise AssertionError(f"{what}: {answer}")
            return answer


@asynccontextmanager
async def signed_in(url: str, user: str) -> AsyncIterator[Person]:
    """A person who looks at the workspace at this URL until the block ends."""
    async with aiohttp.ClientSession() as session:
        person = Person(url=url, user=user, session=session)
        # The socket first: nothing that happens after the state was read is missed.
        async with session.ws_connect(f"{url}/_page/socket", params={"user": user}) as socket:
            person.page.load(await person.state())
            following = asyncio.create_task(person.page.follow(socket, person.state))
            try:
                yield person
            finally:
                following.cancel()
                with suppress(asyncio.CancelledError):
                    await following
