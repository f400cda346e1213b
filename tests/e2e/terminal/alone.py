"""A host without a bot."""

from pathlib import Path

from tests.e2e.ledger_playbook import Ledger
from tests.e2e.program import SWITCHBACK, Program, completed, environment
from tests.e2e.records import Records

DECIDED = ("rollback", "ledger", "--answer", "wrong=yes", "--confirm", "ledger")


class Alone:
    """A host with the ledger and a database on which no bot has ever run."""

    def __init__(self, folder: Path, *, by_hand: bool = False, quorum: int = 0, url: str = "") -> None:
        self.folder = folder
        self.ledger = Ledger(folder / "playbooks", by_hand=by_hand, quorum=quorum)
        self.script = folder / "playbooks" / "ledger" / "leave_line.py"
        url = url or f"sqlite:///{folder / 'switchback.db'}"
        self.settings = {"SWITCHBACK_PLAYBOOKS": str(self.ledger.playbooks), "SWITCHBACK_DATABASE_URL": url}
        self.records = Records(url)
        self.env = environment(**self.settings)

    async def run(self, *arguments: str) -> Program:
        return await completed([SWITCHBACK, *arguments], env=self.env)
