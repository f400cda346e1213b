"""The start of a run, in the transaction of what decided it: a confirmation, the last approval, one alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.playbook.document import PRODUCTION
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.domain.walk import Walk
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_drive
from bot.engine.replacing import take_place
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.phases import cut_over_at, present
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
        run = await self._begun(tx, run, preview, decided)
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
        if run.status != "queued":
            await enqueue_drive(tx, run)
        return run

    async def _begun(self, tx: Transaction, run: Run, preview: PlanPreview, decided: Decided) -> Run:
        """Add it; a cutover, or a move to the next phase, gives way to it at a step boundary."""
        playbook = await present(tx, self._catalog.get(run.migration).playbook)
        moment = await cut_over_at(tx, playbook)
        if run.environment == PRODUCTION and moment != preview.since:
            what = "The migration was cut over, or has gone back, since this was previewed"
            raise RefusedError(what, field="name", do="Preview it again")
        active = await tx.runs.active(run.migration, run.environment)
        if active and active[0].goes_forward:
            going_on = await tx.runs.locked(active[0].id)
            if going_on.active:
                now = self._clock.now()
                reason = f"a rollback was started by {decided.by.name}"
                return await take_place(tx, going_on, run, reason=reason, now=now, by=decided.by)
        if not await tx.runs.add(run):
            raise SupersededError(f"A rollback of {run.migration} is running already")
        return run


def closed(walk: Walk) -> SupersededError:
    """What the person is told who came after the one that closed or changed the walk."""
    if walk.closed_by is None:
        return SupersededError("Somebody was faster; see the message as it stands now")
    did = "started this rollback" if walk.status == "confirmed" else "closed this walk"
    return SupersededError(f"{walk.closed_by.name} {did} already")
