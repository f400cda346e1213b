"""The days of schedules and their summaries, each decided by one conditional write."""

from datetime import date

import sqlalchemy as sa

from bot.domain.summary_day import SummaryDay
from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.reconciliation_tables import summaries
from bot.store.tables import outbox

_COLUMNS = {"migration", "day", "due", "status", "reconciliation", "told_at"}
_OPEN = ("running", "waiting")
_NOT_SENT = ("pending", "sending", "dead")


class Summaries:
    """Reads and writes the days of schedules."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, day: SummaryDay) -> bool:
        """Note a day; False when it is known already, as when another replica was faster."""
        key = {"migration": day.migration, "day": day.day.isoformat(), "due": day.due}
        return await insert_once(self._connection, summaries.insert().values(**key, **_written(day)))

    async def change(self, before: SummaryDay, after: SummaryDay) -> bool:
        """Write what became of a day if it is as it was read; False when somebody came first."""
        written = await self._connection.execute(
            summaries.update().where(*_as_read(before)).values(**_written(after))
        )
        return written.rowcount == 1

    async def remove(self, day: SummaryDay) -> bool:
        """Forget a day that is yet to come; False when somebody came first."""
        removed = await self._connection.execute(summaries.delete().where(*_as_read(day)))
        return removed.rowcount == 1

    async def latest(self, migration: str) -> SummaryDay | None:
        """The latest day that is known."""
        found = await self._listed(summaries.c.migration == migration, most=1)
        return found[0] if found else None

    async def open(self, migration: str) -> tuple[SummaryDay, ...]:
        """Those whose summary is still to come, newest first."""
        return await self._listed(summaries.c.migration == migration, summaries.c.status.in_(_OPEN))

    async def of(self, migration: str, reconciliation: str) -> SummaryDay | None:
        """The day that a reconciliation is for."""
        found = await self._listed(
            summaries.c.migration == migration, summaries.c.reconciliation == reconciliation
        )
        return found[0] if found else None

    async def days(self, migration: str, *, since: date | None = None) -> tuple[SummaryDay, ...]:
        """All of them, or those from a day on, newest first."""
        later = sa.true() if since is None else summaries.c.day >= since.isoformat()
        return await self._listed(summaries.c.migration == migration, later)

    async def last_told(self, migration: str, *, before: date | None = None) -> SummaryDay | None:
        """The latest day whose summary was told, of those before a day where one is given."""
        earlier = sa.true() if before is None else summaries.c.day < before.isoformat()
        found = await self._listed(
            summaries.c.migration == migration, summaries.c.status == "told", earlier, most=1
        )
        return found[0] if found else None

    async def on_its_way(self, day: SummaryDay) -> bool:
        """Whether its message has not arrived in Slack: it waits to be sent, or was refused."""
        query = sa.select(outbox.c.number).where(
            outbox.c.status.in_(_NOT_SENT), outbox.c.subject == day.subject
        )
        return (await self._connection.execute(query.limit(1))).first() is not None

    async def _listed(
        self, *which: sa.ColumnElement[bool], most: int | None = None
    ) -> tuple[SummaryDay, ...]:
        query = sa.select(summaries).where(*which).order_by(summaries.c.day.desc()).limit(most)
        return tuple(_read(row) for row in await self._connection.execute(query))


def _as_read(day: SummaryDay) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        summaries.c.migration == day.migration,
        summaries.c.day == day.day.isoformat(),
        summaries.c.status == day.status,
        summaries.c.reconciliation.is_not_distinct_from(day.reconciliation),
    )


def _written(day: SummaryDay) -> dict[str, object]:
    return {
        "status": day.status,
        "reconciliation": day.reconciliation,
        "told_at": day.told_at,
        "body": day.model_dump(mode="json", exclude=_COLUMNS),
    }


def _read(row: sa.Row[tuple[object, ...]]) -> SummaryDay:
    return SummaryDay.model_validate({**row.body, **{name: getattr(row, name) for name in _COLUMNS}})
