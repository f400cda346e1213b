"""What the bot has written to its database, read from outside of it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.domain.audit import AuditEntry, broken_links
from bot.domain.walk import Walk
from bot.store.database import database_url
from bot.store.tables import audit, outbox, replicas, run_steps, runs, timeline, walks


class Records:
    """Reads one database. Every call is a transaction of its own."""

    def __init__(self, url: str) -> None:
        self.url = database_url(url)

    def walks(self) -> list[Walk]:
        """Every walk, oldest first."""
        return [Walk.model_validate(row.body) for row in self._rows(sa.select(walks).order_by(walks.c.id))]

    def run_statuses(self) -> list[str]:
        """The status of every run, oldest first."""
        return [row.status for row in self._rows(sa.select(runs).order_by(runs.c.confirmed_at))]

    def run_seconds(self) -> float:
        """From the confirmation of the one run that ended to its end."""
        (run,) = self._rows(sa.select(runs))
        return float((run.ended_at - run.confirmed_at).total_seconds())

    def beats(self) -> dict[str, int]:
        """How often each replica has beaten."""
        return {row.id: row.beats for row in self._rows(sa.select(replicas))}

    def driver(self) -> str:
        """The replica that drives the one run now, or nothing."""
        return str(self._rows(sa.select(runs.c.driver))[0].driver or "")

    def steps(self) -> dict[str, str]:
        """The status of every step of the one run, in order."""
        return {
            row.step: row.status for row in self._rows(sa.select(run_steps).order_by(run_steps.c.position))
        }

    def timeline(self) -> list[str]:
        """Every line: who and what, in order."""
        rows = self._rows(sa.select(timeline).order_by(timeline.c.number))
        return [f"{row.actor}: {row.text}" for row in rows]

    def audited(self, kind: str | None = None) -> list[AuditEntry]:
        """The audit log's entries in order, of one kind or of all."""
        return [entry for entry, _ in self._audit() if kind in (None, entry.kind)]

    def audit_problems(self) -> list[str]:
        """What is wrong with the hash chain."""
        return broken_links(self._audit())

    def unsent(self) -> int:
        """How many messages have not arrived, or never will."""
        query = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.status != "sent")
        return int(self._rows(query)[0][0])

    def _audit(self) -> list[tuple[AuditEntry, str]]:
        names = AuditEntry.__dataclass_fields__
        rows = self._rows(sa.select(audit).order_by(audit.c.number))
        return [(AuditEntry(**{name: getattr(row, name) for name in names}), row.digest) for row in rows]

    def _rows(self, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        try:
            with engine.connect() as connection:
                return connection.execute(query).all()
        finally:
            engine.dispose()
