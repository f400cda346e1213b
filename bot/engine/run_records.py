"""What the interpreter writes of a run: intents, outcomes and rests, each in one transaction.

The run is locked, read and decided about in the transaction that changes it: whoever comes second finds
it changed, and writes nothing.
"""

from dataclasses import dataclass

import structlog

from bot.domain.hold import next_tick
from bot.domain.moves import Act, EndWait, Move, Omit, ending, next_due, next_moves
from bot.domain.run import Run
from bot.domain.run_clock import next_warning
from bot.domain.run_steering import stopped
from bot.domain.step_outcome import begun, ended, other_plan
from bot.domain.step_state import Proof, StepState
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_countdown, enqueue_drive, enqueue_warning
from bot.engine.own_steps import OWN_STEPS, begin, take_effect
from bot.engine.replacing import begin_successor
from bot.engine.run_endings import RunEndings
from bot.ports.clock import Clock
from bot.ports.outcome import Evidence, Outcome
from bot.store.store import Store, Transaction

log = structlog.get_logger()


def proofs(evidence: tuple[Evidence, ...]) -> tuple[Proof, ...]:
    """Evidence as it is stored."""
    return tuple(Proof(name=piece.name, text=piece.text) for piece in evidence)


@dataclass(frozen=True)
class Intended:
    """A step whose intent is recorded, and which acts now."""

    run: Run
    step: str
    nonce: str


