"""Steering a run: a person's decision about a step, or about the run as a whole.

Each is decided on the locked run and written with its audit entry, its line of the timeline and the job
that goes on. Whoever comes second is told what happened.
"""

from collections.abc import Callable

from bot.domain.errors import RefusedError
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.domain.run_purpose import noun
from bot.domain.run_steering import aborted, paused, resumed
from bot.domain.step_decision import StepDecision, decide
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_drive
from bot.engine.run_endings import RunEndings
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.store.store import Store

_TOLD: dict[StepDecision, str] = {
    "manual-done": "did by hand",
    "retry": "runs again",
    "skip": "skips",
    "mark-done": "marks as done",
}
MOST_OF_A_NOTE = 2000


class SteeringService:
    """Applies decisions, each once."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        endings: RunEndings,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._endings = endings
        self._store = store
        self._clock = clock

    async def decide(
        self, run_id: str, *, step: str, attempt: int, decision: StepDecision, reason: str, actor: Actor
    ) -> Run:
        """Decide about a step as it was shown (`attempt`), and let the run go on.

        Raises SupersededError, RefusedError, NotAllowedError, UnknownNameError.
        """
        now = self._clock.now()

        def decided(run: Run) -> Run:
            after = decide(
                run, step=step, attempt=attempt, decision=decision, reason=reason, by=actor, at=now
            )
            return run.having(after)

        def told(run: Run) -> str:
            return f"{_TOLD[decision]} “{run.step(step).title}”{_because(reason)}"

        kind = f"step.{decision}"
        return await self._change(run_id, decided, told, kind=kind, step=step, reason=reason, by=actor)

    async def pause(self, run_id: str, *, actor: Actor) -> Run:
        """Begin no new step; what acts now is brought to its end. Raises as `decide` does."""
        return await self._change(
            run_id,
            lambda run: paused(run, by=actor, at=self._clock.now()),
            lambda run: f"pauses the {noun(run.purpose)}; what acts now is brought to its end",
            kind="run.paused",
            by=actor,
        )

    async def resume(self, run_id: str, *, actor: Actor) -> Run:
        """Go on. Raises as `decide` does."""
        return await self._change(
            run_id, resumed, lambda run: f"lets the {noun(run.purpose)} go on", kind="run.resumed", by=actor
        )

    async def abort(self, run_id: str, *, reason: str, actor: Actor) -> Run:
        """End the run: what acts is stopped first. Raises as `decide` does."""
        return await self._change(
            run_id,
            lambda run: aborted(run, reason=reason, by=actor, at=self._clock.now()),
            lambda run: f"aborts the {noun(run.purpose)}{_because(reason)}",
            kind="run.abort",
            reason=reason,
            by=actor,
        )

    async def note(self, run_id: str, *, text: str, actor: Actor) -> None:
        """Write a line into the run's timeline. Raises RefusedError for none, and as `shown` does."""
        run = await self.shown(run_id, actor=actor)
        if not text.strip():
            raise RefusedError("A note has a text", field="note")
        now = self._clock.now()
        async with self._store.transaction() as tx:
            kept = text.strip()[:MOST_OF_A_NOTE]
            await telling.audit(tx, run, "run.note", now, by=actor, text=kept)
            await telling.tell(tx, run, f"notes: {kept}", now, by=actor)
            if run.rehearsal:
                record = await tx.rehearsals.locked(run.rehearsal)
                await tx.rehearsals.replace(record, record.noted(kept, by=actor, at=now))

    async def shown(self, run_id: str, *, actor: Actor) -> Run:
        """The run, for somebody who is about to decide about it. Raises NotAllowedError too."""
        run = await self.get(run_id)
        await self._permissions.may_roll_back(self._catalog.get(run.migration).playbook, actor)
        return run

    async def get(self, run_id: str) -> Run:
        """The run as it stands. Raises UnknownNameError."""
        async with self._store.reading() as tx:
            return await tx.runs.get(run_id)

    async def _change(
        self,
        run_id: str,
        change: Callable[[Run], Run],
        told: Callable[[Run], str],
        *,
        kind: str,
        by: Actor,
        step: str = "",
        reason: str = "",
    ) -> Run:
        await self.shown(run_id, actor=by)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await tx.runs.locked(run_id)
            changed = await tx.runs.change_locked(run, change(run))
            await telling.audit(tx, changed, kind, now, step=step, by=by, reason=reason.strip())
            await telling.tell(tx, changed, told(changed), now, by=by)
            if changed.status == "aborted":
                await self._endings.aborted(tx, changed)
            else:
                await enqueue_drive(tx, changed)
            await telling.show(tx, changed, now)
        return changed


def _because(reason: str) -> str:
    return f". Reason: {reason.strip()}" if reason.strip() else ""
