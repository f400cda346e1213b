"""A server that counts what is done to it, and can misbehave."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Handler


class CountingServer:
    """POST /effects counts, PUT /state replaces, GET tells; other paths misbehave as they are named."""

    def __init__(self) -> None:
        self.url = ""
        self.effects = 0
        self.put: list[str] = []
        self.waiting = 0
        self.requests: list[str] = []

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._note])
        app.router.add_post("/effects", self._effect)
        app.router.add_get("/effects", self._count)
        app.router.add_put("/state", self._state)
        app.router.add_route("*", "/hang", self._hang)
        app.router.add_route("*", "/drop", self._drop)
        app.router.add_route("*", "/half", self._half)
        app.router.add_route("*", "/moved", self._moved)
        app.router.add_route("*", "/status/{status}", self._status)
        app.router.add_get("/big", self._big)
        return app

    @web.middleware
    async def _note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.path}")
        return await handler(request)

    async def _effect(self, request: web.Request) -> web.Response:
        self.effects += 1
        return web.json_response({"count": self.effects, "you sent": dict(request.headers)})

    async def _count(self, request: web.Request) -> web.Response:
        return web.json_response({"count": self.effects, "you sent": dict(request.headers)})

    async def _state(self, request: web.Request) -> web.Response:
        self.put = [await request.text()]
        return web.Response(status=204)

    async def _hang(self, request: web.Request) -> web.Response:
        self.waiting += 1
        await asyncio.Event().wait()
        return web.Response()

    async def _drop(self, request: web.Request) -> web.Response:
        await request.read()
        self.effects += 1
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _half(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"only this")
        assert request.transport is not None
        request.transport.close()
        return response

    async def _moved(self, request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": "/effects"})

    async def _status(self, request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["status"]), text="as you asked")

    async def _big(self, request: web.Request) -> web.Response:
        return web.Response(text=json.dumps({"count": 1, "ballast": "x" * 3_000_000}))


@asynccontextmanager
async def counting_server() -> AsyncIterator[CountingServer]:
    server = CountingServer()
    runner = web.AppRunner(server.application(), shutdown_timeout=0.01, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()
