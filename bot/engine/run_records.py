"""What the interpreter writes: intents, outcomes and ends, each with its audit, timeline and message."""

from datetime import datetime

from bot.domain.messages.run import run_facts
from bot.domain.person import SWITCHBACK
from bot.domain.quantities import clock as stopwatch
from bot.domain.run import Proof, Run, RunStatus, StepState
from bot.engine.after_run import AfterRun
from bot.ports.clock import Clock
from bot.ports.outcome import Evidence, Outcome
from bot.store.store import Store, Transaction

_STATUS: dict[str, tuple[str, RunStatus]] = {
    "succeeded": ("done", "running"),
    "failed": ("failed", "asking"),
    "unknown": ("unknown", "asking"),
}


def proofs(evidence: tuple[Evidence, ...]) -> tuple[Proof, ...]:
    """Evidence as it is stored."""
    return tuple(Proof(name=piece.name, text=piece.text) for piece in evidence)


class RunRecords:
    """Writes a run's progress. A write that came second changes nothing and gives None."""

    def __init__(self, *, store: Store, clock: Clock, after_run: AfterRun) -> None:
        self._store = store
        self._clock = clock
        self._after_run = after_run

    async def intend(self, run: Run, state: StepState, *, nonce: str) -> Run | None:
        """Record that a step is about to act."""
        now = self._clock.now()
        after = state.model_copy(
            update={
                "status": "running",
                "attempt": state.attempt + 1,
                "nonce": nonce,
                "started_at": now,
                "ended_at": None,
            }
        )
        async with self._store.transaction() as tx:
            moved = await tx.runs.move_step(run, after)
            if moved is None:
                return None
            await self._audit(tx, moved, after, "step.intent", nonce=nonce, attempt=after.attempt)
            await self.show_in(tx, moved, now)
        return moved

    async def outcome(self, run: Run, state: StepState, outcome: Outcome) -> None:
        """Record how an act ended; a failed or unknown one makes the run ask."""
        now = self._clock.now()
        status, run_status = _STATUS[outcome.status]
        # Who had it run again did not do it.
        nobody = {"decided_by": None, "reason": ""} if status == "done" else {}
        after = state.model_copy(
            update={
                "status": status,
                "ended_at": now,
                "summary": outcome.summary,
                "evidence": proofs(outcome.evidence),
                **nobody,
            }
        )
        async with self._store.transaction() as tx:
            moved = await tx.runs.move_step(run, after)
            if moved is None:
                return
            if run_status != run.status:
                moved = await tx.runs.move(moved, to=run_status)
                if moved is None:
                    raise RuntimeError(f"run {run.id} moved while its step {state.step} acted")
            await self._audit(tx, moved, after, "step.outcome", status=status, summary=outcome.summary)
            await self._tell(tx, moved, _line(moved, after, now), now)
            await self.show_in(tx, moved, now)

    async def again(self, run: Run, state: StepState, why: str) -> None:
        """Send a step that is known not to have been done back to be done."""
        now = self._clock.now()
        after = state.model_copy(update={"status": "pending"})
        async with self._store.transaction() as tx:
            moved = await tx.runs.move_step(run, after)
            if moved is None:
                return
            await self._audit(tx, moved, after, "step.again", why=why)
            text = f"↻ {run.step(state.step).title}: not done before the restart ({why}), doing it again"
            await self._tell(tx, moved, text, now)

    async def own_step(self, tx: Transaction, run: Run, after: StepState) -> bool:
        """Record a step of the interpreter's own: it waits, or it is done. False for who came second."""
        now = self._clock.now()
        moved = await tx.runs.move_step(run, after)
        if moved is None:
            return False
        to: RunStatus = "waiting" if after.status == "waiting" else "running"
        segment = run.segment + 1 if after.due and after.status == "waiting" else run.segment
        moved = await tx.runs.move(moved, to=to, segment=segment)
        if moved is None:
            raise RuntimeError(f"run {run.id} moved while its step {after.step} began")
        if segment != run.segment and after.due is not None:
            await tx.enqueue(
                "run", job_id=f"run:{run.id}:{segment}", delay=after.due - now, run_id=run.id, segment=segment
            )
        if after.status == "waiting" and after.due is None:
            await tx.enqueue(
                "overdue",
                job_id=f"overdue:{run.id}:{after.step}:{after.attempt}",
                delay=run.step(after.step).budget,
                run_id=run.id,
                step=after.step,
                attempt=after.attempt,
            )
        await self._audit(tx, moved, after, "step.outcome", status=after.status)
        await self._tell(tx, moved, _line(moved, after, now), now)
        await self.show_in(tx, moved, now)
        return True

    async def overdue(self, run_id: str, step: str, attempt: int) -> None:
        """The durable job `overdue`: tell whom a step by hand waits for that its budget is spent."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await tx.runs.get(run_id)
            state = run.state(step)
            if run.status != "waiting" or state.status != "waiting" or state.attempt != attempt:
                return
            planned = run.step(step)
            await self._audit(tx, run, state, "step.overdue", attempt=attempt)
            budget = stopwatch(planned.budget)
            await self._tell(tx, run, f"⏳ {planned.title} still waits; its budget of {budget} is over", now)

    async def finished(self, run: Run) -> None:
        """Record that every step is settled."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            moved = await tx.runs.move(run, to="done", ended_at=now, ended_by=SWITCHBACK)
            if moved is None:
                return
            facts = {"elapsed_seconds": round(moved.elapsed(now).total_seconds(), 1)}
            await tx.journal.record(
                at=now, actor=SWITCHBACK, kind="run.done", subject=f"run:{run.id}", facts=facts
            )
            took = f"{stopwatch(moved.elapsed(now))} of {stopwatch(run.plan.budget)}"
            await self._tell(tx, moved, f"✅ “{run.plan.title}” is done in {took}, {run.progress()}", now)
            await self._after_run.run_finished(tx, moved)
            await tx.incidents.close(run.incident, now)
            await self.show_in(tx, moved, now)

    async def show(self, run: Run) -> None:
        """Bring the live message up to date."""
        async with self._store.transaction() as tx:
            await self.show_in(tx, run, self._clock.now())

    async def show_in(self, tx: Transaction, run: Run, now: datetime) -> None:
        """The same, inside a transaction."""
        incident = await tx.incidents.get(run.incident)
        await tx.outbox.show(
            channel=incident.channel,
            subject=incident.subject,
            facts=run_facts(run, now=now),
            at=now,
        )

    async def _tell(self, tx: Transaction, run: Run, text: str, now: datetime) -> None:
        incident = await tx.incidents.get(run.incident)
        asks = run.status in ("asking", "waiting") and run.confirmed_by.id.startswith(("U", "W"))
        mention = run.confirmed_by.id if asks else ""
        await tx.incidents.tell(incident, at=now, actor=SWITCHBACK, text=text, mention=mention)

    async def _audit(
        self, tx: Transaction, run: Run, state: StepState, kind: str, **facts: str | int
    ) -> None:
        subject = f"run:{run.id}:{state.step}"
        await tx.journal.record(
            at=self._clock.now(), actor=SWITCHBACK, kind=kind, subject=subject, facts=facts
        )


def _line(run: Run, state: StepState, now: datetime) -> str:
    """A step's line of the timeline."""
    step = run.step(state.step)
    took = f"{stopwatch(state.elapsed(now))} of {stopwatch(step.budget)}"
    match state.status:
        case "done":
            return f"✅ {step.title} · {took} · {state.summary}"
        case "failed":
            return f"❌ {step.title} failed after {took}: {state.summary}. Retry, skip or abort?"
        case "unknown":
            return (
                f"❔ {step.title} may or may not have been done. {state.summary}. "
                "Mark done, run again, skip or abort?"
            )
        case "waiting" if state.due is None:
            return f"⏳ Waits for you: {step.title}. Do it by hand, then press “Done”"
        case _:
            return f"⏳ {step.title}"
