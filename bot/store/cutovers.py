"""Cutovers from the decision to their end, changed by conditional writes."""

import sqlalchemy as sa

from bot.domain.cutover import UNDER_WAY, PlannedCutover
from bot.domain.errors import SupersededError
from bot.store.connection import Connection
from bot.store.decision_tables import cutovers
from bot.store.insert_once import insert_once


class Cutovers:
    """Reads cutovers and changes them. A migration has one under way at most."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, cutover: PlannedCutover) -> bool:
        """Keep a new one; False while another one of its migration is under way."""
        statement = cutovers.insert().values(id=cutover.id, migration=cutover.migration, **_changing(cutover))
        return await insert_once(self._connection, statement)

    async def get(self, cutover_id: str) -> PlannedCutover:
        """The cutover of a decision. Raises SupersededError when there is none."""
        return await self._read(sa.select(cutovers.c.body).where(cutovers.c.id == cutover_id))

    async def held(self, cutover_id: str) -> PlannedCutover:
        """The same, held until this transaction ends."""
        query = sa.select(cutovers.c.body).where(cutovers.c.id == cutover_id)
        return await self._read(query.with_for_update())

    async def under_way(self, migration: str) -> PlannedCutover | None:
        """The one that is planned, runs or waits for its assessment."""
        return await self._found(
            sa.select(cutovers.c.body).where(
                cutovers.c.migration == migration, cutovers.c.status.in_(UNDER_WAY)
            )
        )

    async def latest(self, migration: str) -> PlannedCutover | None:
        """The newest of a migration, over or not: ids sort by time."""
        query = sa.select(cutovers.c.body).where(cutovers.c.migration == migration)
        return await self._found(query.order_by(cutovers.c.id.desc()).limit(1))

    async def replace(self, before: PlannedCutover, after: PlannedCutover) -> PlannedCutover | None:
        """Write a changed one as its next version; None when somebody came first."""
        changed = after.model_copy(update={"version": before.version + 1})
        written = await self._connection.execute(
            cutovers.update()
            .where(cutovers.c.id == before.id, cutovers.c.version == before.version)
            .values(**_changing(changed))
        )
        return changed if written.rowcount == 1 else None

    async def _found(self, query: sa.Select[tuple[object]]) -> PlannedCutover | None:
        row = (await self._connection.execute(query)).one_or_none()
        return PlannedCutover.model_validate(row.body) if row else None

    async def _read(self, query: sa.Select[tuple[object]]) -> PlannedCutover:
        found = await self._found(query)
        if found is None:
            raise SupersededError("This cutover no longer exists")
        return found


def _changing(cutover: PlannedCutover) -> dict[str, object]:
    return {
        "status": cutover.status,
        "version": cutover.version,
        "body": cutover.model_dump(mode="json"),
    }
