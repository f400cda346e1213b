"""Walks of the decision tree, and the previews of their verdicts."""

import sqlalchemy as sa

from bot.domain.errors import SupersededError
from bot.domain.measurement import Measurement
from bot.domain.person import Actor
from bot.domain.preview import PlanPreview
from bot.domain.walk import OPEN_WALKS, Walk
from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.tables import previews, walks

# Made once: to make a statement takes SQLAlchemy longer than SQLite takes to execute it.
_OF_ID = sa.select(walks.c.body).where(walks.c.id == sa.bindparam("walk_id"))
_HELD = _OF_ID.with_for_update()
_REPLACE = walks.update().where(
    walks.c.id == sa.bindparam("walk_id"),
    walks.c.version == sa.bindparam("version_before"),
    walks.c.status.in_(OPEN_WALKS),
)


class Walks:
    """Reads walks and changes them by conditional writes on their version."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, walk_id: str) -> Walk:
        """The walk of that id. Raises SupersededError when there is none (the data was reset)."""
        return await self._read(walk_id, _OF_ID)

    async def held(self, walk_id: str) -> Walk:
        """The same, held until this transaction ends: who changes it meanwhile comes after."""
        return await self._read(walk_id, _HELD)

    async def _read(self, walk_id: str, query: sa.Select[tuple[object]]) -> Walk:
        row = (await self._connection.execute(query, {"walk_id": walk_id})).one_or_none()
        if row is None:
            raise SupersededError("This walk no longer exists")
        return Walk.model_validate(row.body)

    async def open_walk(self, migration: str, environment: str) -> Walk | None:
        """The open walk of a migration in an environment, if there is one."""
        row = (
            await self._connection.execute(
                sa.select(walks.c.body).where(
                    walks.c.migration == migration,
                    walks.c.environment == environment,
                    walks.c.status.in_(OPEN_WALKS),
                )
            )
        ).one_or_none()
        return Walk.model_validate(row.body) if row else None

    async def add(self, walk: Walk) -> bool:
        """Open a walk; False when another one was opened first."""
        return await insert_once(
            self._connection,
            walks.insert().values(
                id=walk.id,
                incident=walk.incident,
                migration=walk.migration,
                environment=walk.environment,
                status=walk.status,
                version=walk.version,
                body=walk.model_dump(mode="json"),
            ),
        )

    async def replace(self, before: Walk, after: Walk) -> bool:
        """Write a changed walk if it is still as it was read; False when somebody came first."""
        return await self._write(before, after, version=after.version)

    async def fill_in(
        self,
        walk: Walk,
        *,
        measured: tuple[Measurement, ...] | None = None,
        preview: str | None = None,
        holder: Actor | None = None,
    ) -> Walk | None:
        """Note for a version what was measured or previewed, or who has it in hand.

        None when the walk has moved on. Buttons that were shown stay good.
        """
        given = {"measured": measured, "preview": preview, "holder": holder}
        changes = {name: value for name, value in given.items() if value is not None}
        # Two of these may come at once for one version: each adds to what the other wrote.
        present = await self.held(walk.id)
        if present.version != walk.version:
            return None
        filled = present.model_copy(update=changes)
        return filled if await self._write(present, filled, version=present.version) else None

    async def _write(self, before: Walk, after: Walk, *, version: int) -> bool:
        written = await self._connection.execute(
            _REPLACE,
            {
                "walk_id": before.id,
                "version_before": before.version,
                "status": after.status,
                "version": version,
                "body": after.model_dump(mode="json"),
            },
        )
        return written.rowcount == 1

    async def add_preview(self, preview: PlanPreview) -> None:
        """Keep a preview; what is confirmed later is exactly this."""
        await self._connection.execute(
            previews.insert().values(
                id=preview.id,
                walk=preview.walk,
                digest=preview.digest(),
                made_at=preview.made_at,
                body=preview.model_dump(mode="json", by_alias=True),
            )
        )

    async def preview(self, preview_id: str) -> PlanPreview:
        """The preview of that id."""
        row = (
            await self._connection.execute(sa.select(previews.c.body).where(previews.c.id == preview_id))
        ).one()
        return PlanPreview.model_validate(row.body)
