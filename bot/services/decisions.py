"""What people decide on evidence, as handlers, the terminal and the durable jobs get it."""

from dataclasses import dataclass

from bot.services.decision_approvals import DecisionApprovals
from bot.services.decision_beside import DecisionBeside
from bot.services.decision_endings import DecisionEndings
from bot.services.decision_requests import DecisionRequests
from bot.services.decision_status import DecisionStatus
from bot.services.decision_walks import DecisionWalks
from bot.services.decision_weighing import DecisionWeighing


@dataclass(frozen=True)
class Decisions:
    """The cutover, and the moves from phase to phase."""

    requests: DecisionRequests
    walks: DecisionWalks
    approvals: DecisionApprovals
    endings: DecisionEndings
    weighing: DecisionWeighing
    beside: DecisionBeside
    status: DecisionStatus
