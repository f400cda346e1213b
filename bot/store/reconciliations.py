"""Reconciliations: asked for, and what they found."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from bot.domain.check_result import Reconciled
from bot.domain.errors import UnknownNameError
from bot.domain.person import SWITCHBACK, Actor
from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.reconciliation_tables import reconciliations

# Every end is decided by this one condition.
_RUNNING = reconciliations.update().where(reconciliations.c.status == "running")

ReconciliationStatus = Literal["running", "done", "cancelled", "abandoned"]


@dataclass(frozen=True)
class Reconciliation:
    """One reconciliation. `reconciled` is None until it is done.

    `scope` are the ids of its checks where it is of a part, `show_rows` whether the rows that differ are
    told with its result, `ended_by` who called it off.
    `day` (as 2026-03-14) is the day whose summary is made of it: that of the schedule, or of a person who
    asked for a summary.
    """

    id: str
    migration: str
    channel: str
    asked_by: Actor
    status: ReconciliationStatus
    started_at: datetime
    playbook_digest: str
    ended_at: datetime | None = None
    reconciled: Reconciled | None = None
    day: str | None = None
    scope: tuple[str, ...] | None = None
    show_rows: bool = False
    ended_by: Actor | None = None

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
                scope=None if reconciliation.scope is None else list(reconciliation.scope),
                show_rows=reconciliation.show_rows,
                alive_at=reconciliation.started_at,
            ),
        )

    async def lost(self, migration: str, *, silent_since: datetime) -> tuple[Reconciliation, ...]:
        """Those that run, and of which nobody has heard since then."""
        heard = sa.func.coalesce(reconciliations.c.alive_at, reconciliations.c.started_at)
        rows = await self._connection.execute(
            sa.select(reconciliations)
            .where(
                reconciliations.c.migration == migration,
                reconciliations.c.status == "running",
                heard < silent_since,
            )
            .order_by(reconciliations.c.started_at, reconciliations.c.id)
        )
        return tuple(map(_read, rows))

    async def beat(self, reconciliation_id: str, *, at: datetime) -> bool:
        """Note that it is being done; False when it does not run any more. Holds its row until the end."""
        written = await self._connection.execute(
            _RUNNING.where(reconciliations.c.id == reconciliation_id).values(alive_at=at)
        )
        return written.rowcount == 1

    async def runs(self, reconciliation_id: str) -> bool:
        """Whether it has neither ended nor been called off."""
        query = sa.select(reconciliations.c.status).where(reconciliations.c.id == reconciliation_id)
        return bool((await self._connection.execute(query)).scalar_one() == "running")

    async def get(self, reconciliation_id: str) -> Reconciliation:
        """The reconciliation of that id. Raises UnknownNameError."""
        query = sa.select(reconciliations).where(reconciliations.c.id == reconciliation_id)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownNameError("reconciliation", reconciliation_id, ())
        return _read(row)

    async def finish(self, reconciliation_id: str, *, reconciled: Reconciled, at: datetime) -> bool:
        """Note what it found, once; False when it had ended already."""
        written = await self._connection.execute(
            _RUNNING.where(reconciliations.c.id == reconciliation_id).values(
                status="done", ended_at=at, body=reconciled.model_dump(mode="json")
            )
        )
        return written.rowcount == 1

    async def end(
        self,
        reconciliation_id: str,
        *,
        status: Literal["cancelled", "abandoned"],
        by: Actor | None,
        at: datetime,
    ) -> bool:
        """End it without a result, once; False when it had ended already."""
        written = await self._connection.execute(
            _RUNNING.where(reconciliations.c.id == reconciliation_id).values(
                status=status, ended_at=at, ended_by=None if by is None else asdict(by)
            )
        )
        return written.rowcount == 1

    async def latest(self, migration: str) -> Reconciliation | None:
        """The one of all checks that ended last; one of a part never stands for the whole."""
        row = (
            await self._connection.execute(
                sa.select(reconciliations)
                .where(
                    reconciliations.c.migration == migration,
                    reconciliations.c.status == "done",
                    reconciliations.c.scope.is_(None),
                )
                .order_by(reconciliations.c.ended_at.desc())
                .limit(1)
            )
        ).one_or_none()
        return _read(row) if row else None

    async def running(self, migration: str) -> Reconciliation | None:
        """The one that was asked for in Slack and is not done."""
        row = (
            await self._connection.execute(
                sa.select(reconciliations)
                .where(
                    reconciliations.c.migration == migration,
                    reconciliations.c.status == "running",
                    reconciliations.c.channel != "",
                )
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
        scope=None if row.scope is None else tuple(row.scope),
        show_rows=bool(row.show_rows),
        ended_by=None if row.ended_by is None else Actor(**row.ended_by),
    )
