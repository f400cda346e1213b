"""Notices that the machine's clock was set, and keeps waits as long as they were planned.

A wait ends at a moment by the clock, and so does its job's delay. When the clock is set back, that moment
is as much farther away: the wait gets the moment that was meant, and a new job that starts then. A
clock that is set forward, or a machine that slept, lets a wait end early or at once; which of the two it
was, nobody can tell.
"""

from datetime import datetime, timedelta

import structlog

from bot.domain.errors import StoreError
from bot.domain.moves import next_due
from bot.domain.playbook.plans import WAIT_UNTIL
from bot.domain.quantities import clock as stopwatch
from bot.domain.run import Run
from bot.domain.step_state import StepState
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_drive
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
                by = max((_ahead(run, state, now) for state in run.steps), default=timedelta())
                if by >= AHEAD:
                    await self._again(tx, run, max(by, back), now)

    async def _again(self, tx: Transaction, run: Run, back: timedelta, now: datetime) -> None:
        waits = [state for state in run.steps if _ahead(run, state, now) >= AHEAD]
        moved = await tx.runs.change(run, run.having(*(_earlier(state, back) for state in waits)))
        due = next_due(moved, now) if moved is not None else None
        if moved is None:
            return
        seconds = round(back.total_seconds())
        await telling.audit(tx, moved, "run.waits_as_planned", now, clock_set_back_seconds=seconds)
        titles = ", ".join(run.step(state.step).title for state in waits)
        text = f"the bot's clock was set back by {stopwatch(back)}; {titles} waits no longer than planned"
        await telling.tell(tx, moved, f"⏳ {text}", now)
        await enqueue_drive(tx, moved, delay=due - now if due is not None else None)


def _ahead(run: Run, state: StepState, now: datetime) -> timedelta:
    """By how much a step that waits so long began later than now; a time of day is what the clock says."""
    if run.step(state.step).uses == WAIT_UNTIL:
        return timedelta()
    waits = state.status in ("waiting", "pending") and state.due is not None
    return state.started_at - now if waits and state.started_at is not None else timedelta()


def _earlier(state: StepState, by: timedelta) -> StepState:
    started, due = state.started_at, state.due
    changes = {"started_at": started - by if started else None, "due": due - by if due else None}
    return state.model_copy(update=changes)
