"""The rows that differ, one by one, of reconciliations that keep them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.row_difference import RowDifference
from bot.store.connection import Connection
from bot.store.reconciliation_tables import reconciliations, row_differences

# Rows that are read at once: a press does not wait for longer than some ten milliseconds.
PAGE = 500


class RowDifferences:
    """Writes and reads rows that differ, in the order of their keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(
        self, reconciliation: str, check: str, rows: Sequence[RowDifference], *, position: int
    ) -> None:
        """Keep rows from a position on. One that is there already stays: the job may run twice at a time."""
        if not rows:
            return
        dialect = await self._connection.run_sync(lambda connection: connection.dialect.name)
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        await self._connection.execute(
            insert(row_differences).on_conflict_do_nothing(),
            [
                {
                    "reconciliation": reconciliation,
                    "check_id": check,
                    "position": place,
                    "kind": row.kind,
                    "name": _storable(row.name),
                    "body": row.model_dump(mode="json"),
                }
                for place, row in enumerate(rows, position)
            ],
        )

    async def forget(self, reconciliation: str, *, below: int) -> int:
        """Delete those of a reconciliation below a position; how many there were."""
        deleted = await self._connection.execute(
            row_differences.delete().where(
                row_differences.c.reconciliation == reconciliation, row_differences.c.position < below
            )
        )
        return deleted.rowcount

    async def first(self, reconciliation: str, check: str, *, most: int) -> tuple[RowDifference, ...]:
        """The first rows of a check."""
        return await self._page(reconciliation, check, after=-1, most=most)

    async def each(self, reconciliation: str, check: str) -> AsyncIterator[RowDifference]:
        """All rows of a check, read page by page; between two pages everything else goes on."""
        after = -1
        while page := await self._page(reconciliation, check, after=after, most=PAGE):
            for row in page:
                yield row
            after += len(page)
            await asyncio.sleep(0)

    async def count(self, reconciliation: str, check: str) -> int:
        """How many rows of a check are kept."""
        query = sa.select(sa.func.count()).where(
            row_differences.c.reconciliation == reconciliation, row_differences.c.check_id == check
        )
        return int((await self._connection.execute(query)).scalar_one())

    async def counts(self, reconciliation: str) -> dict[str, int]:
        """How many rows of each check of a reconciliation are kept."""
        query = (
            sa.select(row_differences.c.check_id, sa.func.count().label("rows"))
            .where(row_differences.c.reconciliation == reconciliation)
            .group_by(row_differences.c.check_id)
        )
        return {row.check_id: row.rows for row in await self._connection.execute(query)}

    async def outdated(self, *, before: datetime) -> tuple[str, ...]:
        """The reconciliations whose rows nobody needs any more.

        These ended before a moment, and are not the last whole one of their migration; or they were never
        done.
        """
        last = (
            sa.select(sa.func.max(reconciliations.c.ended_at))
            .where(reconciliations.c.status == "done", reconciliations.c.scope.is_(None))
            .group_by(reconciliations.c.migration)
        )
        whole = sa.and_(reconciliations.c.scope.is_(None), reconciliations.c.ended_at.in_(last))
        old = sa.and_(reconciliations.c.status == "done", reconciliations.c.ended_at < before, sa.not_(whole))
        query = (
            sa.select(reconciliations.c.id)
            .where(
                sa.or_(old, reconciliations.c.status.in_(["cancelled", "abandoned"])),
                sa.exists().where(row_differences.c.reconciliation == reconciliations.c.id),
            )
            .order_by(reconciliations.c.ended_at)
        )
        return tuple((await self._connection.execute(query)).scalars())

    async def _page(
        self, reconciliation: str, check: str, *, after: int, most: int
    ) -> tuple[RowDifference, ...]:
        query = (
            sa.select(row_differences.c.body)
            .where(
                row_differences.c.reconciliation == reconciliation,
                row_differences.c.check_id == check,
                row_differences.c.position > after,
            )
            .order_by(row_differences.c.position)
            .limit(most)
        )
        bodies = (await self._connection.execute(query)).scalars()
        return tuple(RowDifference.model_validate(body) for body in bodies)


def _storable(name: str) -> str:
    """A name without what PostgreSQL keeps in no text: NUL, and halves of characters."""
    return name.replace("\x00", "␀").encode("utf-8", "replace").decode("utf-8")
