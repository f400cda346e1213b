"""Takes runs up that nobody drives: at the start, and when another replica has died."""

from collections.abc import Collection

from bot.domain.moves import can_go_on
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_drive
from bot.ports.clock import Clock
from bot.store.store import Store


async def take_up(store: Store, *, drivers: Collection[str], clock: Clock, text: str) -> int:
    """Give every run that could go on, and is driven by one of these or by nobody, a new job; how many.

    So a run whose job ended in an error, and not in a rest, goes on as well. A drive that is still under
    way in a process that was thought dead finds another driver noted, and stops.
    """
    async with store.reading() as tx:
        active = [run for run in await tx.runs.active() if run.driver in drivers]
    taken = 0
    for run in active:
        now = clock.now()
        if not can_go_on(run, now):
            continue
        async with store.transaction() as tx:
            freed = await tx.runs.change(run, run.model_copy(update={"driver": ""}))
            if freed is None:
                continue
            taken += 1
            await telling.audit(tx, freed, "run.taken_up", now, driver=run.driver)
            await telling.tell(tx, freed, text, now)
            await enqueue_drive(tx, freed)
    return taken
