"""Socket Mode: envelopes over WebSockets that the app opened."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.sandbox.clock import Ids
from bot.sandbox.delivery import Envelope, Receipt
from bot.sandbox.json_values import JsonObject, as_object, as_text, dump, parse

#: https://docs.slack.dev/apis/events-api/using-socket-mode#limits
MOST_CONNECTIONS = 10

#: Seconds that an app has to answer the close of its socket.
_CLOSE_TIMEOUT = 1.0

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class _Connection:
    socket: web.WebSocketResponse
    request: web.Request
    lost: "asyncio.Future[JsonObject | None]"
    warned: bool = False
    closing: "asyncio.Task[None] | None" = field(default=None)


class SocketMode:
    """The app's connections. Each envelope goes to one of them, in turn.

    An envelope whose connection is lost before its acknowledgement is sent once more, on
    another connection or on the next one the app opens while the time-out runs.
    """

    def __init__(self, *, ids: Ids, app_id: str, ping_interval: float, disconnect_grace: float) -> None:
        self._ids = ids
        self._app_id = app_id
        self._ping_interval = ping_interval
        self._disconnect_grace = disconnect_grace
        self._tickets: set[str] = set()
        self._connections: deque[_Connection] = deque()
        self._waiting: dict[str, deque[asyncio.Future[JsonObject | None]]] = {}
        self._arrival = asyncio.Event()
        self.connections_changed: Callable[[], None] = lambda: None

    @property
    def connected(self) -> int:
        return len(self._connections)

    def new_ticket(self) -> str:
        """What opens one connection, once."""
        ticket = f"{self._ids.token()}{self._ids.token()}".lower()
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401, text="unknown or used ticket")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(heartbeat=self._ping_interval, timeout=_CLOSE_TIMEOUT)
        await socket.prepare(request)
        if len(self._connections) >= MOST_CONNECTIONS:
            await socket.send_str(dump(_disconnect("too_many_websockets")))
            await socket.close()
            return socket
        lost = asyncio.get_running_loop().create_future()
        connection = _Connection(socket=socket, request=request, lost=lost)
        await socket.send_str(dump(self._hello()))
        self._connections.append(connection)
        self._arrival.set()
        self.connections_changed()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take_acknowledgement(message.data)
        finally:
            if connection in self._connections:
                self._connections.remove(connection)
            if not self._connections:
                self._arrival.clear()
            lost.set_result(None)
            if connection.closing is not None:
                connection.closing.cancel()
            self.connections_changed()
        return socket

    async def send(self, envelope: Envelope, *, timeout: float) -> Receipt:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        connection = self._next()
        if connection is None:
            return Receipt(delivered=False, acknowledged=False, error="no_connection")
        answer: asyncio.Future[JsonObject | None] = loop.create_future()
        waiting = self._waiting.setdefault(envelope.id, deque())
        waiting.append(answer)
        try:
            for _ in range(2):
                await self._send_on(connection, envelope)
                ends: list[asyncio.Future[JsonObject | None]] = [answer, connection.lost]
                await asyncio.wait(
                    ends,
                    timeout=max(0.0, deadline - loop.time()),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if answer.done():
                    return Receipt(delivered=True, acknowledged=True, response=answer.result())
                another = await self._another(deadline) if connection.lost.done() else None
                if another is None:
                    break
                connection = another
        finally:
            if answer in waiting:
                waiting.remove(answer)
            if not waiting:
                self._waiting.pop(envelope.id, None)
        return Receipt(delivered=True, acknowledged=False, error="operation_timeout")

    async def disconnect(self, reason: str) -> None:
        """End the connections: with a warning, for a refresh, or hard without a word."""
        for connection in list(self._connections):
            if reason == "hard":
                if connection.request.transport is not None:
                    connection.request.transport.abort()
                continue
            await connection.socket.send_str(dump(_disconnect(reason)))
            connection.warned = True
            wait = self._disconnect_grace if reason == "warning" else 0.0
            connection.closing = asyncio.create_task(_close_after(connection, wait))

    async def close(self) -> None:
        """Close every connection, because the workspace stops."""
        await asyncio.gather(*(connection.socket.close() for connection in self._connections))

    def _hello(self) -> JsonObject:
        return {
            "type": "hello",
            "num_connections": len(self._connections) + 1,
            "debug_info": {
                "host": "local-workspace",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self._app_id},
        }

    def _next(self) -> _Connection | None:
        for _ in range(len(self._connections)):
            connection = self._connections[0]
            self._connections.rotate(-1)
            if not connection.warned and not connection.socket.closed:
                return connection
        return next((c for c in self._connections if not c.socket.closed), None)

    async def _another(self, deadline: float) -> _Connection | None:
        loop = asyncio.get_running_loop()
        while (connection := self._next()) is None:
            self._arrival.clear()
            try:
                await asyncio.wait_for(self._arrival.wait(), max(0.0, deadline - loop.time()))
            except TimeoutError:
                return None
        return connection

    async def _send_on(self, connection: _Connection, envelope: Envelope) -> None:
        content: JsonObject = {
            "envelope_id": envelope.id,
            "type": envelope.kind,
            "accepts_response_payload": envelope.kind != "events_api",
            "payload": envelope.payload,
        }
        if envelope.kind == "events_api":
            content["retry_attempt"] = envelope.retry_attempt
            content["retry_reason"] = envelope.retry_reason
        try:
            await connection.socket.send_str(dump(content))
        except ConnectionError as error:
            # The reader of this connection notices the loss too and sets `lost`.
            logger.info("envelope %s was not sent: %s", envelope.id, error)

    def _take_acknowledgement(self, text: str) -> None:
        try:
            content = as_object(parse(text))
        except ValueError:
            logger.warning("the app sent something that is not JSON: %r", text[:200])
            return
        waiting = self._waiting.get(as_text(content.get("envelope_id")))
        if waiting:
            payload = content.get("payload")
            answer = as_object(payload) if payload else None
            future = waiting.popleft()
            if not future.done():
                future.set_result(answer)


async def _close_after(connection: _Connection, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await connection.socket.close()


def _disconnect(reason: str) -> JsonObject:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "local-workspace"}}
