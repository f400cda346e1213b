"""What the bot recorded, read from outside of it: the other half of the comparison with the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.audit import AuditEntry, broken_links
from bot.store.database import database_url
from bot.store.tables import audit, run_steps, runs

ENDED_RUNS = ("done", "aborted", "replaced")
_PROGRESS = ("step.intent", "step.outcome", "step.again", "run.done")


@dataclass(frozen=True)
class RecordedStep:
    """A step of a run as it stands."""

    run: str
    step: str
    status: str
    attempt: int


@dataclass(frozen=True)
class Noted:
    """An entry of the audit log about a run. `at` is in seconds since 1970; `step` may be empty."""

    at: float
    kind: str
    run: str
    step: str
    status: str

    @property
    def progress(self) -> bool:
        """Whether the run went on with it."""
        return self.kind in _PROGRESS


class ChaosRecords:
    """Reads one database; each call is a transaction of its own."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(database_url(url), pool_size=2)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def runs(self) -> dict[str, str]:
        """The status of every run."""
        return {row.id: row.status for row in self._rows(sa.select(runs.c.id, runs.c.status))}

    def active_environments(self) -> set[str]:
        """Where a run has not ended."""
        query = sa.select(runs.c.environment).where(runs.c.status.not_in(ENDED_RUNS))
        return {row.environment for row in self._rows(query)}

    def steps(self, *, active: bool = False) -> list[RecordedStep]:
        """The steps of all runs, or of those that have not ended."""
        query = sa.select(run_steps.c.run, run_steps.c.step, run_steps.c.status, run_steps.c.attempt)
        if active:
            query = query.join(runs, runs.c.id == run_steps.c.run).where(runs.c.status.not_in(ENDED_RUNS))
        return [RecordedStep(row.run, row.step, row.status, row.attempt) for row in self._rows(query)]

    def last_entry(self) -> int:
        """The number of the audit log's last entry."""
        return int(self._rows(sa.select(sa.func.coalesce(sa.func.max(audit.c.number), 0)))[0][0])

    def noted(self, *, after: int = 0) -> list[Noted]:
        """What the audit log says about runs in its entries after that number, in order."""
        of_runs = audit.c.subject.like("run:%"), audit.c.number > after
        query = sa.select(audit).where(*of_runs).order_by(audit.c.number)
        return [_noted(row) for row in self._rows(query)]

    def audit_breaks(self) -> int:
        """How many links of the audit log's chain are broken."""
        names = AuditEntry.__dataclass_fields__
        entries = self._rows(sa.select(audit).order_by(audit.c.number))
        chain = [(AuditEntry(**{name: getattr(row, name) for name in names}), row.digest) for row in entries]
        return len(broken_links(chain))

    def _rows(self, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        with self._engine.connect() as connection:
            return connection.execute(query).all()


def _noted(row: sa.Row[Any]) -> Noted:
    _, run, step = f"{row.subject}:".split(":")[:3]
    at = datetime.fromisoformat(row.at).timestamp()
    return Noted(at, row.kind, run, step, str(row.facts.get("status", "")))
