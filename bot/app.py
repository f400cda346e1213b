"""The composition root: everything is made and joined here, and nowhere else."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import sqlalchemy as sa
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.check_result import Reconciled
from bot.domain.messages.differing_rows import RowFileFacts
from bot.engine.durable import Durable
from bot.engine.interpreter import Interpreter
from bot.engine.own_steps import OWN_STEPS
from bot.engine.registry import ActionRegistry
from bot.joining import join
from bot.joining_gates import GateServices
from bot.joining_people import cipher_of
from bot.outside import Outside
from bot.playbooks.loader import load_all
from bot.ports.action import Parameters
from bot.ports.clock import Clock, Ids
from bot.ports.coverage import CoverageReader
from bot.ports.roles import RoleDirectory
from bot.reconcile.reconciler import PlaybookReconciler
from bot.reconcile.table_reader import PlaybookTableReader
from bot.reconcile.when_asked import CoverageReaderWhenAsked
from bot.services.catalog import Catalog
from bot.services.daily import DailyService
from bot.services.second_factors import SecondFactors
from bot.services.services import Services
from bot.settings import Settings, secret
from bot.signals.documents import Documents
from bot.signals.http_probe import HttpSignalProbe
from bot.signals.reconcile_probe import ReconcileSignalProbe
from bot.signals.signals import Signals
from bot.slack.files import Files
from bot.slack.roles import SlackRoles
from bot.store.database import database_url, open_database
from bot.store.migrate import migrate
from bot.store.store import Store
from bot.system import SortableIds, SystemClock

# A call that Slack has not answered by then is given up, and looked into.
SLACK_SECONDS = 10.0


@dataclass(frozen=True)
class Switchback:
    """What is running: the bot is this with Slack before it, the terminal is this alone."""

    settings: Settings
    services: Services
    roles: RoleDirectory
    interpreter: Interpreter
    daily: DailyService
    gates: GateServices
    store: Store
    durable: Durable
    files: Files
    client: AsyncWebClient
    session: aiohttp.ClientSession
    coverage: CoverageReader
    clock: Clock
    ids: Ids
    database_url: sa.URL


@dataclass(frozen=True)
class Records:
    """Our database at the present schema, and what writes durable jobs into it."""

    store: Store
    durable: Durable
    database_url: sa.URL


def step_kinds(registry: ActionRegistry) -> Mapping[str, type[Parameters]]:
    """Everything a step may use, with its model of parameters."""
    return {**registry.parameters(), **OWN_STEPS}


def load_catalog(settings: Settings, registry: ActionRegistry) -> Catalog:
    """Every playbook of the folder of playbooks. Raises PlaybookError or SettingsError."""
    return Catalog(load_all(settings.playbooks, step_kinds=step_kinds(registry)))


@asynccontextmanager
async def records(settings: Settings) -> AsyncIterator[Records]:
    """The database alone, brought to the present schema; no playbook is needed for it."""
    url = database_url(settings.database_url.get_secret_value())
    migrate(url)
    durable = Durable(url=url, replica=settings.replica)
    database = open_database(url)
    try:
        yield Records(store=Store(database=database, jobs=durable), durable=durable, database_url=url)
    finally:
        await durable.close()
        await database.close()


@asynccontextmanager
async def second_factors(settings: Settings) -> AsyncIterator[SecondFactors]:
    """Second factors alone; no playbook is needed for them. Raises SettingsError for a wrong key."""
    async with records(settings) as kept:
        yield SecondFactors(cipher=cipher_of(settings.factor_key), store=kept.store, clock=SystemClock())


@asynccontextmanager
async def switchback(settings: Settings) -> AsyncIterator[Switchback]:
    """Join everything; the database is brought to the present schema. Nothing is started yet."""
    clock, ids, registry = SystemClock(), SortableIds(), ActionRegistry.installed()
    catalog = load_catalog(settings, registry)
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    async with (
        records(settings) as kept,
        aiohttp.ClientSession() as session,
        # The SDK's own time-out is not used in a session that it is given, where aiohttp's is 5 minutes.
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SLACK_SECONDS)) as to_slack,
    ):
        # A lost connection is looked into by the sender; the SDK's own retry would post twice.
        client = AsyncWebClient(
            token=token, base_url=settings.api_base_url, session=to_slack, retry_handlers=[]
        )
        outside = Outside(
            roles=SlackRoles(client=client, store=kept.store, clock=clock),
            signals=_signals(store=kept.store, session=session, clock=clock),
            reconciler=PlaybookReconciler(clock=clock, secret=secret),
            tables=PlaybookTableReader(secret=secret),
            coverage=CoverageReaderWhenAsked(clock=clock, secret=secret),
            documents=Documents(session=session, clock=clock),
            registry=registry,
            session=session,
            secret=secret,
            clock=clock,
            ids=ids,
            replica=settings.replica,
            factor_key=settings.factor_key,
        )
        joined = join(catalog=catalog, store=kept.store, outside=outside)
        for name, function in joined.jobs.items():
            kept.durable.register(name, function)
        yield Switchback(
            settings=settings,
            services=joined.services,
            roles=outside.roles,
            interpreter=joined.interpreter,
            daily=joined.daily,
            gates=joined.gates,
            store=kept.store,
            durable=kept.durable,
            files=_files(joined.services),
            client=client,
            session=session,
            coverage=outside.coverage,
            clock=clock,
            ids=ids,
            database_url=kept.database_url,
        )


def _files(services: Services) -> Files:
    files = Files()
    files.bind(RowFileFacts, services.row_export.file)
    return files


def _signals(*, store: Store, session: aiohttp.ClientSession, clock: Clock) -> Signals:
    async def latest(migration: str) -> tuple[Reconciled, datetime] | None:
        async with store.reading() as tx:
            found = await tx.reconciliations.latest(migration)
        if found is None or found.reconciled is None or found.ended_at is None:
            return None
        return found.reconciled, found.ended_at

    return Signals(
        reconcile=ReconcileSignalProbe(latest=latest, clock=clock),
        http=HttpSignalProbe(session=session, clock=clock),
        clock=clock,
    )
