"""Rehearsals, changed by conditional writes on their version."""

import sqlalchemy as sa
from pydantic import JsonValue

from bot.domain.errors import UnknownNameError
from bot.domain.rehearsal import Rehearsed
from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.tables import rehearsals


class Rehearsals:
    """Reads rehearsals and changes them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, rehearsal: Rehearsed) -> bool:
        """Begin one; False while another one goes on in its environment."""
        return await insert_once(
            self._connection,
            rehearsals.insert().values(
                id=rehearsal.id,
                incident=rehearsal.incident,
                migration=rehearsal.migration,
                environment=rehearsal.environment,
                started_at=rehearsal.started_at,
                **_changing(rehearsal),
            ),
        )

    async def get(self, rehearsal_id: str) -> Rehearsed:
        """The rehearsal of that id. Raises UnknownNameError when there is none."""
        return await self._read(_of_id(rehearsal_id), rehearsal_id)

    async def locked(self, rehearsal_id: str) -> Rehearsed:
        """The rehearsal, which nobody else changes until this transaction ends. Raises UnknownNameError."""
        return await self._read(_of_id(rehearsal_id).with_for_update(), rehearsal_id)

    async def _read(self, query: sa.Select[tuple[JsonValue]], rehearsal_id: str) -> Rehearsed:
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            known = await self.latest(migration=None, count=5)
            raise UnknownNameError("rehearsal", rehearsal_id, [one.id for one in known])
        return Rehearsed.model_validate(row.body)

    async def replace(self, before: Rehearsed, after: Rehearsed) -> bool:
        """Write a changed one if it is still as it was read; False when somebody came first."""
        written = await self._connection.execute(
            rehearsals.update()
            .where(rehearsals.c.id == before.id, rehearsals.c.version == before.version)
            .values(**_changing(after))
        )
        return written.rowcount == 1

    async def active(self, migration: str) -> Rehearsed | None:
        """The rehearsal of a migration that goes on, the oldest where there are several environments."""
        query = (
            sa.select(rehearsals.c.body)
            .where(rehearsals.c.migration == migration, rehearsals.c.status != "ended")
            .order_by(rehearsals.c.id)
            .limit(1)
        )
        row = (await self._connection.execute(query)).one_or_none()
        return Rehearsed.model_validate(row.body) if row else None

    async def latest(self, *, migration: str | None, count: int) -> tuple[Rehearsed, ...]:
        """The latest ones, newest first, of one migration where given."""
        query = sa.select(rehearsals.c.body).order_by(rehearsals.c.id.desc()).limit(count)
        if migration is not None:
            query = query.where(rehearsals.c.migration == migration)
        rows = await self._connection.execute(query)
        return tuple(Rehearsed.model_validate(row.body) for row in rows)

    async def newest_over(self, migration: str, plan_id: str) -> Rehearsed | None:
        """The newest rehearsal of a plan that is over; None where there is none."""
        query = (
            sa.select(rehearsals.c.body)
            .where(
                rehearsals.c.migration == migration,
                rehearsals.c.status == "ended",
                rehearsals.c.body["plan_id"].as_string() == plan_id,
            )
            .order_by(rehearsals.c.id.desc())
            .limit(1)
        )
        row = (await self._connection.execute(query)).one_or_none()
        return Rehearsed.model_validate(row.body) if row else None


def _of_id(rehearsal_id: str) -> sa.Select[tuple[JsonValue]]:
    return sa.select(rehearsals.c.body).where(rehearsals.c.id == rehearsal_id)


def _changing(rehearsal: Rehearsed) -> dict[str, object]:
    return {
        "status": rehearsal.status,
        "version": rehearsal.version,
        "ended_at": rehearsal.ended_at,
        "body": rehearsal.model_dump(mode="json"),
    }
