"""Reviews of runs that one person started alone."""

from dataclasses import asdict

import sqlalchemy as sa

from bot.domain.errors import SupersededError
from bot.domain.review import Review
from bot.store.connection import Connection
from bot.store.tables import reviews


class Reviews:
    """Reads reviews, opens and closes them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, review_id: str) -> Review:
        """The review of that id. Raises SupersededError when there is none (the data was reset)."""
        query = sa.select(reviews).where(reviews.c.id == review_id)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        if row is None:
            raise SupersededError("This review no longer exists")
        return Review.model_validate(dict(row))

    async def open(self) -> tuple[Review, ...]:
        """Those that nobody has closed, oldest first."""
        query = sa.select(reviews).where(reviews.c.closed_at.is_(None)).order_by(reviews.c.opened_at)
        rows = (await self._connection.execute(query)).mappings()
        return tuple(Review.model_validate(dict(row)) for row in rows)

    async def add(self, review: Review) -> None:
        """Open a review."""
        values = {**dict(review), "broken_by": asdict(review.broken_by)}
        await self._connection.execute(reviews.insert().values(**values))

    async def close(self, after: Review) -> bool:
        """Write its end; False when somebody closed it first."""
        written = await self._connection.execute(
            reviews.update()
            .where(reviews.c.id == after.id, reviews.c.closed_at.is_(None))
            .values(
                closed_by=asdict(after.closed_by) if after.closed_by else None,
                closed_at=after.closed_at,
                note=after.note,
            )
        )
        return written.rowcount == 1
