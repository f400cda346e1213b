"""Runs and their steps; each change is one conditional write on the run's version."""

import sqlalchemy as sa
from pydantic import JsonValue

from bot.domain.errors import UnknownNameError
from bot.domain.playbook.plans import Plan
from bot.domain.run import ACTIVE_RUNS, Run
from bot.domain.step_state import StepState
from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.tables import run_steps, runs

# Plans that are kept beside the database; each is some kilobytes.
MOST_PLANS = 500
# Made once: to make a statement takes SQLAlchemy longer than SQLite takes to execute it.
_OF_ID = sa.select(runs.c.body).where(runs.c.id == sa.bindparam("run_id"))
_PLAN_OF_ID = sa.select(runs.c.plan).where(runs.c.id == sa.bindparam("run_id"))
_LOCKED = _OF_ID.with_for_update()
_STEPS = (
    sa.select(run_steps.c.body)
    .where(run_steps.c.run == sa.bindparam("run_id"))
    .order_by(run_steps.c.position)
)
_DRIVERS = sa.select(runs.c.driver).where(runs.c.driver > "").distinct()
_REPLACE = runs.update().where(
    runs.c.id == sa.bindparam("run_id"), runs.c.version == sa.bindparam("version_before")
)
_REPLACE_STEP = run_steps.update().where(
    run_steps.c.run == sa.bindparam("run_id"), run_steps.c.step == sa.bindparam("step_id")
)


class Runs:
    """Reads runs and changes them."""

    def __init__(self, connection: Connection, plans: dict[str, Plan]) -> None:
        self._connection = connection
        self._plans = plans

    async def add(self, run: Run) -> bool:
        """Start a run; False when one is active for the migration and environment."""
        started = runs.insert().values(
            id=run.id,
            incident=run.incident,
            migration=run.migration,
            environment=run.environment,
            confirmed_at=run.confirmed_at,
            plan=run.plan.model_dump(mode="json", by_alias=True),
            **_changing(run),
        )
        if not await insert_once(self._connection, started):
            return False
        rows = [
            {"run": run.id, "step": state.step, "position": position, **_changing_step(state)}
            for position, state in enumerate(run.steps)
        ]
        await self._connection.execute(run_steps.insert(), rows)
        return True

    async def get(self, run_id: str) -> Run:
        """The run of that id. Raises UnknownNameError when there is none."""
        return await self._read(_OF_ID, run_id)

    async def locked(self, run_id: str) -> Run:
        """The run, which nobody else changes until this transaction ends. Raises UnknownNameError."""
        return await self._read(_LOCKED, run_id)

    async def change(self, before: Run, after: Run) -> Run | None:
        """Write what differs, as the next version; None when somebody changed the run since it was read."""
        changed = after.model_copy(update={"version": before.version + 1})
        written = await self._connection.execute(
            _REPLACE, {"run_id": before.id, "version_before": before.version, **_changing(changed)}
        )
        if written.rowcount != 1:
            return None
        steps = [
            {"run_id": before.id, "step_id": new.step, **_changing_step(new)}
            for old, new in zip(before.steps, changed.steps, strict=True)
            if old != new
        ]
        if steps:
            await self._connection.execute(_REPLACE_STEP, steps)
        return changed

    async def change_locked(self, before: Run, after: Run) -> Run:
        """The same, of a run that this transaction has locked: nobody else can have changed it."""
        changed = await self.change(before, after)
        if changed is None:
            raise RuntimeError(f"run {before.id} was changed while it was locked")
        return changed

    async def active(self, migration: str | None = None, environment: str | None = None) -> tuple[Run, ...]:
        """The active runs, of one migration and environment where given, oldest first."""
        query = sa.select(runs.c.id).where(runs.c.status.in_(ACTIVE_RUNS)).order_by(runs.c.id)
        if migration is not None:
            query = query.where(runs.c.migration == migration)
        if environment is not None:
            query = query.where(runs.c.environment == environment)
        found = (await self._connection.execute(query)).all()
        return tuple([await self.get(row.id) for row in found])

    async def drivers(self) -> frozenset[str]:
        """The replicas that drive a run now, by what is noted."""
        rows = await self._connection.execute(_DRIVERS)
        return frozenset(row.driver for row in rows)

    async def latest(self, *, migration: str | None, count: int) -> tuple[Run, ...]:
        """The latest runs, newest first."""
        query = sa.select(runs.c.id).order_by(runs.c.id.desc()).limit(count)
        if migration is not None:
            query = query.where(runs.c.migration == migration)
        found = (await self._connection.execute(query)).all()
        return tuple([await self.get(row.id) for row in found])

    async def of_incident(self, incident_id: str) -> tuple[str, ...]:
        """The ids of the runs of an incident's record, oldest first."""
        query = sa.select(runs.c.id).where(runs.c.incident == incident_id).order_by(runs.c.id)
        return tuple(row.id for row in await self._connection.execute(query))

    async def ids(self, beginning: str) -> tuple[str, ...]:
        """The ids that begin so, at most five: that very one first, then the newest."""
        query = sa.select(runs.c.id).where(runs.c.id.startswith(beginning, autoescape=True))
        found = await self._connection.execute(
            query.order_by(sa.func.length(runs.c.id), runs.c.id.desc()).limit(5)
        )
        return tuple(row.id for row in found)

    async def _plan(self, run_id: str) -> Plan:
        """The plan of a run never changes: it is read once."""
        if run_id not in self._plans:
            row = (await self._connection.execute(_PLAN_OF_ID, {"run_id": run_id})).one()
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            self._plans[run_id] = Plan.model_validate(row.plan)
        return self._plans[run_id]

    async def _read(self, query: sa.Select[tuple[JsonValue]], run_id: str) -> Run:
        row = (await self._connection.execute(query, {"run_id": run_id})).one_or_none()
        if row is None:
            known = await self._connection.execute(sa.select(runs.c.id).order_by(runs.c.id.desc()).limit(5))
            raise UnknownNameError("run", run_id, [other.id for other in known])
        states = await self._connection.execute(_STEPS, {"run_id": run_id})
        plan, steps = await self._plan(run_id), [state.body for state in states]
        return Run.model_validate({**row.body, "plan": plan, "steps": steps})


def _changing(run: Run) -> dict[str, object]:
    """The columns of a run that its changes touch."""
    return {
        "status": run.status,
        "version": run.version,
        "driver": run.driver,
        "ended_at": run.ended_at,
        "body": run.model_dump(mode="json", by_alias=True, exclude={"plan", "steps"}),
    }


def _changing_step(state: StepState) -> dict[str, object]:
    return {"status": state.status, "attempt": state.attempt, "body": state.model_dump(mode="json")}
