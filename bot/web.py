"""The bot's own HTTP: Slack's events, health, readiness, metrics."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.domain.errors import StoreError
from bot.metrics import Metrics
from bot.services.catalog import Catalog
from bot.store.store import Store

EVENTS_PATH = "/slack/events"


class Web:
    """The routes. `connected` says whether Slack can reach the bot.

    `bolt` takes what Slack sends by HTTP; it is None without a signing secret, and then that route is not
    there: a request that nobody signed could be anybody's.
    """

    def __init__(
        self,
        *,
        bolt: AsyncApp | None,
        store: Store,
        catalog: Catalog,
        gauges: Metrics,
        connected: Callable[[], bool],
    ) -> None:
        self._bolt = bolt
        self._store = store
        self._catalog = catalog
        self._gauges = gauges
        self._connected = connected

    def application(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthz", self._health),
                web.get("/readyz", self._ready),
                web.get("/metrics", self._metrics),
            ]
        )
        if self._bolt is not None:
            app.add_routes([web.post(EVENTS_PATH, _to_bolt(self._bolt))])
        return app

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _ready(self, _request: web.Request) -> web.Response:
        try:
            await self._store.try_writing()
            database = True
        except StoreError:
            database = False
        slack = self._connected()
        state = {"database": database, "slack": slack, "playbooks": list(self._catalog.migrations)}
        return web.json_response(state, status=200 if database and slack else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        try:
            body = await self._gauges.text()
        except StoreError as error:
            raise web.HTTPServiceUnavailable(text=f"{error}\n") from None
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _to_bolt(bolt: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    return events
