"""The durable jobs that bring a run forward, as they are written into a transaction."""

from datetime import datetime, timedelta

from bot.domain.run import Run
from bot.store.store import Transaction

DRIVE = "run"
WARN = "warn"
COUNTDOWN = "countdown"


async def enqueue_drive(tx: Transaction, run: Run, *, delay: timedelta | None = None) -> None:
    """Have a run driven on, by whichever replica takes the job."""
    await tx.enqueue(DRIVE, job_id=f"run:{run.id}:{run.version}", delay=delay, run_id=run.id)


async def enqueue_warning(tx: Transaction, run: Run, *, at: datetime, now: datetime) -> None:
    """Have the warnings about time given to a run that rests."""
    job_id = f"warn:{run.id}:{run.version}:{at.isoformat()}"
    await tx.enqueue(WARN, job_id=job_id, delay=max(at - now, timedelta()), run_id=run.id)


async def enqueue_countdown(tx: Transaction, run: Run, *, at: datetime, now: datetime) -> None:
    """Have what is still to be waited told anew, of a run that waits for a time of day."""
    job_id = f"countdown:{run.id}:{run.version}:{at.isoformat()}"
    await tx.enqueue(COUNTDOWN, job_id=job_id, delay=max(at - now, timedelta()), run_id=run.id)