class RunRecords:
    """Writes a run's progress for the replica that drives it."""

    def __init__(self, *, store: Store, clock: Clock, replica: str, endings: RunEndings) -> None:
        self._store = store
        self._clock = clock
        self._endings = endings
        self._replica = replica

    async def get(self, run_id: str) -> Run:
        """The run as it stands."""
        async with self._store.reading() as tx:
            return await tx.runs.get(run_id)

    async def claim(self, run_id: str) -> bool:
        """Become the run's driver; False when another replica is, or when there is nothing to drive."""
        async with self._store.transaction() as tx:
            run = await tx.runs.locked(run_id)
            if not run.active or run.driver not in ("", self._replica):
                return False
            if run.driver == "":
                await tx.runs.change_locked(run, run.model_copy(update={"driver": self._replica}))
            return True

    async def rest(self, run: Run) -> bool:
        """Stop driving, and see to it that the run goes on in time; False when it changed meanwhile."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            resting = await tx.runs.change(run, run.model_copy(update={"driver": ""}))
            if resting is None:
                return False
            due, warning, tick = next_due(resting, now), next_warning(resting, now), next_tick(resting, now)
            if due is not None:
                await enqueue_drive(tx, resting, delay=due - now)
            if warning is not None:
                await enqueue_warning(tx, resting, at=warning, now=now)
            if tick is not None:
                await enqueue_countdown(tx, resting, at=tick, now=now)
            return True

    async def intend(self, run_id: str, step: str, *, nonce: str) -> Intended | None:
        """Record that a step is about to act; None when it is not to act any more, or not by us."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await self._driven(tx, run_id, Act(step))
            if run is None:
                return None
            after = begun(run.state(step), nonce=nonce, at=now)
            changed = await tx.runs.change_locked(run, run.having(after))
            await self._tell_intent(tx, changed, after)
            await telling.show(tx, changed, now)
            return Intended(changed, step, nonce)

    async def outcome(
        self,
        run_id: str,
        step: str,
        outcome: Outcome,
        *,
        nonce: str,
        idempotent: bool,
        next_nonce: str = "",
    ) -> Intended | None:
        """Record how an act ended; one of an attempt that was given up changes nothing.

        With `next_nonce`, the intent of the act that comes next is recorded in the same transaction, where
        it is the only move there is, and given.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await tx.runs.locked(run_id)
            state = run.state(step)
            if state.status != "running" or state.nonce != nonce:
                log.warning("run.outcome_too_late", run=run_id, step=step, summary=outcome.summary)
                return None
            planned = run.step(step)
            after = ended(
                state,
                planned,
                outcome=outcome.status,
                summary=outcome.summary,
                evidence=proofs(outcome.evidence),
                idempotent=idempotent,
                at=now,
            )
            settled = stopped(run.having(after), at=now)
            following = self._only_act(settled) if next_nonce else None
            coming = begun(settled.state(following), nonce=next_nonce, at=now) if following else None
            changed = await tx.runs.change_locked(run, settled.having(coming) if coming else settled)
            await telling.audit(
                tx, changed, "step.outcome", now, step=step, status=after.status, summary=outcome.summary
            )
            line = telling.step_line(changed, after, now)
            await telling.tell(tx, changed, line, now, asks=changed.status == "asking")
            elsewhere = other_plan(after, planned)
            if elsewhere is not None and changed.status == "asking":
                await self._endings.go_to(tx, changed, elsewhere, planned.title)
                return None
            if coming is not None:
                await self._tell_intent(tx, changed, coming)
            await self._at_its_end(tx, changed)
            return Intended(changed, coming.step, next_nonce) if coming else None

    async def _at_its_end(self, tx: Transaction, run: Run) -> None:
        """Show it as it stands, and what follows where it ended because no step acts any more."""
        now = self._clock.now()
        if run.status == "aborted":
            await self._endings.aborted(tx, run)
        await telling.show(tx, run, now)
        await begin_successor(tx, run, now)

    def _only_act(self, run: Run) -> str | None:
        """The one step of an adapter that is to act now, when nothing else is to be done."""
        moves = next_moves(run, self._clock.now()) if run.driver == self._replica else ()
        acts = [move.step for move in moves if isinstance(move, Act)]
        only = acts[0] if len(moves) == len(acts) == 1 else None
        return only if only is not None and run.step(only).uses not in OWN_STEPS else None

    async def _tell_intent(self, tx: Transaction, run: Run, state: StepState) -> None:
        now = self._clock.now()
        await telling.audit(
            tx, run, "step.intent", now, step=state.step, nonce=state.nonce, attempt=state.attempt
        )

    async def again(self, run_id: str, step: str, why: str, *, nonce: str) -> None:
        """Send a step that is known not to have been done back to be done."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await tx.runs.locked(run_id)
            state = run.state(step)
            if state.status != "running" or state.nonce != nonce:
                return
            after = state.model_copy(update={"status": "pending"})
            changed = await tx.runs.change_locked(run, stopped(run.having(after), at=now))
            await telling.audit(tx, changed, "step.again", now, step=step, why=why)
            text = f"↻ {run.step(step).title}: not done before the restart ({why}), doing it again"
            await telling.tell(tx, changed, text, now)
            if not changed.active:
                await self._at_its_end(tx, changed)

    async def own_step(self, run_id: str, move: Move) -> None:
        """A move that changes only our own store: a step of the interpreter's, a wait's end, an omission."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await self._driven(tx, run_id, move)
            if run is None:
                return
            state = run.state(move.step)
            after = self._omitted(run, state) if isinstance(move, Omit) else state
            if isinstance(move, EndWait):
                after = state.model_copy(update={"status": "done", "ended_at": now, "summary": "waited"})
            elif isinstance(move, Act):
                after = begin(run, state, now)
            changed = await tx.runs.change_locked(run, run.having(after))
            await telling.audit(tx, changed, "step.outcome", now, step=move.step, status=after.status)
            by_hand = after.status == "waiting" and after.due is None
            await telling.tell(tx, changed, telling.step_line(changed, after, now), now, asks=by_hand)
            if isinstance(move, Act):
                await take_effect(tx, changed, after, now)
            await telling.show(tx, changed, now)

    async def show(self, run_id: str) -> None:
        """Bring the live message up to date."""
        async with self._store.transaction(later=True) as tx:
            await telling.show(tx, await tx.runs.get(run_id), self._clock.now())

    async def _driven(self, tx: Transaction, run_id: str, move: Move) -> Run | None:
        """The locked run, if it is ours to drive and still to be moved so."""
        run = await tx.runs.locked(run_id)
        ours = run.driver == self._replica and move in next_moves(run, self._clock.now())
        return run if ours else None

    def _omitted(self, run: Run, state: StepState) -> StepState:
        when = run.step(state.step).when
        if when is None:
            raise TypeError(state.step)
        now, earlier = self._clock.now(), run.state(when.step)
        why = f"“{run.step(when.step).title}” was {ending(earlier)}"
        return state.model_copy(update={"status": "omitted", "ended_at": now, "summary": why})
