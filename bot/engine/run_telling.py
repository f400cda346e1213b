"""What is told of a run: its live message, its lines of the timeline, its audit entries."""

from datetime import datetime

from pydantic import JsonValue

from bot.domain.messages.run import run_facts
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.quantities import clock as stopwatch
from bot.domain.quantities import format_duration
from bot.domain.run import Run
from bot.domain.step_outcome import pause_before
from bot.domain.step_state import StepState
from bot.store.store import Transaction


async def show(tx: Transaction, run: Run, now: datetime) -> None:
    """Bring the live message up to date."""
    incident = await tx.incidents.place(run.incident)
    await tx.outbox.show(
        channel=incident.channel, subject=incident.subject, facts=run_facts(run, now=now), at=now
    )


async def tell(
    tx: Transaction, run: Run, text: str, now: datetime, *, by: Actor = SWITCHBACK, asks: bool = False
) -> None:
    """Add a line; where it asks, for the person who confirmed the run to act on."""
    incident = await tx.incidents.place(run.incident)
    mention = run.confirmed_by.id if asks and run.confirmed_by.id.startswith(("U", "W")) else ""
    await tx.incidents.tell(incident, at=now, actor=by, text=f"{labelled(run)}{text}", mention=mention)


def labelled(run: Run) -> str:
    """The first words of everything that is told of a rehearsal."""
    return f"Rehearsal in {run.environment}: " if run.rehearsal else ""


async def audit(
    tx: Transaction,
    run: Run,
    kind: str,
    now: datetime,
    *,
    step: str = "",
    by: Actor = SWITCHBACK,
    **facts: JsonValue,
) -> None:
    """Note it for ever."""
    subject = f"run:{run.id}:{step}" if step else f"run:{run.id}"
    await tx.journal.record(at=now, actor=by, kind=kind, subject=subject, facts=facts)


def step_line(run: Run, state: StepState, now: datetime) -> str:
    """A step's line of the timeline."""
    step = run.step(state.step)
    took = f"{stopwatch(state.elapsed(now))} of {stopwatch(step.budget)}"
    failed = f"{step.title} failed after {took}: {state.summary}"
    again = f"attempt {state.attempt + 1} in {format_duration(pause_before(state, now))}"
    by_hand = state.status == "waiting" and state.due is None
    lines = {
        "done": f"✅ {step.title} · {took} · {state.summary}",
        "failed": f"❌ {failed}. Retry, skip or abort?",
        "tolerated": f"❌ {failed}. The plan goes on without it",
        "pending": f"↻ {failed}. Tried again by itself: {again}",
        "unknown": (
            f"❔ {step.title} may or may not have been done. {state.summary}. "
            "Mark done, run again, skip or abort?"
        ),
        "omitted": f"◻︎ {step.title} is not needed: {state.summary}",
    }
    if by_hand:
        return f"⏳ Waits for you: {step.title}. Do it by hand, then press “Done”"
    return lines.get(state.status, f"⏳ {step.title}")
