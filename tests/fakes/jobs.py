"""Durable jobs as rows of a table of their own, so that they commit with the rest, or not at all."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from pydantic import JsonValue

from bot.ports.clock import Clock
from bot.store.connection import Database

JOBS = sa.Table(
    "fake_jobs",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(200), nullable=False, unique=True),
    sa.Column("job", sa.String(40), nullable=False),
    sa.Column("arguments", sa.JSON, nullable=False),
    sa.Column("due", sa.Float, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
)


@dataclass(frozen=True)
class Job:
    """A job as it was written."""

    id: str
    job: str
    arguments: dict[str, JsonValue]


class FakeJobs:
    """Implements `bot.store.store.Jobs`. `refuses` is raised by the next writing, when set."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self.refuses: Exception | None = None

    def enqueue(
        self,
        connection: sa.Connection,
        *,
        job: str,
        job_id: str,
        arguments: Mapping[str, JsonValue],
        delay: timedelta | None,
    ) -> None:
        if self.refuses is not None:
            raise self.refuses
        if connection.execute(sa.select(JOBS.c.id).where(JOBS.c.id == job_id)).first() is not None:
            return
        due = self._clock.monotonic() + (delay.total_seconds() if delay else 0)
        row = {"id": job_id, "job": job, "arguments": dict(arguments), "due": due, "done": False}
        connection.execute(JOBS.insert().values(row))

    async def written(self, database: Database, *, waiting: bool = False) -> list[Job]:
        """Every job that was committed, in order; only those not run yet with `waiting`."""
        query = sa.select(JOBS.c.id, JOBS.c.job, JOBS.c.arguments).order_by(JOBS.c.number)
        if waiting:
            query = query.where(~JOBS.c.done)
        async with database.reading() as connection:
            return [Job(row.id, row.job, row.arguments) for row in await connection.execute(query)]

    async def lose(self, database: Database) -> None:
        """Forget every job that is written."""
        async with database.writing(later=False) as connection:
            await connection.execute(JOBS.update().values(done=True))

    async def run_due(
        self, database: Database, functions: Mapping[str, Callable[..., Awaitable[None]]]
    ) -> None:
        """Run what is due, in order, with what that starts, until nothing is left."""
        due = (
            sa.select(JOBS.c.id, JOBS.c.job, JOBS.c.arguments)
            .where(~JOBS.c.done, JOBS.c.due <= self._clock.monotonic())
            .order_by(JOBS.c.number)
            .limit(1)
        )
        while True:
            async with database.reading() as connection:
                row = (await connection.execute(due)).one_or_none()
            if row is None:
                return
            await functions[row.job](**row.arguments)
            async with database.writing(later=False) as connection:
                await connection.execute(JOBS.update().where(JOBS.c.id == row.id).values(done=True))
