"""Takes runs up at the start: a run that is under way has a job, whatever became of the last one."""

from bot.domain.person import SWITCHBACK
from bot.ports.clock import Clock
from bot.store.store import Store


async def take_up(store: Store, *, clock: Clock) -> int:
    """Give every run that drives itself a new segment; how many there were.

    Called before the engine works: a job of an older segment that it recovers then does nothing. So a
    run whose job ended in an error, and not in a wait, goes on as well.
    """
    async with store.reading() as tx:
        active = [run for run in await tx.runs.active() if run.status == "running"]
    for run in active:
        now = clock.now()
        async with store.transaction() as tx:
            moved = await tx.runs.move(run, to="running", segment=run.segment + 1)
            if moved is None:
                continue
            subject = f"run:{run.id}"
            facts = {"segment": moved.segment}
            await tx.journal.record(
                at=now, actor=SWITCHBACK, kind="run.taken_up", subject=subject, facts=facts
            )
            incident = await tx.incidents.get(run.incident)
            text = "↻ the bot was restarted; the rollback goes on"
            await tx.incidents.tell(incident, at=now, actor=SWITCHBACK, text=text)
            job_id = f"run:{run.id}:{moved.segment}"
            await tx.enqueue("run", job_id=job_id, run_id=run.id, segment=moved.segment)
    return len(active)
