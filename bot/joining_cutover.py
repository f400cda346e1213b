"""Joins what follows a GO: the cutover's day, the moves between phases, and what people decide about both."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.engine.durable import JobFunction
from bot.outside import Common
from bot.ports.gates import EvaluatesGates
from bot.services.after_forward_runs import AfterForwardRuns
from bot.services.assessments import AssessmentService
from bot.services.cutover_display import CutoverDisplay
from bot.services.cutover_planning import CutoverPlanning
from bot.services.cutover_records import CutoverRecords
from bot.services.cutover_start import CutoverStart
from bot.services.cutovers import CutoverService
from bot.services.follow_up_reminders import FollowUpReminders
from bot.services.forward_runs import ForwardRuns
from bot.services.phase_back import PhaseBack
from bot.services.phase_moving import PhaseMoving
from bot.services.phase_runs import PhaseRuns
from bot.services.phase_view import PhaseView
from bot.services.previews import PreviewService


@dataclass(frozen=True)
class PhaseParts:
    """What moves phases and writes of cutovers; the engine's ends of runs need it, too."""

    moving: PhaseMoving
    records: CutoverRecords
    display: CutoverDisplay


@dataclass(frozen=True)
class CutoverServices:
    """The services of cutovers and phases, what is told of a GO, and the durable jobs."""

    cutovers: CutoverService
    assessments: AssessmentService
    phase_back: PhaseBack
    phase_view: PhaseView
    after_decision: CutoverPlanning
    jobs: Mapping[str, JobFunction]


def phase_parts(common: Common) -> PhaseParts:
    """They, over what most services are made of."""
    catalog, outside = common.catalog, common.outside
    return PhaseParts(
        moving=PhaseMoving(catalog=catalog, roles=outside.roles, store=common.store, clock=outside.clock),
        records=CutoverRecords(roles=outside.roles, clock=outside.clock),
        display=CutoverDisplay(catalog=catalog, clock=outside.clock),
    )


def after_forward_runs(common: Common, parts: PhaseParts, reminders: FollowUpReminders) -> AfterForwardRuns:
    """What the end of a run means for the phase."""
    return AfterForwardRuns(
        catalog=common.catalog,
        moving=parts.moving,
        records=parts.records,
        reminders=reminders,
        clock=common.outside.clock,
        ids=common.outside.ids,
    )


def cutover_services(
    common: Common,
    parts: PhaseParts,
    *,
    reminders: FollowUpReminders,
    previews: PreviewService,
    gates: EvaluatesGates,
) -> CutoverServices:
    """All of them."""
    catalog, permissions, store = common.catalog, common.permissions, common.store
    clock, ids = common.outside.clock, common.outside.ids
    runs = ForwardRuns(clock=clock)
    phase_runs = PhaseRuns(
        catalog=catalog, previews=previews, runs=runs, moving=parts.moving, store=store, clock=clock, ids=ids
    )
    start = _start_of(common, parts, previews=previews, gates=gates, runs=runs)
    return CutoverServices(
        cutovers=CutoverService(
            catalog=catalog,
            permissions=permissions,
            start=start,
            records=parts.records,
            display=parts.display,
            reminders=reminders,
            store=store,
            clock=clock,
        ),
        assessments=AssessmentService(
            catalog=catalog,
            permissions=permissions,
            moving=parts.moving,
            records=parts.records,
            reminders=reminders,
            store=store,
            clock=clock,
        ),
        phase_back=_back_of(common, parts, previews=previews, runs=runs),
        phase_view=PhaseView(catalog=catalog, permissions=permissions, gates=gates, store=store, clock=clock),
        after_decision=CutoverPlanning(
            catalog=catalog,
            records=parts.records,
            display=parts.display,
            reminders=reminders,
            phase_runs=phase_runs,
            clock=clock,
            ids=ids,
        ),
        jobs={
            "start_cutover": start.on_its_day,
            "move_phase": phase_runs.begin,
            "phase_ends": parts.moving.remind,
        },
    )


def _start_of(
    common: Common,
    parts: PhaseParts,
    *,
    previews: PreviewService,
    gates: EvaluatesGates,
    runs: ForwardRuns,
) -> CutoverStart:
    return CutoverStart(
        catalog=common.catalog,
        gates=gates,
        previews=previews,
        runs=runs,
        moving=parts.moving,
        records=parts.records,
        display=parts.display,
        store=common.store,
        clock=common.outside.clock,
    )


def _back_of(common: Common, parts: PhaseParts, *, previews: PreviewService, runs: ForwardRuns) -> PhaseBack:
    return PhaseBack(
        catalog=common.catalog,
        permissions=common.permissions,
        previews=previews,
        runs=runs,
        moving=parts.moving,
        store=common.store,
        clock=common.outside.clock,
        ids=common.outside.ids,
    )
