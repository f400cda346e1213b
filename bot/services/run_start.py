"""The start of a run, in the transaction of what decided it: a confirmation, the last approval, one alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.errors import SupersededError
from bot.domain.person import Actor
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.domain.walk import Walk
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_drive
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.starting import run_of
from bot.store.store import Transaction


@dataclass(frozen=True)
class Decided:
    """Who decided that a run starts, and what the timeline says of it: `by` did what `told` says."""

    confirmed_by: Actor
    by: Actor
    told: str
    approved_by: tuple[Actor, ...] = ()
    broke_glass: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)


class RunStart:
    """Turns a previewed verdict into a run, once. The clock of its budget starts here."""

    def __init__(self, *, catalog: Catalog, clock: Clock) -> None:
        self._catalog = catalog
        self._clock = clock

    async def start(self, tx: Transaction, walk: Walk, preview: PlanPreview, decided: Decided) -> Run:
        """Start what was previewed.

        Raises SupersededError when somebody closed or changed the walk first, or a run is active.
        """
        now = self._clock.now()
        if not await tx.walks.replace(walk, walk.confirmed(by=decided.confirmed_by, at=now)):
            raise closed(await tx.walks.get(walk.id))
        run = run_of(
            preview,
            self._catalog.get(walk.migration),
            incident=walk.incident,
            inputs=decided.inputs,
            by=decided.confirmed_by,
            at=now,
            detected_at=walk.started_at,
        ).model_copy(update={"approved_by": decided.approved_by, "broke_glass": decided.broke_glass})
        if not await tx.runs.add(run):
            raise SupersededError(f"A rollback of {walk.migration} is running already")
        await tx.journal.record(
            at=now,
            actor=decided.confirmed_by,
            kind="run.confirmed",
            subject=f"run:{run.id}",
            facts={
                "migration": run.migration,
                "environment": run.environment,
                "plan": run.plan_id,
                "preview": preview.digest(),
                "playbook": run.playbook_digest,
                "inputs": {**run.inputs},
                "approved_by": [f"{actor.id} ({actor.name})" for actor in run.approved_by],
            },
        )
        incident = await tx.incidents.get(walk.incident)
        text = f"{decided.told}: plan “{run.plan.title}”, {len(run.steps)} steps"
        await tx.incidents.tell(incident, at=now, actor=decided.by, text=text)
        await telling.show(tx, run, now)
        await enqueue_drive(tx, run)
        return run


def closed(walk: Walk) -> SupersededError:
    """What the person is told who came after the one that closed or changed the walk."""
    if walk.closed_by is None:
        return SupersededError("Somebody was faster; see the message as it stands now")
    did = "started this rollback" if walk.status == "confirmed" else "closed this walk"
    return SupersededError(f"{walk.closed_by.name} {did} already")
