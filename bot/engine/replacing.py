"""One run goes on in place of another: both are written, told and audited in one transaction."""

from datetime import datetime

from bot.domain.person import SWITCHBACK, Actor
from bot.domain.run import Run
from bot.domain.run_replacement import replaced
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
