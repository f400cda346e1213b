"""The interpreter of runs: one segment drives a run until it waits, asks, or ends.

It keeps nothing in memory between moves: each move is read from the store, so a segment that is run
again after a crash goes on where the records end. Intent, act, outcome, each in its own transaction.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.domain.errors import StoreError
from bot.domain.run import Act, Finish, Rest, Run, Settle, StepState, next_move
from bot.engine.acting import Acting
from bot.engine.own_steps import OWN_STEPS, begin, take_effect
from bot.engine.run_records import RunRecords
from bot.ports.clock import Clock, Ids
from bot.ports.outcome import Outcome
from bot.store.store import Store

# How often the live message is brought up to date while a step acts; chat.update is allowed 50 a minute.
TICK_SECONDS = 2.0

log = structlog.get_logger()


class Interpreter:
    """Drives runs."""

    def __init__(
        self,
        *,
        store: Store,
        acting: Acting,
        records: RunRecords,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store = store
        self._acting = acting
        self._records = records
        self._clock = clock
        self._ids = ids

    async def drive(self, run_id: str, segment: int) -> None:
        """The durable job `run`: go on with a run. A segment that was overtaken does nothing."""
        while True:
            async with self._store.reading() as tx:
                run = await tx.runs.get(run_id)
            if run.segment != segment:
                log.info("run.segment_overtaken", run=run_id, segment=segment, now=run.segment)
                return
            move = next_move(run, self._clock.now())
            match move:
                case Rest():
                    if not await self._nearly_due(run):
                        return
                case Finish():
                    await self._records.finished(run)
                    return
                case Settle(step):
                    await self._settle(run, run.state(step))
                case Act(step) if run.step(step).uses in OWN_STEPS:
                    await self._own(run, run.state(step))
                case Act(step):
                    await self._act(run, run.state(step))

    async def _nearly_due(self, run: Run) -> bool:
        """Wait out what a delayed job came too early; False when the run waits for a person."""
        state = run.current
        if run.status != "waiting" or state is None or state.due is None:
            return False
        await self._clock.sleep((state.due - self._clock.now()).total_seconds())
        return True

    async def _act(self, run: Run, state: StepState) -> None:
        intended = await self._records.intend(run, state, nonce=self._ids.new())
        if intended is None:
            return
        step = run.step(state.step)
        async with self._ticking(intended):
            outcome = await self._acting.act(
                step,
                folder=run.folder,
                run_id=run.id,
                nonce=intended.state(state.step).nonce,
                cancelled=asyncio.Event(),
            )
        await self._records.outcome(intended, intended.state(state.step), outcome)

    async def _own(self, run: Run, state: StepState) -> None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            if state.status == "waiting":
                after = state.model_copy(update={"status": "done", "ended_at": now, "summary": "waited"})
                await self._records.own_step(tx, run, after)
            elif await self._records.own_step(tx, run, begun := begin(run, state, now)):
                await take_effect(tx, run, begun, now)

    async def _settle(self, run: Run, state: StepState) -> None:
        """An intent without an outcome: ask the world, and wait while the act may still be going on."""
        step = run.step(state.step)
        probe = await self._acting.probe(step, folder=run.folder, run_id=run.id, nonce=state.nonce)
        if probe.done != "yes" and state.started_at is not None:
            over = step.limit_seconds - state.elapsed(self._clock.now()).total_seconds()
            if over > 0:
                async with self._ticking(run):
                    await self._clock.sleep(over)
                probe = await self._acting.probe(step, folder=run.folder, run_id=run.id, nonce=state.nonce)
        if probe.done == "yes":
            outcome = Outcome("succeeded", f"found done after a restart: {probe.summary}", probe.evidence)
            await self._records.outcome(run, state, outcome)
        elif probe.done == "no" and self._acting.nature(step).idempotent:
            await self._records.again(run, state, probe.summary)
        else:
            known = f"The bot stopped before the outcome was recorded. {probe.summary}"
            await self._records.outcome(run, state, Outcome("unknown", known, probe.evidence))

    @asynccontextmanager
    async def _ticking(self, run: Run) -> AsyncIterator[None]:
        """Keep the live message's stopwatch going meanwhile."""

        over = asyncio.Event()
        ticking = asyncio.create_task(self._tick(run, over))
        try:
            yield
        finally:
            # Told, and not cancelled: a transaction that is cut off in the middle can keep its lock.
            over.set()
            await ticking

    async def _tick(self, run: Run, over: asyncio.Event) -> None:
        ending = asyncio.create_task(over.wait())
        try:
            while not over.is_set():
                sleeping = asyncio.ensure_future(self._clock.sleep(TICK_SECONDS))
                await asyncio.wait({sleeping, ending}, return_when=asyncio.FIRST_COMPLETED)
                sleeping.cancel()
                if not over.is_set():
                    await self._records.show(run)
        except StoreError as error:
            # A late stopwatch must not change what is recorded of the act.
            log.warning("run.tick_failed", run=run.id, problem=str(error))
        finally:
            ending.cancel()
