"""The pages that are open, and what is pushed to them."""

import asyncio

from aiohttp import web

from bot.sandbox.json_values import JsonObject, dump


class Pages:
    """WebSockets of open pages, each of one person. Pushes keep their order for a page."""

    def __init__(self) -> None:
        self._queues: dict[asyncio.Queue[JsonObject], str] = {}
        self._sockets: set[web.WebSocketResponse] = set()

    def push(self, content: JsonObject, *, user: str | None = None) -> None:
        """Send to one person's pages, or to all."""
        for queue, owner in self._queues.items():
            if user in (None, owner):
                queue.put_nowait(content)

    def notice(self, *, user: str, text: str, level: str = "error") -> None:
        """Tell one person something, as Slackbot would."""
        self.push({"type": "notice", "text": text, "level": level}, user=user)

    async def close(self) -> None:
        """Close every page's socket, because the workspace stops."""
        await asyncio.gather(*(socket.close() for socket in self._sockets))

    async def serve(self, request: web.Request, *, user: str) -> web.WebSocketResponse:
        """Keep one page informed until it goes."""
        socket = web.WebSocketResponse(heartbeat=30, timeout=1)
        queue: asyncio.Queue[JsonObject] = asyncio.Queue()
        # Registered before the handshake is answered, so that a page misses nothing after it.
        self._queues[queue] = user
        self._sockets.add(socket)
        try:
            await socket.prepare(request)
            sending = asyncio.create_task(_send_all(queue, socket))
            try:
                async for _ in socket:
                    pass
            finally:
                sending.cancel()
                await asyncio.wait([sending])
        finally:
            del self._queues[queue]
            self._sockets.discard(socket)
        return socket


async def _send_all(queue: asyncio.Queue[JsonObject], socket: web.WebSocketResponse) -> None:
    while not socket.closed:
        content = await queue.get()
        try:
            await socket.send_str(dump(content))
        except ConnectionError:
            return
