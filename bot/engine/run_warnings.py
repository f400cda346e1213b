"""Warnings about a run's time: given while it is driven, and by a durable job while it rests."""

from bot.domain.run_clock import due_warnings, next_warning
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_warning
from bot.ports.clock import Clock
from bot.store.store import Store


class RunWarnings:
    """Gives each warning once, to whom the run waits for where it waits."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def warn(self, run_id: str) -> None:
        """Give the warnings that are due; the durable job `warn` of a run that rests, too."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await tx.runs.locked(run_id)
            due = due_warnings(run, now)
            if due:
                warned = (*run.warned, *(one.key for one in due))
                run = await tx.runs.change_locked(run, run.model_copy(update={"warned": warned}))
            for one in due:
                waits = run.status in ("waiting", "asking")
                await telling.tell(tx, run, f"⏳ {one.text}", now, asks=waits)
            following = next_warning(run, now)
            if run.driver == "" and following is not None:
                await enqueue_warning(tx, run, at=following, now=now)
            if due:
                await telling.show(tx, run, now)

    async def overdue(self, run_id: str, step: str, attempt: int) -> None:  # noqa: ARG002
        """A durable job as the first schema's release wrote it, of one step by hand."""
        await self.warn(run_id)
