"""Follow-ups of runs and items of cutovers, changed by conditional writes."""

import sqlalchemy as sa

from bot.domain.errors import UnknownNameError
from bot.domain.follow_up import ScheduledFollowUp
from bot.store.connection import Connection
from bot.store.tables import follow_ups


class FollowUps:
    """Reads follow-ups and changes them.

    How often people were reminded has a column of its own: a reminder and a person's decision that come
    at once both count.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, follow_up: ScheduledFollowUp) -> None:
        """Keep a new one."""
        await self._connection.execute(
            follow_ups.insert().values(
                id=follow_up.id,
                incident=follow_up.incident,
                run=follow_up.run or None,
                decision=follow_up.decision or None,
                migration=follow_up.migration,
                reminded=follow_up.reminded,
                **_written(follow_up),
            )
        )

    async def get(self, follow_up_id: str) -> ScheduledFollowUp:
        """The follow-up of that id. Raises UnknownNameError when there is none."""
        query = sa.select(follow_ups.c.body, follow_ups.c.reminded).where(follow_ups.c.id == follow_up_id)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownNameError("follow-up", follow_up_id, [one.id for one in await self.open()])
        return ScheduledFollowUp.model_validate({**row.body, "reminded": row.reminded})

    async def open(self, migration: str | None = None) -> tuple[ScheduledFollowUp, ...]:
        """Those that are not done, of one migration where given, the one that is due first first."""
        return await self._listed(follow_ups.c.status == "open", migration)

    async def of_decision(self, decision_id: str) -> tuple[ScheduledFollowUp, ...]:
        """Every item of the cutover that a decision led to."""
        return await self._listed(follow_ups.c.decision == decision_id, None)

    async def all(self, migration: str | None = None) -> tuple[ScheduledFollowUp, ...]:
        """Those that are done as well."""
        return await self._listed(sa.true(), migration)

    async def replace(self, before: ScheduledFollowUp, after: ScheduledFollowUp) -> bool:
        """Write a person's decision if nobody decided since it was read; False when somebody came first."""
        written = await self._connection.execute(
            follow_ups.update()
            .where(
                follow_ups.c.id == before.id,
                follow_ups.c.version == before.version,
                follow_ups.c.status == before.status,
            )
            .values(**_written(after))
        )
        return written.rowcount == 1

    async def remind(self, follow_up_id: str, *, version: int, number: int) -> bool:
        """Count a reminder of a version; False when it was given already, or the version is another."""
        written = await self._connection.execute(
            follow_ups.update()
            .where(
                follow_ups.c.id == follow_up_id,
                follow_ups.c.version == version,
                follow_ups.c.status == "open",
                follow_ups.c.reminded == number - 1,
            )
            .values(reminded=number)
        )
        return written.rowcount == 1

    async def _listed(
        self, which: sa.ColumnElement[bool], migration: str | None
    ) -> tuple[ScheduledFollowUp, ...]:
        query = sa.select(follow_ups.c.body, follow_ups.c.reminded).where(which)
        if migration is not None:
            query = query.where(follow_ups.c.migration == migration)
        rows = await self._connection.execute(query.order_by(follow_ups.c.due, follow_ups.c.id))
        return tuple(ScheduledFollowUp.model_validate({**row.body, "reminded": row.reminded}) for row in rows)


def _written(follow_up: ScheduledFollowUp) -> dict[str, object]:
    return {
        "status": follow_up.status,
        "due": follow_up.due,
        "version": follow_up.version,
        "body": follow_up.model_dump(mode="json", exclude={"reminded"}),
    }
