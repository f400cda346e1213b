"""Reconciliations: asked for, and what they found."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from bot.domain.check_result import Reconciled
from bot.domain.person import SWITCHBACK, Actor
from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.tables import reconciliations


@dataclass(frozen=True)
class Reconciliation:
    """One reconciliation. `reconciled` is None until it is done.

    `day` (as 2026-03-14) is the day whose summary is made of it: that of the schedule, or of a person who
    asked for a summary.
    """

    id: str
    migration: str
    channel: str
    asked_by: Actor
    status: Literal["running", "done", "abandoned"]
    started_at: datetime
    playbook_digest: str
    ended_at: datetime | None = None
    reconciled: Reconciled | None = None
    day: str | None = None

    @property
    def subject(self) -> str:
        """The subject of its message: the day's summary where it is that of the schedule."""
        if self.day is not None and self.asked_by == SWITCHBACK:
            return f"summary:{self.migration}:{self.day}"
        return f"reconciliation:{self.id}"

    @property
    def has_message(self) -> bool:
        """Whether people see it in a channel; one that was asked for at the terminal is seen there alone."""
        return bool(self.channel) or self.day is not None


class Reconciliations:
    """Reads and writes reconciliations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, reconciliation: Reconciliation) -> bool:
        """Note that one was asked for; False while another one is running for a channel."""
        return await insert_once(
            self._connection,
            reconciliations.insert().values(
                id=reconciliation.id,
                migration=reconciliation.migration,
                channel=reconciliation.channel,
                asked_by=asdict(reconciliation.asked_by),
                status=reconciliation.status,
                started_at=reconciliation.started_at,
                playbook_digest=reconciliation.playbook_digest,
                day=reconciliation.day,
            ),
        )

    async def abandon(self, migration: str, *, started_before: datetime) -> None:
        """Give up the ones that never ended."""
        await self._connection.execute(
            reconciliations.update()
            .where(
                reconciliations.c.migration == migration,
                reconciliations.c.status == "running",
                reconciliations.c.started_at < started_before,
            )
            .values(status="abandoned")
        )

    async def get(self, reconciliation_id: str) -> Reconciliation:
        """The reconciliation of that id."""
        return _read(
            (
                await self._connection.execute(
                    sa.select(reconciliations).where(reconciliations.c.id == reconciliation_id)
                )
            ).one()
        )

    async def finish(self, reconciliation_id: str, *, reconciled: Reconciled, at: datetime) -> bool:
        """Note what it found, once; False when it was finished already."""
        written = await self._connection.execute(
            reconciliations.update()
            .where(reconciliations.c.id == reconciliation_id, reconciliations.c.status == "running")
            .values(status="done", ended_at=at, body=reconciled.model_dump(mode="json"))
        )
        return written.rowcount == 1

    async def latest(self, migration: str) -> Reconciliation | None:
        """The one that ended last."""
        row = (
            await self._connection.execute(
                sa.select(reconciliations)
                .where(reconciliations.c.migration == migration, reconciliations.c.status == "done")
                .order_by(reconciliations.c.ended_at.desc())
                .limit(1)
            )
        ).one_or_none()
        return _read(row) if row else None

    async def running(self, migration: str) -> Reconciliation | None:
        """One that was asked for and is not done."""
        row = (
            await self._connection.execute(
                sa.select(reconciliations)
                .where(reconciliations.c.migration == migration, reconciliations.c.status == "running")
                .order_by(reconciliations.c.started_at.desc())
                .limit(1)
            )
        ).one_or_none()
        return _read(row) if row else None


def _read(row: sa.Row[tuple[object, ...]]) -> Reconciliation:
    return Reconciliation(
        id=row.id,
        migration=row.migration,
        channel=row.channel,
        asked_by=Actor(**row.asked_by),
        status=row.status,
        started_at=row.started_at,
        playbook_digest=row.playbook_digest,
        ended_at=row.ended_at,
        reconciled=None if row.body is None else Reconciled.model_validate(row.body),
        day=row.day,
    )
