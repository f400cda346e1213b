"""Asks both sides whether their batch of the day is finished."""

from bot.domain.playbook.checks import Reconcile
from bot.domain.playbook.places import Side
from bot.domain.playbook.schedule import ReadyWhen
from bot.domain.readiness import Readiness, readiness
from bot.reconcile.newest import newest_times
from bot.reconcile.pair import Pair


async def ask_readiness(reconcile: Reconcile, ready_when: ReadyWhen, pair: Pair) -> Readiness:
    """Whether the sides can be compared. A side that does not answer makes it an error."""
    started = pair.clock.monotonic()
    moments, problems = await newest_times(
        {"legacy": _query(ready_when, "legacy"), "new": _query(ready_when, "new")}, pair
    )
    found = readiness(reconcile, ready_when, moments, problems, now=pair.clock.now())
    elapsed = round((pair.clock.monotonic() - started) * 1000)
    return Readiness(result=found.result.model_copy(update={"milliseconds": elapsed}), waiting=found.waiting)


def _query(ready_when: ReadyWhen, side: Side) -> str | None:
    batch = ready_when.batch(side)
    return None if batch is None else batch.sql
