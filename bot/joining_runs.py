"""Joins what starts runs and what drives them to their end."""

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
from bot.joining_cutover import PhaseParts, after_forward_runs
from bot.outside import Common
from bot.ports.second_factor import SecondFactor
from bot.services.break_glass import BreakGlassService
from bot.services.confirmation import ConfirmationService
from bot.services.follow_up_reminders import FollowUpReminders
from bot.services.previews import PreviewService
from bot.services.rehearsing import Rehearsing
from bot.services.request_records import RequestRecords
from bot.services.rollback_codes import RollbackCodes
from bot.services.run_start import RunStart
from bot.services.start_requests import StartRequestService


@dataclass(frozen=True)
class Engine:
    """What drives runs, and what follows from their ends."""

    acting: Acting
    reminders: FollowUpReminders
    rehearsing: Rehearsing
    endings: RunEndings
    warnings: RunWarnings
    interpreter: Interpreter
    previews: PreviewService


@dataclass(frozen=True)
class Starting:
    """What starts a run that was decided on: one person, several, or one alone."""

    confirmation: ConfirmationService
    requests: StartRequestService
    break_glass: BreakGlassService
    codes: RollbackCodes


def engine_of(common: Common, parts: PhaseParts) -> Engine:
    """What drives runs, over what most services are made of."""
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
    previews = PreviewService(
        catalog=catalog,
        permissions=common.permissions,
        acting=acting,
        display=common.display,
        store=store,
        clock=clock,
        ids=ids,
    )
    return Engine(acting, reminders, rehearsing, endings, warnings, Interpreter(means), previews)


def starting_of(common: Common, second_factor: SecondFactor) -> Starting:
    """What starts them; `second_factor` checks the codes that approvals take."""
    catalog, permissions, store = common.catalog, common.permissions, common.store
    clock, ids = common.outside.clock, common.outside.ids
    codes = RollbackCodes(catalog=catalog, second_factor=second_factor, store=store)
    run_start, records = RunStart(catalog=catalog, clock=clock), RequestRecords(clock=clock)
    requests = StartRequestService(
        catalog=catalog,
        permissions=permissions,
        run_start=run_start,
        records=records,
        codes=codes,
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
        codes=codes,
        store=store,
        clock=clock,
        ids=ids,
    )
    return Starting(confirmation, requests, break_glass, codes)


def run_jobs(common: Common, engine: Engine, starting: Starting) -> Mapping[str, JobFunction]:
    """The durable jobs by name."""
    return {
        "run": engine.interpreter.drive,
        "warn": engine.warnings.warn,
        "countdown": Countdown(store=common.store, clock=common.outside.clock).tell,
        "overdue": engine.warnings.overdue,
        "remind": engine.reminders.remind,
        "rehearse": engine.rehearsing.advance,
        "expire_start_request": starting.requests.expire,
    }
