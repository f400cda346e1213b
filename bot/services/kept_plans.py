"""Says of a run that is under way that its playbook was changed, and that it keeps its plan."""

from bot.domain.run import Run
from bot.domain.run_purpose import noun
from bot.engine import run_telling as telling
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.store.store import Store

_KEPT = "The playbook was changed. This {noun} keeps the plan that it was confirmed with"


async def tell_of_kept_plans(*, catalog: Catalog, store: Store, clock: Clock) -> None:
    """Tell it in the threads of the active runs whose playbook is another one now, once for each change."""
    async with store.reading() as tx:
        active = await tx.runs.active()
    for run in active:
        told = f"playbook:{_present(catalog, run)}"
        if _present(catalog, run) == run.playbook_digest or told in run.warned:
            continue
        now = clock.now()
        async with store.transaction() as tx:
            noted = await tx.runs.change(run, run.model_copy(update={"warned": (*run.warned, told)}))
            if noted is not None:
                await telling.audit(tx, noted, "run.plan_kept", now, playbook=told.partition(":")[2])
                await telling.tell(tx, noted, _KEPT.format(noun=noun(noted.purpose)), now)


def _present(catalog: Catalog, run: Run) -> str:
    return catalog.get(run.migration).digest if run.migration in catalog.migrations else "gone"
