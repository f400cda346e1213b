"""The services together, as handlers and the terminal get them."""

from dataclasses import dataclass

from bot.services.assessments import AssessmentService
from bot.services.audit_anchoring import AuditAnchoring
from bot.services.break_glass import BreakGlassService
from bot.services.catalog import Catalog
from bot.services.confirmation import ConfirmationService
from bot.services.cutovers import CutoverService
from bot.services.decisions import Decisions
from bot.services.differing_rows import DifferingRows
from bot.services.discrepancies import DiscrepancyService
from bot.services.follow_ups import FollowUpService
from bot.services.gate_requests import GateRequests
from bot.services.gates import GateService
from bot.services.home import HomeService
from bot.services.measuring import MeasuringService
from bot.services.phase_back import PhaseBack
from bot.services.phase_view import PhaseView
from bot.services.phases import Phases
from bot.services.playbook_trace import PlaybookTrace
from bot.services.previews import PreviewService
from bot.services.reconciliation import ReconciliationService
from bot.services.reconciling import Reconciling
from bot.services.rehearsal_signatures import RehearsalSignatures
from bot.services.rehearsals import RehearsalService
from bot.services.replacements import ReplacementService
from bot.services.reviews import ReviewService
from bot.services.rollback_codes import RollbackCodes
from bot.services.row_export import RowExport
from bot.services.second_factors import SecondFactors
from bot.services.start_requests import StartRequestService
from bot.services.statement_requests import StatementRequestService
from bot.services.statements import StatementService
from bot.services.status import StatusService
from bot.services.steering import SteeringService
from bot.services.walks import WalkService


@dataclass(frozen=True)
class Services:
    """Everything a person can ask for."""

    catalog: Catalog
    phases: Phases
    reconciliation: ReconciliationService
    reconciling: Reconciling
    rows: DifferingRows
    row_export: RowExport
    discrepancies: DiscrepancyService
    gates: GateService
    gate_requests: GateRequests
    walks: WalkService
    measuring: MeasuringService
    previews: PreviewService
    confirmation: ConfirmationService
    start_requests: StartRequestService
    break_glass: BreakGlassService
    rollback_codes: RollbackCodes
    reviews: ReviewService
    steering: SteeringService
    replacements: ReplacementService
    follow_ups: FollowUpService
    cutovers: CutoverService
    assessments: AssessmentService
    phase_back: PhaseBack
    phase_view: PhaseView
    rehearsals: RehearsalService
    signatures: RehearsalSignatures
    status: StatusService
    statements: StatementService
    statement_requests: StatementRequestService
    second_factors: SecondFactors
    decisions: Decisions
    home: HomeService
    playbook_trace: PlaybookTrace
    anchoring: AuditAnchoring
