"""Joins the services and the engine over what the outside offers: the real one, or a test's."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.engine.acting import Acting
from bot.engine.after_run import AfterRuns
from bot.engine.countdown import Countdown
from bot.engine.driving import Means
from bot.engine.durable import JobFunction
from bot.engine.interpreter import Interpreter
from bot.engine.run_endings import RunEndings
from bot.engine.run_records import RunRecords
from bot.engine.run_warnings import RunWarnings
from bot.joining_cutover import (
    CutoverServices,
    NoGates,
    PhaseParts,
    after_forward_runs,
    cutover_services,
    phase_parts,
)
from bot.joining_reconciliation import ReconcilingServices, reconciling_services
from bot.outside import Common, Outside
from bot.ports.gates import EvaluatesGates
from bot.services.after_decision import AfterDecision, UnderWay
from bot.services.break_glass import BreakGlassService
from bot.services.catalog import Catalog
from bot.services.confirmation import ConfirmationService
from bot.services.cutover_display import CutoverDisplay
from bot.services.daily import DailyService
from bot.services.follow_up_reminders import FollowUpReminders
from bot.services.follow_ups import FollowUpService
from bot.services.measuring import MeasuringService
from bot.services.permissions import Permissions
from bot.services.phases import Phases
from bot.services.previews import PreviewService
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
class Joined:
    """The services, what drives runs, what begins daily reconciliations, what is told of a GO and knows
    what came of it, and the durable jobs by name."""

    services: Services
    interpreter: Interpreter
    daily: DailyService
    after_decision: AfterDecision
    under_way: UnderWay
    jobs: Mapping[str, JobFunction]


@dataclass(frozen=True)
class _Engine:
    """What drives runs, and what follows from their ends."""

    acting: Acting
    reminders: FollowUpReminders
    rehearsing: Rehearsing
    endings: RunEndings
    warnings: RunWarnings
    interpreter: Interpreter


@dataclass(frozen=True)
class _Starting:
    """What starts a run that was decided on: one person, several, or one alone."""

    confirmation: ConfirmationService
    requests: StartRequestService
    break_glass: BreakGlassService


def join(*, catalog: Catalog, store: Store, outside: Outside, gates: EvaluatesGates | None = None) -> Joined:
    """Make everything that decides and acts. Nothing is started. `gates` stands in for the real ones."""
    phases = Phases(catalog=catalog, store=store, clock=outside.clock)
    common = Common(
        catalog=catalog,
        phases=phases,
        permissions=Permissions(roles=outside.roles, phases=phases, store=store, clock=outside.clock),
        display=WalkDisplay(catalog=catalog, clock=outside.clock),
        store=store,
        outside=outside,
    )
    parts = phase_parts(common)
    engine, starting = _engine(common, parts), _starting(common)
    reconciling = reconciling_services(common)
    previews = _previews(common, engine)
    cutovers = cutover_services(
        common, parts, reminders=engine.reminders, previews=previews, gates=gates or NoGates()
    )
    services = _services(common, engine, starting, reconciling, cutovers)
    jobs: dict[str, JobFunction] = {
        "run": engine.interpreter.drive,
        "warn": engine.warnings.warn,
        "countdown": Countdown(store=store, clock=outside.clock).tell,
        "overdue": engine.warnings.overdue,
        "remind": engine.reminders.remind,
        "rehearse": engine.rehearsing.advance,
        "measure": services.measuring.measure,
        "preview": services.previews.preview,
        "expire_start_request": starting.requests.expire,
        "reconcile": services.reconciling.perform,
        **cutovers.jobs,
    }
    planning = cutovers.after_decision
    return Joined(services, engine.interpreter, reconciling.daily, planning, planning, jobs)


def _engine(common: Common, parts: PhaseParts) -> _Engine:
    catalog, store, outside = common.catalog, common.store, common.outside
    clock, ids = outside.clock, outside.ids
    acting = Acting(registry=outside.registry, secret=outside.secret, session=outside.session)
    reminders = FollowUpReminders(catalog=catalog, roles=outside.roles, store=store, clock=clock, ids=ids)
    rehearsing = Rehearsing(catalog=catalog, tables=outside.tables, store=store, clock=clock)
    phases = after_forward_runs(common, parts, reminders)
    endings = RunEndings(store=store, clock=clock, after_run=AfterRuns(reminders, rehearsing, phases))
    warnings = RunWarnings(store=store, clock=clock)
    means = Means(
        acting=acting,
        records=RunRecords(store=store, clock=clock, replica=outside.replica, endings=endings),
        endings=endings,
        warnings=warnings,
        clock=clock,
        ids=ids,
        replica=outside.replica,
    )
    return _Engine(acting, reminders, rehearsing, endings, warnings, Interpreter(means))


def _starting(common: Common) -> _Starting:
    catalog, permissions, store = common.catalog, common.permissions, common.store
    clock, ids = common.outside.clock, common.outside.ids
    run_start, records = RunStart(catalog=catalog, clock=clock), RequestRecords(clock=clock)
    requests = StartRequestService(
        catalog=catalog,
        permissions=permissions,
        run_start=run_start,
        records=records,
        display=common.display,
        store=store,
        clock=clock,
        ids=ids,
    )
    confirmation = ConfirmationService(
        catalog=catalog,
        permissions=permissions,
        phases=common.phases,
        run_start=run_start,
        requests=requests,
        store=store,
        clock=clock,
    )
    break_glass = BreakGlassService(
        catalog=catalog,
        permissions=permissions,
        run_start=run_start,
        records=records,
        store=store,
        clock=clock,
        ids=ids,
    )
    return _Starting(confirmation, requests, break_glass)


def _previews(common: Common, engine: _Engine) -> PreviewService:
    return PreviewService(
        catalog=common.catalog,
        permissions=common.permissions,
        acting=engine.acting,
        display=common.display,
        store=common.store,
        clock=common.outside.clock,
        ids=common.outside.ids,
    )


def _services(
    common: Common,
    engine: _Engine,
    starting: _Starting,
    reconciling: ReconcilingServices,
    cutovers: CutoverServices,
) -> Services:
    catalog, permissions, display = common.catalog, common.permissions, common.display
    store, outside, clock, ids = common.store, common.outside, common.outside.clock, common.outside.ids
    steering = SteeringService(
        catalog=catalog, permissions=permissions, endings=engine.endings, store=store, clock=clock
    )
    return Services(
        catalog=catalog,
        phases=common.phases,
        reconciliation=reconciling.reconciliation,
        reconciling=reconciling.reconciling,
        rows=reconciling.rows,
        row_export=reconciling.row_export,
        discrepancies=reconciling.discrepancies,
        walks=WalkService(
            catalog=catalog, permissions=permissions, display=display, store=store, clock=clock, ids=ids
        ),
        measuring=MeasuringService(catalog=catalog, signals=outside.signals, display=display, store=store),
        previews=cutovers.previews,
        confirmation=starting.confirmation,
        start_requests=starting.requests,
        break_glass=starting.break_glass,
        reviews=ReviewService(catalog=catalog, permissions=permissions, store=store, clock=clock),
        steering=steering,
        replacements=ReplacementService(steering=steering, acting=engine.acting, store=store, clock=clock),
        follow_ups=FollowUpService(
            catalog=catalog,
            permissions=permissions,
            reminders=engine.reminders,
            cutovers=CutoverDisplay(catalog=catalog, clock=clock),
            store=store,
            clock=clock,
        ),
        cutovers=cutovers.cutovers,
        assessments=cutovers.assessments,
        phase_back=cutovers.phase_back,
        phase_view=cutovers.phase_view,
        rehearsals=RehearsalService(
            catalog=catalog,
            permissions=permissions,
            previews=cutovers.previews,
            rehearsing=engine.rehearsing,
            store=store,
            clock=clock,
            ids=ids,
        ),
        signatures=RehearsalSignatures(
            catalog=catalog, permissions=permissions, rehearsing=engine.rehearsing, store=store, clock=clock
        ),
        status=StatusService(catalog=catalog, store=store, clock=clock),
    )
