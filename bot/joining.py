"""Joins the services and the engine over what the outside offers: the real one, or a test's."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.gates.board import Board
from bot.engine.durable import JobFunction
from bot.engine.interpreter import Interpreter
from bot.joining_cutover import CutoverServices, cutover_services, phase_parts
from bot.joining_decisions import deciding_jobs, deciding_services
from bot.joining_gates import GateServices, gate_services
from bot.joining_home import home_services
from bot.joining_people import PeopleServices, people_services
from bot.joining_reconciliation import ReconcilingServices, reconciling_services
from bot.joining_runs import Engine, Starting, engine_of, run_jobs, starting_of
from bot.outside import Common, Outside
from bot.ports.gates import EvaluatesGates
from bot.services.after_decision import AfterDecision, UnderWay
from bot.services.catalog import Catalog
from bot.services.cutover_display import CutoverDisplay
from bot.services.daily import DailyService
from bot.services.decisions import Decisions
from bot.services.follow_ups import FollowUpService
from bot.services.measuring import MeasuringService
from bot.services.permissions import Permissions
from bot.services.phases import Phases
from bot.services.rehearsal_signatures import RehearsalSignatures
from bot.services.rehearsals import RehearsalService
from bot.services.replacements import ReplacementService
from bot.services.reviews import ReviewService
from bot.services.services import Services
from bot.services.statement_requests import JOB as REMIND_STATEMENTS
from bot.services.status import StatusService
from bot.services.steering import SteeringService
from bot.services.walk_display import WalkDisplay
from bot.services.walks import WalkService
from bot.store.store import Store, Transaction


@dataclass(frozen=True)
class Joined:
    """The services, what drives runs, what begins daily reconciliations, what samples and reviews for gates,
    what is told of a GO and knows what came of it, and the durable jobs by name."""

    services: Services
    interpreter: Interpreter
    daily: DailyService
    gates: GateServices
    after_decision: AfterDecision
    under_way: UnderWay
    jobs: Mapping[str, JobFunction]


@dataclass(frozen=True)
class _Parts:
    """What the services are put together from."""

    engine: Engine
    starting: Starting
    reconciling: ReconcilingServices
    gates: GateServices
    people: PeopleServices
    cutovers: CutoverServices
    decisions: Decisions


def join(
    *, catalog: Catalog, store: Store, outside: Outside, evaluates: EvaluatesGates | None = None
) -> Joined:
    """Make everything that decides and acts. Nothing is started.

    `evaluates` stands in for what evaluates gates, where a test settles them.
    """
    phases = Phases(catalog=catalog, store=store, clock=outside.clock)
    common = Common(
        catalog=catalog,
        phases=phases,
        permissions=Permissions(roles=outside.roles, phases=phases, store=store, clock=outside.clock),
        display=WalkDisplay(catalog=catalog, clock=outside.clock),
        store=store,
        outside=outside,
    )
    gates, people = gate_services(common), people_services(common, last_board=_last_board)
    settles = evaluates or gates.gates
    moving = phase_parts(common)
    engine, starting = engine_of(common, moving), starting_of(common, people.second_factors)
    cutovers = cutover_services(
        common, moving, reminders=engine.reminders, previews=engine.previews, gates=settles
    )
    planning = cutovers.after_decision
    decisions = deciding_services(
        common,
        gates=settles,
        codes=people.second_factors,
        after=planning,
        under_way=planning,
    )
    reconciling = reconciling_services(common)
    services = _services(common, _Parts(engine, starting, reconciling, gates, people, cutovers, decisions))
    jobs: dict[str, JobFunction] = {
        **run_jobs(common, engine, starting),
        "measure": services.measuring.measure,
        "preview": services.previews.preview,
        "reconcile": services.reconciling.perform,
        REMIND_STATEMENTS: people.statement_requests.remind,
        **deciding_jobs(decisions),
        **gates.jobs,
        **cutovers.jobs,
    }
    return Joined(services, engine.interpreter, reconciling.daily, gates, planning, planning, jobs)


def _services(common: Common, parts: _Parts) -> Services:
    catalog, permissions, display = common.catalog, common.permissions, common.display
    store, outside, clock, ids = common.store, common.outside, common.outside.clock, common.outside.ids
    engine, starting, reconciling = parts.engine, parts.starting, parts.reconciling
    gates, people, cutovers = parts.gates, parts.people, parts.cutovers
    steering = SteeringService(
        catalog=catalog, permissions=permissions, endings=engine.endings, store=store, clock=clock
    )
    of_home = home_services(common)
    return Services(
        catalog=catalog,
        phases=common.phases,
        reconciliation=reconciling.reconciliation,
        reconciling=reconciling.reconciling,
        rows=reconciling.rows,
        row_export=reconciling.row_export,
        discrepancies=reconciling.discrepancies,
        gates=gates.gates,
        gate_requests=gates.requests,
        walks=WalkService(
            catalog=catalog, permissions=permissions, display=display, store=store, clock=clock, ids=ids
        ),
        measuring=MeasuringService(catalog=catalog, signals=outside.signals, display=display, store=store),
        previews=engine.previews,
        confirmation=starting.confirmation,
        start_requests=starting.requests,
        break_glass=starting.break_glass,
        rollback_codes=starting.codes,
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
        rehearsals=_rehearsals(common, engine),
        signatures=RehearsalSignatures(
            catalog=catalog, permissions=permissions, rehearsing=engine.rehearsing, store=store, clock=clock
        ),
        status=StatusService(catalog=catalog, store=store, clock=clock),
        statements=people.statements,
        statement_requests=people.statement_requests,
        second_factors=people.second_factors,
        decisions=parts.decisions,
        home=of_home.home,
        playbook_trace=of_home.playbook_trace,
        anchoring=of_home.anchoring,
    )


def _rehearsals(common: Common, engine: Engine) -> RehearsalService:
    return RehearsalService(
        catalog=common.catalog,
        permissions=common.permissions,
        previews=engine.previews,
        rehearsing=engine.rehearsing,
        store=common.store,
        clock=common.outside.clock,
        ids=common.outside.ids,
    )


async def _last_board(tx: Transaction, migration: str) -> Board | None:
    found = await tx.gate_evaluations.latest(migration)
    return found[0].board if found else None
