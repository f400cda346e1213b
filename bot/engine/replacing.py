"""One run goes on in place of another: both are written, told and audited in one transaction."""

from datetime import datetime

from bot.domain.errors import SupersededError
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.run import Run
from bot.domain.run_purpose import described, noun
from bot.domain.run_replacement import giving_way, replaced
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_drive
from bot.store.store import Transaction


async def replace(
    tx: Transaction, run: Run, successor: Run, *, reason: str, now: datetime, by: Actor = SWITCHBACK
) -> bool:
    """End a run in favour of another one that begins now; False when it changed meanwhile.

    Raises RefusedError while one of its steps acts.
    """
    ended = replaced(run, by=by, successor=successor.id, reason=reason, at=now)
    changed = await tx.runs.change(run, ended)
    if changed is None or not await tx.runs.add(successor):
        return False
    await telling.audit(tx, changed, "run.replaced", now, by=by, successor=successor.id, reason=reason)
    await telling.audit(tx, successor, "run.started", now, by=by, plan=successor.plan_id, replaces=run.id)
    text = f"goes on with plan “{successor.plan.title}”, {len(successor.steps)} steps. Reason: {reason}"
    await telling.tell(tx, successor, text, now, by=by)
    await telling.show(tx, successor, now)
    await enqueue_drive(tx, successor)
    return True


async def take_place(
    tx: Transaction, run: Run, successor: Run, *, reason: str, now: datetime, by: Actor
) -> Run:
    """End a locked run at a step boundary in favour of another: at once, or as soon as no step acts.

    Gives the other one, which begins now or is queued until then. Raises SupersededError when the run is
    over, or gives way to another one already.
    """
    ended = giving_way(run, by=by, successor=successor.id, reason=reason, at=now)
    changed = await tx.runs.change_locked(run, ended)
    waits = changed.gives_way
    coming = successor.model_copy(update={"status": "queued"}) if waits else successor
    if not await tx.runs.add(coming):
        raise SupersededError(f"Another run of {run.migration} is going on")
    await telling.audit(
        tx, changed, "run.gives_way", now, by=by, successor=successor.id, reason=reason, at_once=not waits
    )
    await telling.audit(tx, coming, "run.started", now, by=by, plan=coming.plan_id, replaces=run.id)
    what = f"{described(coming.purpose, coming.to_phase)} by plan “{coming.plan.title}”"
    when = "when the step that acts has ended" if waits else "now"
    text = f"stops the {noun(run.purpose)} for the {what}, {when}. Reason: {reason}"
    await telling.tell(tx, changed, text, now, by=by)
    if waits:
        await enqueue_drive(tx, changed)
    else:
        await _ended(tx, changed, coming, now)
        await enqueue_drive(tx, coming)
    if changed.incident != coming.incident:
        await telling.show(tx, changed, now)
    await telling.show(tx, coming, now)
    return coming


async def begin_successor(tx: Transaction, ended: Run, now: datetime) -> None:
    """Begin what waited for a run to end, once. The clock of its budget starts here."""
    if ended.active or not ended.replaced_by:
        return
    waiting = await tx.runs.locked(ended.replaced_by)
    if waiting.status != "queued":
        return
    begun = await tx.runs.change_locked(
        waiting, waiting.model_copy(update={"status": "running", "confirmed_at": now})
    )
    await telling.audit(tx, begun, "run.begun", now, replaces=ended.id)
    await _ended(tx, ended, begun, now)
    await telling.show(tx, begun, now)
    await enqueue_drive(tx, begun)


async def _ended(tx: Transaction, ended: Run, coming: Run, now: datetime) -> None:
    text = f"the {noun(ended.purpose)} has ended at a step boundary: {ended.progress()}"
    await telling.tell(tx, coming, f"{text}; plan “{coming.plan.title}” begins", now)
    if ended.incident != coming.incident:
        await telling.tell(tx, ended, f"❌ {text}; nothing of it is undone by that", now)
        await tx.incidents.close(ended.incident, now)
