"""How a run ends: with every step settled, aborted, or in favour of another plan."""

from bot.domain.moves import is_over
from bot.domain.person import SWITCHBACK
from bot.domain.quantities import clock as stopwatch
from bot.domain.run import Run
from bot.domain.run_purpose import noun
from bot.domain.run_replacement import replacement
from bot.engine import run_telling as telling
from bot.engine.after_run import AfterRun
from bot.engine.replacing import replace
from bot.ports.clock import Clock
from bot.store.store import Store, Transaction


class RunEndings:
    """Writes a run's end with what follows from it."""

    def __init__(self, *, store: Store, clock: Clock, after_run: AfterRun) -> None:
        self._store = store
        self._clock = clock
        self._after_run = after_run

    async def finished(self, run_id: str) -> None:
        """Record that every step is settled."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await tx.runs.locked(run_id)
            if not is_over(run):
                return
            done = {"status": "done", "ended_at": now, "ended_by": SWITCHBACK, "driver": ""}
            changed = await tx.runs.change_locked(run, run.model_copy(update=done))
            seconds = round(changed.elapsed(now).total_seconds(), 1)
            await telling.audit(tx, changed, "run.done", now, elapsed_seconds=seconds)
            took = f"{stopwatch(changed.elapsed(now))} of {stopwatch(run.plan.budget)}"
            text = f"✅ “{run.plan.title}” is done in {took}, {changed.progress()}"
            await telling.tell(tx, changed, text, now)
            await self._after_run.run_finished(tx, changed)
            await tx.incidents.close(run.incident, now)
            await telling.show(tx, changed, now)

    async def aborted(self, tx: Transaction, run: Run) -> None:
        """What follows, in the same transaction, when a run that was aborted has come to its end."""
        now = self._clock.now()
        await telling.audit(tx, run, "run.aborted", now, reason=run.end_reason)
        await telling.tell(
            tx, run, f"❌ The {noun(run.purpose)} has ended: {run.progress()}; nothing is undone", now
        )
        await self._after_run.run_aborted(tx, run)
        await tx.incidents.close(run.incident, now)

    async def go_to(self, tx: Transaction, run: Run, plan_id: str, failed: str) -> None:
        """The playbook's policy: another plan goes on in place of this one."""
        now = self._clock.now()
        reason = f"“{failed}” failed, and the playbook goes on with plan “{run.fallbacks[plan_id].title}”"
        successor = replacement(
            run,
            plan_id=plan_id,
            plan=run.fallbacks[plan_id],
            by=run.confirmed_by,
            at=now,
        )
        await replace(tx, run, successor, reason=reason, now=now)
