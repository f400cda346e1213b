"""One drive of a run: from where its records end to its next rest.

Each move is a task of its own, so that steps of a parallel stage act at the same time. What is next is
read from the store after each, and nothing else is kept in memory: a drive that begins after a crash
goes on where the records end.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import partial

import structlog

from bot.domain.errors import StoreError
from bot.domain.moves import Act, Move, Settle, is_over, next_moves
from bot.domain.run import Run
from bot.domain.run_clock import due_warnings
from bot.engine.acting import Acting
from bot.engine.own_steps import OWN_STEPS
from bot.engine.run_endings import RunEndings
from bot.engine.run_records import Intended, RunRecords
from bot.engine.run_warnings import RunWarnings
from bot.ports.clock import Clock, Ids
from bot.ports.outcome import Outcome

# How often the live message is brought up to date while a step acts, and the run is looked at for what a
# person decided through another replica; chat.update is allowed 50 a minute.
BEAT_SECONDS = 2.0
# An act that begins so long after its intent may have been given up meanwhile: the process was frozen.
FROZEN_SECONDS = 1.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Means:
    """What runs are driven with in this process."""

    acting: Acting
    records: RunRecords
    endings: RunEndings
    warnings: RunWarnings
    clock: Clock
    ids: Ids
    replica: str


class Driving:
    """Drives one run. `wake` is set when somebody changed the run in this process."""

    def __init__(self, run_id: str, *, wake: asyncio.Event, means: Means) -> None:
        self._run_id = run_id
        self._wake = wake
        self._means = means
        self._records = means.records
        self._clock = means.clock
        self._acting = means.acting
        self._moving: dict[str, asyncio.Task[None]] = {}
        self._cancelled: dict[str, asyncio.Event] = {}

    async def to_rest(self) -> None:
        """Drive until the run waits for a person or a time, or is over, or is another replica's."""
        try:
            while True:
                self._wake.clear()
                run = await self._records.get(self._run_id)
                if run.driver != self._means.replica and run.active:
                    log.warning("run.taken_over", run=run.id, by=run.driver)
                    return
                now = self._clock.now()
                if run.status == "aborting":
                    for cancelled in self._cancelled.values():
                        cancelled.set()
                for move in next_moves(run, now):
                    if move.step not in self._moving:
                        self._moving[move.step] = asyncio.create_task(self._move(run, move))
                if due_warnings(run, now):
                    await self._means.warnings.warn(run.id)
                if self._moving:
                    await self._something_happens()
                elif is_over(run):
                    await self._means.endings.finished(run.id)
                elif not run.active or await self._records.rest(run):
                    return
        finally:
            for task in self._moving.values():
                task.cancel()
            await asyncio.gather(*self._moving.values(), return_exceptions=True)

    async def _something_happens(self) -> None:
        """Wait until a move has ended or somebody changed the run; keep its stopwatch going meanwhile."""
        waking = asyncio.ensure_future(self._wake.wait())
        try:
            while True:
                beat = asyncio.ensure_future(self._clock.sleep(BEAT_SECONDS))
                done, _ = await asyncio.wait(
                    {beat, waking, *self._moving.values()}, return_when=asyncio.FIRST_COMPLETED
                )
                beat.cancel()
                ended = [step for step, task in self._moving.items() if task in done]
                for step in ended:
                    self._moving.pop(step).result()
                if ended or waking in done:
                    return
                if await self._has_changed():
                    return
        finally:
            waking.cancel()

    async def _has_changed(self) -> bool:
        """Look at the run once a beat: somebody may have decided about it elsewhere, or a warning be due."""
        try:
            run = await self._records.get(self._run_id)
            await self._records.show(self._run_id)
        except StoreError as error:
            # A late stopwatch must not change what is recorded of the act.
            log.warning("run.beat_failed", run=self._run_id, problem=str(error))
            return False
        acts = run.status in ("aborting", "paused") or run.driver != self._means.replica
        return acts or bool(due_warnings(run, self._clock.now())) or self._has_new_moves(run)

    def _has_new_moves(self, run: Run) -> bool:
        return any(move.step not in self._moving for move in next_moves(run, self._clock.now()))

    def _move(self, run: Run, move: Move) -> Coroutine[None, None, None]:
        if isinstance(move, Settle):
            return self._settle(run, move.step)
        if isinstance(move, Act) and run.step(move.step).uses not in OWN_STEPS:
            return self._act(run, move.step)
        return self._records.own_step(run.id, move)

    async def _act(self, run: Run, step_id: str) -> None:
        """Act, and go on while one act alone comes next: its intent is written with the outcome."""
        before = self._clock.monotonic()
        intended = await self._records.intend(run.id, step_id, nonce=self._means.ids.new())
        while intended is not None:
            frozen = self._clock.monotonic() - before > FROZEN_SECONDS
            if frozen and not await self._still_ours(intended):
                return
            outcome = await self._outcome_of(intended)
            before = self._clock.monotonic()
            following = await self._records.outcome(
                run.id,
                intended.step,
                outcome,
                nonce=intended.nonce,
                idempotent=self._acting.is_idempotent(run.step(intended.step)),
                next_nonce=self._means.ids.new(),
            )
            if following is not None:
                self._moving[following.step] = self._moving.pop(intended.step)
            intended = following

    async def _outcome_of(self, intended: Intended) -> Outcome:
        step, run = intended.run.step(intended.step), intended.run
        cancelled = self._cancelled[step.id] = asyncio.Event()
        try:
            return await self._acting.act(
                step,
                folder=run.folder,
                run_id=run.id,
                nonce=intended.nonce,
                attempt=run.state(step.id).attempt,
                cancelled=cancelled,
                since=run.since,
            )
        finally:
            del self._cancelled[step.id]

    async def _still_ours(self, intended: Intended) -> bool:
        """The fence: whether the intent still stands that this process wrote before it was frozen."""
        run = await self._records.get(self._run_id)
        return run.driver == self._means.replica and run.state(intended.step).nonce == intended.nonce

    async def _settle(self, run: Run, step_id: str) -> None:
        """An intent without an outcome: ask the world, and wait while the act may still be going on."""
        step, state = run.step(step_id), run.state(step_id)
        nonce = state.nonce
        ask = partial(
            self._acting.probe, step, folder=run.folder, run_id=run.id, nonce=nonce, since=run.since
        )
        probe = await ask()
        if probe.done != "yes" and state.started_at is not None:
            over = step.limit_seconds - state.elapsed(self._clock.now()).total_seconds()
            if over > 0:
                await self._clock.sleep(over)
                probe = await ask()
        idempotent = self._acting.is_idempotent(step)
        if probe.done == "yes":
            outcome = Outcome("succeeded", f"found done after a restart: {probe.summary}", probe.evidence)
        elif probe.done == "no" and idempotent:
            await self._records.again(run.id, step_id, probe.summary, nonce=nonce)
            return
        else:
            known = f"The bot stopped before the outcome was recorded. {probe.summary}"
            outcome = Outcome("unknown", known, probe.evidence)
        await self._records.outcome(run.id, step_id, outcome, nonce=nonce, idempotent=idempotent)
