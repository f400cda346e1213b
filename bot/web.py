"""The bot's own HTTP: Slack's events, health, readiness, metrics."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.domain.errors import StoreError
from bot.ports.clock import Clock
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
        clock: Clock,
        connected: Callable[[], bool],
    ) -> None:
        self._bolt = bolt
        self._store = store
        self._catalog = catalog
        self._clock = clock
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
            async with self._store.reading() as tx:
                await tx.delivery.backlog()
            database = True
        except StoreError:
            database = False
        slack = self._connected()
        state = {"database": database, "slack": slack, "playbooks": list(self._catalog.migrations)}
        return web.json_response(state, status=200 if database and slack else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        registry = CollectorRegistry()
        waiting = Gauge("switchback_outbox_messages", "Messages that wait to be sent", registry=registry)
        age = Gauge("switchback_outbox_oldest_seconds", "Age of the oldest of them", registry=registry)
        connected = Gauge("switchback_slack_connected", "1 when Slack reaches the bot", registry=registry)
        active = Gauge("switchback_runs_active", "Runs under way", ["migration", "status"], registry=registry)
        last = Gauge(
            "switchback_reconciliation_last_timestamp_seconds",
            "When the last reconciliation ended",
            ["migration"],
            registry=registry,
        )
        failed = Gauge(
            "switchback_reconciliation_failed_checks",
            "Checks of the last reconciliation that failed or could not be done",
            ["migration"],
            registry=registry,
        )
        async with self._store.reading() as tx:
            count, oldest = await tx.delivery.backlog()
            waiting.set(count)
            age.set((self._clock.now() - oldest).total_seconds() if oldest else 0)
            connected.set(self._connected())
            for run in await tx.runs.active():
                active.labels(run.migration, run.status).inc()
            for migration in self._catalog.migrations:
                found = await tx.reconciliations.latest(migration)
                if found is not None and found.ended_at is not None and found.reconciled is not None:
                    last.labels(migration).set(found.ended_at.timestamp())
                    failed.labels(migration).set(found.reconciled.failed + found.reconciled.errors)
        body = generate_latest(registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _to_bolt(bolt: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    return events
