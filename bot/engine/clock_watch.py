"""Notices that the machine's clock was set, and keeps waits as long as they were planned.

A wait ends at a moment by the clock, and so does its job's delay. When the clock is set back, that moment
is as much farther away: the wait gets the moment that was meant, and a new segment that starts then. A
clock that is set forward, or a machine that slept, lets a wait end early or at once; which of the two it
was, nobody can tell.
"""

from datetime import datetime, timedelta

import structlog

from bot.domain.errors import StoreError
from bot.domain.person import SWITCHBACK
from bot.domain.quantities import clock as stopwatch
from bot.domain.run import Run, StepState
from bot.ports.clock import Clock
from bot.store.store import Store, Transaction

LOOK_SECONDS = 1.0
# Less is a clock that is kept right.
LEAST = timedelta(seconds=2)
# A wait that began so much later than now began before the clock was set back. Less may be the clock of
# another replica.
AHEAD = timedelta(minutes=1)

log = structlog.get_logger()


class ClockWatch:
    """Compares the clock with one that cannot be set."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._wall = clock.now()
        self._steady = clock.monotonic()
        self._back = timedelta()

    async def run(self) -> None:
        """Watch until cancelled."""
        await self.begin()
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            await self.look()

    async def begin(self) -> None:
        """Let a wait that began later than now, by a clock that was set back since, begin now."""
        await self._try(timedelta())

    async def look(self) -> None:
        """Look once; while the store is away, what is to be done is kept for the next look."""
        wall, steady = self._clock.now(), self._clock.monotonic()
        jump = (wall - self._wall) - timedelta(seconds=steady - self._steady)
        self._wall, self._steady = wall, steady
        if abs(jump) >= LEAST:
            log.warning("clock.was_set", seconds=round(jump.total_seconds()))
        if jump <= -LEAST:
            self._back -= jump
        if self._back:
            await self._try(self._back)

    async def _try(self, back: timedelta) -> None:
        try:
            await self._wait_as_planned(back)
        except StoreError as error:
            log.warning("clock.database_away", problem=str(error))
        else:
            self._back = timedelta()

    async def _wait_as_planned(self, back: timedelta) -> None:
        """Move the end of every wait that began later than now; a second replica finds none that did."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            for run in await tx.runs.active():
                state = run.current
                if run.status != "waiting" or state is None or state.due is None or state.started_at is None:
                    continue
                ahead = state.started_at - now
                if ahead >= AHEAD:
                    by = max(ahead, back)
                    earlier = {"started_at": state.started_at - by, "due": state.due - by}
                    await self._again(tx, run, state.model_copy(update=earlier), by, now)

    async def _again(
        self, tx: Transaction, run: Run, after: StepState, back: timedelta, now: datetime
    ) -> None:
        stepped = await tx.runs.move_step(run, after)
        moved = stepped and await tx.runs.move(stepped, to="waiting", segment=run.segment + 1)
        if moved is None or after.due is None:
            return
        subject = f"run:{run.id}:{after.step}"
        facts = {"clock_set_back_seconds": round(back.total_seconds()), "segment": moved.segment}
        await tx.journal.record(
            at=now, actor=SWITCHBACK, kind="step.waits_as_planned", subject=subject, facts=facts
        )
        title = run.step(after.step).title
        text = f"🕰 the bot's clock was set back by {stopwatch(back)}; {title} waits no longer than planned"
        incident = await tx.incidents.get(run.incident)
        await tx.incidents.tell(incident, at=now, actor=SWITCHBACK, text=text)
        await tx.enqueue(
            "run",
            job_id=f"run:{run.id}:{moved.segment}",
            delay=max(timedelta(), after.due - now),
            run_id=run.id,
            segment=moved.segment,
        )
