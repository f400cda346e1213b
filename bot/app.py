"""The composition root: everything is made and joined here, and nowhere else."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import sqlalchemy as sa
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.check_result import Reconciled
from bot.engine.acting import Acting
from bot.engine.durable import Durable
from bot.engine.interpreter import Interpreter
from bot.engine.own_steps import OWN_STEPS
from bot.engine.registry import ActionRegistry
from bot.engine.run_records import RunRecords
from bot.playbooks.loader import load_all
from bot.ports.action import Parameters
from bot.ports.clock import Clock, Ids
from bot.reconcile.reconciler import PlaybookReconciler
from bot.services.catalog import Catalog
from bot.services.confirmation import ConfirmationService
from bot.services.measuring import MeasuringService
from bot.services.permissions import Permissions
from bot.services.previews import PreviewService
from bot.services.reconciliation import ReconciliationService
from bot.services.services import Services
from bot.services.status import StatusService
from bot.services.steering import SteeringService
from bot.services.walk_display import WalkDisplay
from bot.services.walks import WalkService
from bot.settings import Settings, secret
from bot.signals.http_probe import HttpSignalProbe
from bot.signals.reconcile_probe import ReconcileSignalProbe
from bot.signals.signals import Signals
from bot.slack.roles import SlackRoles
from bot.store.database import database_urls, open_database
from bot.store.migrate import migrate
from bot.store.store import Store
from bot.system import SortableIds, SystemClock


@dataclass(frozen=True)
class Switchback:
    """What is running: the bot is this with Slack before it, the terminal is this alone."""

    settings: Settings
    services: Services
    store: Store
    durable: Durable
    client: AsyncWebClient
    session: aiohttp.ClientSession
    clock: Clock
    ids: Ids
    database_url: sa.URL


def step_kinds(registry: ActionRegistry) -> Mapping[str, type[Parameters]]:
    """Everything a step may use, with its model of parameters."""
    return {**registry.parameters(), **OWN_STEPS}


def load_catalog(settings: Settings, registry: ActionRegistry) -> Catalog:
    """Every playbook of the folder of playbooks. Raises PlaybookError or SettingsError."""
    return Catalog(load_all(settings.playbooks, step_kinds=step_kinds(registry)))


@asynccontextmanager
async def switchback(settings: Settings) -> AsyncIterator[Switchback]:
    """Join everything; the database is brought to the present schema. Nothing is started yet."""
    clock, ids, registry = SystemClock(), SortableIds(), ActionRegistry.installed()
    catalog = load_catalog(settings, registry)
    async_url, sync_url = database_urls(settings.database_url.get_secret_value())
    migrate(sync_url)
    durable = Durable(url=sync_url, replica=settings.replica)
    engine = open_database(async_url)
    store = Store(engine=engine, jobs=durable)
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    try:
        async with aiohttp.ClientSession() as session:
            # A lost connection is looked into by the sender; the SDK's own retry would post twice.
            client = AsyncWebClient(
                token=token, base_url=settings.api_base_url, session=session, timeout=10, retry_handlers=[]
            )
            services = _services(
                catalog=catalog,
                registry=registry,
                store=store,
                durable=durable,
                client=client,
                session=session,
                clock=clock,
                ids=ids,
            )
            yield Switchback(
                settings=settings,
                services=services,
                store=store,
                durable=durable,
                client=client,
                session=session,
                clock=clock,
                ids=ids,
                database_url=sync_url,
            )
    finally:
        await durable.close()
        await engine.dispose()


def _services(
    *,
    catalog: Catalog,
    registry: ActionRegistry,
    store: Store,
    durable: Durable,
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    clock: Clock,
    ids: Ids,
) -> Services:
    """Make the services and bind the durable jobs to them."""

    async def latest(migration: str) -> tuple[Reconciled, datetime] | None:
        async with store.reading() as tx:
            found = await tx.reconciliations.latest(migration)
        if found is None or found.reconciled is None or found.ended_at is None:
            return None
        return found.reconciled, found.ended_at

    permissions = Permissions(
        roles=SlackRoles(client=client, store=store, clock=clock), store=store, clock=clock
    )
    acting = Acting(registry=registry, secret=secret, session=session)
    records = RunRecords(store=store, playbook=catalog.get, clock=clock)
    display = WalkDisplay(catalog=catalog, clock=clock)
    signals = Signals(
        reconcile=ReconcileSignalProbe(latest=latest, clock=clock),
        http=HttpSignalProbe(session=session, clock=clock),
        clock=clock,
    )
    services = Services(
        catalog=catalog,
        reconciliation=ReconciliationService(
            catalog=catalog,
            permissions=permissions,
            store=store,
            reconciler=PlaybookReconciler(clock=clock, secret=secret),
            clock=clock,
            ids=ids,
        ),
        walks=WalkService(
            catalog=catalog, permissions=permissions, display=display, store=store, clock=clock, ids=ids
        ),
        measuring=MeasuringService(catalog=catalog, signals=signals, display=display, store=store),
        previews=PreviewService(
            catalog=catalog,
            permissions=permissions,
            acting=acting,
            display=display,
            store=store,
            clock=clock,
            ids=ids,
        ),
        confirmation=ConfirmationService(
            catalog=catalog, permissions=permissions, records=records, store=store, clock=clock
        ),
        steering=SteeringService(
            catalog=catalog, permissions=permissions, records=records, store=store, clock=clock
        ),
        status=StatusService(catalog=catalog, store=store),
    )
    interpreter = Interpreter(
        store=store, acting=acting, records=records, playbook=catalog.get, clock=clock, ids=ids
    )
    durable.register("run", interpreter.drive)
    durable.register("measure", services.measuring.measure)
    durable.register("preview", services.previews.preview)
    durable.register("reconcile", services.reconciliation.perform)
    return services
