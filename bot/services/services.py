"""The services together, as handlers and the terminal get them."""

from dataclasses import dataclass

from bot.services.break_glass import BreakGlassService
from bot.services.catalog import Catalog
from bot.services.confirmation import ConfirmationService
from bot.services.differing_rows import DifferingRows
from bot.services.discrepancies import DiscrepancyService
from bot.services.follow_ups import FollowUpService
from bot.services.measuring import MeasuringService
from bot.services.phases import Phases
from bot.services.previews import PreviewService
from bot.services.reconciliation import ReconciliationService
from bot.services.reconciling import Reconciling
from bot.services.rehearsal_signatures import RehearsalSignatures
from bot.services.rehearsals import RehearsalService
from bot.services.replacements import ReplacementService
from bot.services.reviews import ReviewService
from bot.services.row_export import RowExport
from bot.services.start_requests import StartRequestService
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
    walks: WalkService
    measuring: MeasuringService
    previews: PreviewService
    confirmation: ConfirmationService
    start_requests: StartRequestService
    break_glass: BreakGlassService
    reviews: ReviewService
    steering: SteeringService
    replacements: ReplacementService
    follow_ups: FollowUpService
    rehearsals: RehearsalService
    signatures: RehearsalSignatures
    status: StatusService
