"""The ledger with a daily summary that is due today, and its days as the bot has written them."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.store.reconciliation_tables import reconciliations, summaries
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.tables_outside import TablesOutside

# A query of about two seconds, so that a bot can be killed in the middle of a reconciliation.
SLOW = (
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 4000000) SELECT count(*) FROM c"
)


def daily_ledger(folder: Path, *, query: str = "SELECT 1") -> Ledger:
    """The ledger whose summary was due an hour ago, where it is noon now: no test sees midnight."""
    ledger = Ledger(folder)
    ahead = 12 - datetime.now(UTC).hour
    # Zones of this family are named by how far they are behind.
    zone = f"Etc/GMT{-ahead:+d}"
    ledger.edit("  checks:\n", f'  schedule: {{at: "11:00", zone: {zone}}}\n  checks:\n')
    ledger.edit("{legacy: SELECT 1, new: SELECT 1}", f'{{legacy: "{query}", new: "{query}"}}')
    for side in ("legacy", "new"):
        with closing(sqlite3.connect(folder / "ledger" / f"{side}.db")) as database:
            database.execute("CREATE TABLE rows (id INTEGER)")
    return ledger


class Days:
    """The days of one database, read and set back from outside."""

    def __init__(self, url: str) -> None:
        self._tables = TablesOutside(url)

    def stand(self) -> list[str]:
        """What became of each day, oldest first."""
        return [row.status for row in self._tables.do(sa.select(summaries).order_by(summaries.c.day))]

    def reconciliations(self) -> list[str]:
        """The status of each reconciliation."""
        return [row.status for row in self._tables.do(sa.select(reconciliations.c.status))]

    def begin_yesterday(self) -> None:
        """Let the schedule have begun a day earlier, so that today's summary is due now."""
        (row,) = self._tables.do(sa.select(summaries))
        yesterday = datetime.fromisoformat(row.day).date() - timedelta(days=1)
        self._tables.do(summaries.update().values(day=yesterday.isoformat(), due=row.due - timedelta(days=1)))
