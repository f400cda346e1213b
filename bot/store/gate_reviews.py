"""The weeks in which gates are reviewed, each decided by one conditional write."""

from datetime import date

import sqlalchemy as sa

from bot.domain.gates.review import GateReview
from bot.store.connection import Connection
from bot.store.decision_tables import gate_reviews
from bot.store.insert_once import insert_once


class GateReviews:
    """Reads and writes weeks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, review: GateReview) -> bool:
        """Note a week; False when it is known already, as when another replica was faster."""
        written = {**review.model_dump(), "day": review.day.isoformat()}
        return await insert_once(self._connection, gate_reviews.insert().values(written))

    async def tell(self, before: GateReview, after: GateReview) -> bool:
        """Note that it is told; False when it was told already."""
        written = await self._connection.execute(
            gate_reviews.update()
            .where(*_of(before), gate_reviews.c.told_at.is_(None))
            .values(evaluation=after.evaluation, told_at=after.told_at)
        )
        return written.rowcount == 1

    async def remove(self, review: GateReview) -> bool:
        """Forget a week that is yet to come; False when somebody came first."""
        removed = await self._connection.execute(gate_reviews.delete().where(*_of(review)))
        return removed.rowcount == 1

    async def get(self, migration: str, day: date) -> GateReview | None:
        """The week of a day; None where there is none."""
        which = (gate_reviews.c.migration == migration, gate_reviews.c.day == day.isoformat())
        return await self._first(*which)

    async def latest(self, migration: str) -> GateReview | None:
        """The latest week that is known."""
        return await self._first(gate_reviews.c.migration == migration)

    async def told_before(self, migration: str, day: date) -> GateReview | None:
        """The last review that was told, with its evaluation, of those before a day."""
        return await self._first(
            gate_reviews.c.migration == migration,
            gate_reviews.c.day < day.isoformat(),
            gate_reviews.c.evaluation.is_not(None),
        )

    async def _first(self, *which: sa.ColumnElement[bool]) -> GateReview | None:
        query = sa.select(gate_reviews).where(*which).order_by(gate_reviews.c.day.desc()).limit(1)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else GateReview.model_validate(row._asdict())


def _of(review: GateReview) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        gate_reviews.c.migration == review.migration,
        gate_reviews.c.day == review.day.isoformat(),
    )
