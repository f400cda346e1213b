"""Joins the services and the engine over what the outside offers: the real one, or a test's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import aiohttp

from bot.engine.acting import Acting
from bot.engine.after_run import AfterRuns
from bot.engine.durable import JobFunction
from bot.engine.interpreter import Interpreter
from bot.engine.registry import ActionRegistry
from bot.engine.run_endings import RunEndings
from bot.engine.run_records import RunRecords
from bot.engine.run_warnings import RunWarnings
from bot.ports.clock import Clock, Ids
from bot.ports.reconciler import Reconciler
from bot.ports.roles import RoleDirectory
from bot.ports.table_reader import TableReader
from bot.services.break_glass import BreakGlassService
from bot.services.catalog import Catalog
from bot.services.confirmation import ConfirmationService
from bot.services.follow_up_reminders import FollowUpReminders
from bot.services.follow_ups import FollowUpService
from bot.services.measuring import MeasuresSignals, MeasuringService
from bot.services.permissions import Permissions
from bot.services.previews import PreviewService
from bot.services.reconciliation import ReconciliationService
from bot.services.rehearsal_signatures import RehearsalSignatures
from bot.services.rehearsals import RehearsalService
from bot.services.rehearsing import Rehearsing
from bot.services.replacements import ReplacementService
from bot.services.request_records import RequestRecords
from bot.services.reviews import ReviewService
from bot.services.run_start import RunStart
from bot.services.services import Services
from bot.services.start_requests import StartRequestService
from bot.services.status import StatusService
from bot.services.steering import SteeringService
from bot.services.walk_display import WalkDisplay
from bot.services.walks import WalkService
from bot.store.store import Store


@dataclass(frozen=True)
class Outside:
    """What is not ours: people's roles, the two systems, the adapters, secrets, time and ids."""

    roles: RoleDirectory
    signals: MeasuresSignals
    reconciler: Reconciler
    tables: TableReader
    registry: ActionRegistry
    session: aiohttp.ClientSession
    secret: Callable[[str], str]
    clock: Clock
    ids: Ids
    replica: str


@dataclass(frozen=True)
class Joined:
    """The services, the interpreter of runs, and the functions of the durable jobs by their names."""

    services: Services
    interpreter: Interpreter
    jobs: Mapping[str, JobFunction]


def join(*, catalog: Catalog, store: Store, outside: Outside) -> Joined:
    """Make everything that decides and acts. Nothing is started."""
    clock, ids = outside.clock, outside.ids
    permissions = Permissions(roles=outside.roles, store=store, clock=clock)
    acting = Acting(registry=outside.registry, secret=outside.secret, session=outside.session)
    reminders = FollowUpReminders(catalog=catalog, roles=outside.roles, store=store, clock=clock, ids=ids)
    rehearsing = Rehearsing(catalog=catalog, tables=outside.tables, store=store, clock=clock)
    after_run = AfterRuns(reminders, rehearsing)
    endings = RunEndings(store=store, clock=clock, after_run=after_run)
    warnings = RunWarnings(store=store, clock=clock)
    records = RunRecords(store=store, clock=clock, replica=outside.replica, endings=endings)
    display = WalkDisplay(catalog=catalog, clock=clock)
    interpreter = Interpreter(
        acting=acting,
        records=records,
        endings=endings,
        warnings=warnings,
        clock=clock,
        ids=ids,
        replica=outside.replica,
    )
    steering = SteeringService(
        catalog=catalog, permissions=permissions, endings=endings, store=store, clock=clock
    )
    run_start = RunStart(catalog=catalog, clock=clock)
    request_records = RequestRecords(clock=clock)
    requests = StartRequestService(
        catalog=catalog,
        permissions=permissions,
        run_start=run_start,
        records=request_records,
        display=display,
        store=store,
        clock=clock,
        ids=ids,
    )
    previews = PreviewService(
        catalog=catalog,
        permissions=permissions,
        acting=acting,
        display=display,
        store=store,
        clock=clock,
        ids=ids,
    )
    services = Services(
        catalog=catalog,
        reconciliation=ReconciliationService(
            catalog=catalog,
            permissions=permissions,
            store=store,
            reconciler=outside.reconciler,
            clock=clock,
            ids=ids,
        ),
        walks=WalkService(
            catalog=catalog, permissions=permissions, display=display, store=store, clock=clock, ids=ids
        ),
        measuring=MeasuringService(catalog=catalog, signals=outside.signals, display=display, store=store),
        previews=previews,
        confirmation=ConfirmationService(
            catalog=catalog,
            permissions=permissions,
            run_start=run_start,
            requests=requests,
            store=store,
            clock=clock,
        ),
        start_requests=requests,
        break_glass=BreakGlassService(
            catalog=catalog,
            permissions=permissions,
            run_start=run_start,
            records=request_records,
            store=store,
            clock=clock,
            ids=ids,
        ),
        reviews=ReviewService(catalog=catalog, permissions=permissions, store=store, clock=clock),
        steering=steering,
        replacements=ReplacementService(steering=steering, acting=acting, store=store, clock=clock),
        follow_ups=FollowUpService(
            catalog=catalog, permissions=permissions, reminders=reminders, store=store, clock=clock
        ),
        rehearsals=RehearsalService(
            catalog=catalog,
            permissions=permissions,
            previews=previews,
            rehearsing=rehearsing,
            store=store,
            clock=clock,
            ids=ids,
        ),
        signatures=RehearsalSignatures(
            catalog=catalog, permissions=permissions, rehearsing=rehearsing, store=store, clock=clock
        ),
        status=StatusService(catalog=catalog, store=store),
    )
    jobs: dict[str, JobFunction] = {
        "run": interpreter.drive,
        "warn": warnings.warn,
        "overdue": warnings.overdue,
        "remind": reminders.remind,
        "rehearse": rehearsing.advance,
        "measure": services.measuring.measure,
        "preview": services.previews.preview,
        "expire_start_request": requests.expire,
        "reconcile": services.reconciliation.perform,
    }
    return Joined(services, interpreter, jobs)
