"""Steering a run: a person's decision about the step that it waits for."""

from functools import partial

from bot.domain.errors import SupersededError
from bot.domain.person import Actor
from bot.domain.run import Run, RunStatus
from bot.domain.step_decision import StepDecision, decide
from bot.engine.run_records import RunRecords
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.store.store import Store

_TOLD: dict[StepDecision, str] = {
    "manual-done": "did by hand",
    "retry": "runs again",
    "skip": "skips",
    "mark-done": "marks as done",
    "abort": "aborts the rollback at",
}


class SteeringService:
    """Applies decisions, each once; who comes second is told what happened."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        records: RunRecords,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._records = records
        self._store = store
        self._clock = clock

    async def decide(
        self, run_id: str, *, step: str, attempt: int, decision: StepDecision, reason: str, actor: Actor
    ) -> Run:
        """Decide about a step as it was shown (`attempt`), and let the run go on, or end it.

        Raises SupersededError, RefusedError, NotAllowedError, UnknownNameError.
        """
        await self.shown(run_id, actor=actor)
        now = self._clock.now()
        decided = partial(
            decide, step=step, attempt=attempt, decision=decision, reason=reason, by=actor, at=now
        )
        async with self._store.transaction() as tx:
            run = await tx.runs.get(run_id)
            after = decided(run)
            moved = await tx.runs.move_step(run, after)
            to: RunStatus = "aborted" if decision == "abort" else "running"
            ending = {"ended_at": now, "ended_by": actor, "end_reason": reason.strip()}
            changes = ending if decision == "abort" else {}
            if moved is not None:
                moved = await tx.runs.move(moved, to=to, segment=run.segment + 1, **changes)
            if moved is None:
                # Decided about by somebody else meanwhile: deciding again says by whom.
                decided(await tx.runs.get(run_id))
                raise SupersededError("Somebody was faster; see the message as it stands now")
            await tx.journal.record(
                at=now,
                actor=actor,
                kind=f"step.{decision}",
                subject=f"run:{run.id}:{step}",
                facts={"attempt": attempt, "reason": reason.strip()},
            )
            incident = await tx.incidents.get(run.incident)
            because = f". Reason: {reason.strip()}" if reason.strip() else ""
            text = f"{_TOLD[decision]} “{run.step(step).title}”{because}"
            await tx.incidents.tell(incident, at=now, actor=actor, text=text)
            if decision == "abort":
                await tx.incidents.close(run.incident, now)
            else:
                await tx.enqueue(
                    "run",
                    job_id=f"run:{run.id}:{moved.segment}",
                    run_id=run.id,
                    segment=moved.segment,
                )
            await self._records.show_in(tx, moved, now)
        return moved

    async def shown(self, run_id: str, *, actor: Actor) -> Run:
        """The run, for somebody who is about to decide about it. Raises NotAllowedError too."""
        run = await self.get(run_id)
        await self._permissions.may_roll_back(self._catalog.get(run.migration).playbook, actor)
        return run

    async def get(self, run_id: str) -> Run:
        """The run as it stands. Raises UnknownNameError."""
        async with self._store.reading() as tx:
            return await tx.runs.get(run_id)
