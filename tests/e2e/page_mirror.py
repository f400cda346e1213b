"""What one person's page knows: its state, kept up to date by what the workspace pushes."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp

from bot.sandbox.json_values import JsonObject, as_object, dump, objects_in, parse
from tests.e2e.workspace_state import plain_text_of


class PageMirror:
    """Messages, the modal on top, notices and the number of the app's connections."""

    def __init__(self) -> None:
        self.messages: dict[tuple[str, str], JsonObject] = {}
        self.channels: dict[str, str] = {}
        self.view: JsonObject | None = None
        self.notices: list[str] = []
        self.connections = 0
        self.connection_changes: list[int] = []
        self._news = asyncio.Condition()

    def load(self, state: JsonObject) -> None:
        """Start anew from the page's whole state."""
        self.channels = {
            str(channel["name"]): str(channel["id"]) for channel in objects_in(state["channels"])
        }
        self.messages.clear()
        for messages in as_object(state["messages"]).values():
            for message in objects_in(messages):
                self._keep(message)
        self.view = as_object(state["view"]) or None
        self.connections = int(str(as_object(state["faults"])["connected"]))

    async def follow(
        self, socket: aiohttp.ClientWebSocketResponse, state: Callable[[], Awaitable[JsonObject]]
    ) -> None:
        """Take in what is pushed, until the socket ends; `state` is asked after a reset."""
        async for frame in socket:
            news = as_object(parse(str(frame.data)))
            if news["type"] == "reset":
                self.load(await state())
            else:
                self._take(news)
            async with self._news:
                self._news.notify_all()

    async def wait(self, found: Callable[[], JsonObject | None], what: str, timeout: float) -> JsonObject:
        """What `found` answers, as soon as it is not None. Raises AssertionError after the time-out."""
        try:
            async with asyncio.timeout(timeout), self._news:
                while (result := found()) is None:
                    await self._news.wait()
                return result
        except TimeoutError:
            shown = [plain_text_of(message)[:200] for message in self.messages.values()]
            raise AssertionError(
                f"no {what} within {timeout:g} s; messages: {shown}; "
                f"view: {dump(self.view)[:500]}; notices: {self.notices}"
            ) from None

    def _take(self, news: JsonObject) -> None:
        kind = news["type"]
        if kind == "message":
            self._keep(as_object(news["message"]))
        elif kind == "view":
            self.view = as_object(news["view"]) or None
        elif kind == "connection":
            self.connections = int(str(news["connected"]))
            self.connection_changes.append(self.connections)
        elif kind == "notice":
            self.notices.append(str(news["text"]))
        else:
            raise AssertionError(f"the workspace pushed {news}")

    def _keep(self, message: JsonObject) -> None:
        key = str(message["channel"]), str(message["ts"])
        if message.get("deleted") is True:
            self.messages.pop(key, None)
        else:
            self.messages[key] = message
