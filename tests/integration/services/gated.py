"""The migration `ledger` with gates that people settle."""

from pathlib import Path

from bot.domain.person import Actor
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.wanted_statement import AboutCriterion
from tests.integration.ledger import ROLES, ledger

LEE = Actor("U0LEE", "Lee")
BO = Actor("U0BO", "Bo")
MAX = Actor("U0MAX", "Max")
BOARD = "ledger-board"
# Lee, Bo and Max are the board; Lee manages, too.
GROUPS = {BOARD: {LEE.id, BO.id, MAX.id}, "ledger-managers": {LEE.id}}

APPROVALS = "#cutover"
CONTACT: dict[str, object] = {"title": "Database", "reach": "+49 1", "does": "Restores a backup"}
TASKS = [{"id": "restore", "title": "Restore a backup"}, {"id": "stop", "title": "Stop the new system"}]
SIGN: dict[str, object] = {"id": "right", "sign_off": "board", "statement": "The data is right", "people": 2}
MANAGED: dict[str, object] = {"id": "paid", "sign_off": "manager", "statement": "We can pay for it"}
EACH: dict[str, object] = {"id": "able", "each": "board", "statement": "I have done it", "tasks": TASKS}
TRIED: dict[str, object] = {"id": "reach", "contacts": "board"}
VOTE: dict[str, object] = {"id": "go", "vote": "board", "statement": "We go on the 28th", "quorum": 2}


class OtherIds:
    """Ids of another replica."""

    def __init__(self, name: str) -> None:
        self._name, self._count = name, 0

    def new(self) -> str:
        self._count += 1
        return f"{self._name}-{self._count:04}"


def gated(folder: Path, *criteria: dict[str, object], **changes: object) -> LoadedPlaybook:
    """The playbook with a gate of these criteria, and one of the check `accounts`."""
    given = criteria or (SIGN, MANAGED, EACH, TRIED, VOTE)
    gates = [
        {"id": "people", "title": "People", "owner": "board", "criteria": given},
        {
            "id": "data",
            "title": "Data parity",
            "owner": "data",
            "criteria": [{"check": "accounts", "clean_runs": 3}],
        },
    ]
    roles = {**ROLES, "board": {"usergroup": BOARD}, "manager": {"usergroup": "ledger-managers"}}
    review = {"on": "mon", "at": "09:00", "zone": "Europe/Berlin"}
    everything: dict[str, object] = {
        "gates": gates,
        "roles": roles,
        "escalation": [CONTACT],
        "gate_review": review,
        **changes,
    }
    return ledger(folder, **everything)  # type: ignore[arg-type]


def about(criterion: str) -> AboutCriterion:
    """One of its criteria."""
    return AboutCriterion("ledger", "people", criterion)
