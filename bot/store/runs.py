"""Runs and their steps: intents and outcomes, each by a conditional write."""

import sqlalchemy as sa

from bot.domain.errors import UnknownNameError
from bot.domain.run import ACTIVE_RUNS, Run, RunStatus, StepState
from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.tables import run_steps, runs


class Runs:
    """Reads runs and moves them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, run: Run) -> bool:
        """Start a run; False when one is active for the migration and environment."""
        started = runs.insert().values(
            id=run.id,
            incident=run.incident,
            migration=run.migration,
            environment=run.environment,
            status=run.status,
            segment=run.segment,
            confirmed_at=run.confirmed_at,
            body=run.model_dump(mode="json", by_alias=True, exclude={"steps"}),
        )
        if not await insert_once(self._connection, started):
            return False
        await self._connection.execute(
            run_steps.insert(),
            [
                {
                    "run": run.id,
                    "step": state.step,
                    "position": position,
                    "status": state.status,
                    "attempt": state.attempt,
                    "body": state.model_dump(mode="json"),
                }
                for position, state in enumerate(run.steps)
            ],
        )
        return True

    async def get(self, run_id: str) -> Run:
        """The run of that id. Raises UnknownNameError when there is none."""
        row = (
            await self._connection.execute(sa.select(runs.c.body).where(runs.c.id == run_id))
        ).one_or_none()
        if row is None:
            known = await self._connection.execute(sa.select(runs.c.id).order_by(runs.c.id.desc()).limit(5))
            raise UnknownNameError("run", run_id, [other.id for other in known])
        states = await self._connection.execute(
            sa.select(run_steps.c.body).where(run_steps.c.run == run_id).order_by(run_steps.c.position)
        )
        return Run.model_validate({**row.body, "steps": [state.body for state in states]})

    async def active(self, migration: str | None = None, environment: str | None = None) -> tuple[Run, ...]:
        """The active runs, of one migration and environment where given, oldest first."""
        query = sa.select(runs.c.id).where(runs.c.status.in_(ACTIVE_RUNS)).order_by(runs.c.id)
        if migration is not None:
            query = query.where(runs.c.migration == migration)
        if environment is not None:
            query = query.where(runs.c.environment == environment)
        found = (await self._connection.execute(query)).all()
        return tuple([await self.get(row.id) for row in found])

    async def latest(self, *, migration: str | None, count: int) -> tuple[Run, ...]:
        """The latest runs, newest first."""
        query = sa.select(runs.c.id).order_by(runs.c.id.desc()).limit(count)
        if migration is not None:
            query = query.where(runs.c.migration == migration)
        found = (await self._connection.execute(query)).all()
        return tuple([await self.get(row.id) for row in found])

    async def move(
        self, run: Run, *, to: RunStatus, segment: int | None = None, **changes: object
    ) -> Run | None:
        """Give the run another status, and the next segment where given.

        None when its status or segment is not what was read: somebody came first.
        """
        moved = run.model_copy(update={**changes, "status": to, "segment": segment or run.segment})
        written = await self._connection.execute(
            runs.update()
            .where(runs.c.id == run.id, runs.c.status == run.status, runs.c.segment == run.segment)
            .values(
                status=moved.status,
                segment=moved.segment,
                ended_at=moved.ended_at,
                body=moved.model_dump(mode="json", by_alias=True, exclude={"steps"}),
            )
        )
        return moved if written.rowcount == 1 else None

    async def move_step(self, run: Run, after: StepState) -> Run | None:
        """Write a step's new state if it still is as in `run`; None when somebody came first."""
        before = run.state(after.step)
        written = await self._connection.execute(
            run_steps.update()
            .where(
                run_steps.c.run == run.id,
                run_steps.c.step == after.step,
                run_steps.c.status == before.status,
                run_steps.c.attempt == before.attempt,
            )
            .values(status=after.status, attempt=after.attempt, body=after.model_dump(mode="json"))
        )
        if written.rowcount != 1:
            return None
        steps = tuple(after if state.step == after.step else state for state in run.steps)
        return run.model_copy(update={"steps": steps})
