"""The confirmation of a rollback: the migration's name typed, bound to what was previewed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.playbook.inputs import taken
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.domain.walk import Walk
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_drive
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.starting import run_of
from bot.store.store import Store, Transaction


@dataclass(frozen=True)
class Confirmation:
    """What was submitted: the walk, the preview that was shown by id and digest, and what was typed.

    `inputs` are those of the plan, by their ids.
    """

    walk_id: str
    preview_id: str
    digest: str
    typed: str
    inputs: Mapping[str, str] = field(default_factory=dict)


class ConfirmationService:
    """Turns a previewed verdict into a run, once."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._store = store
        self._clock = clock

    async def shown(self, walk_id: str, *, actor: Actor) -> PlanPreview:
        """The preview that a confirmation would be bound to now.

        Raises NotAllowedError, SupersededError when the walk has no preview to confirm, and RefusedError
        when that is too old.
        """
        async with self._store.reading() as tx:
            walk = await tx.walks.get(walk_id)
        await self._permissions.may_roll_back(self._catalog.get(walk.migration).playbook, actor)
        async with self._store.reading() as tx:
            if walk.status != "concluded" or walk.preview is None:
                raise SupersededError(
                    "There is nothing to confirm any more; see the message as it stands now"
                )
            preview = await tx.walks.preview(walk.preview)
        self._still_good(preview)
        return preview

    async def confirm(self, confirmation: Confirmation, *, actor: Actor) -> Run:
        """Start the rollback. The clock of its budget starts here.

        Raises RefusedError for a wrong name or input, or an expired or changed preview, SupersededError when
        somebody confirmed, closed or changed the walk first, or a run is active; NotAllowedError.
        """
        async with self._store.reading() as tx:
            walk = await tx.walks.get(confirmation.walk_id)
        playbook = self._catalog.get(walk.migration).playbook
        await self._permissions.may_roll_back(playbook, actor, fresh=True)
        async with self._store.transaction() as tx:
            walk = await tx.walks.get(confirmation.walk_id)
            preview = await self._bound(tx, walk, confirmation)
            inputs = taken(preview.inputs, confirmation.inputs)
            return await self._start(tx, walk, preview, inputs, actor)

    async def _bound(self, tx: Transaction, walk: Walk, confirmation: Confirmation) -> PlanPreview:
        if walk.closed_by is not None:
            raise _closed(walk)
        if confirmation.typed.strip() != walk.migration:
            raise RefusedError(f"Type {walk.migration}, exactly so", field="name")
        if walk.preview != confirmation.preview_id:
            raise RefusedError(
                "What would be done has changed since you were shown it",
                field="name",
                do="Close this and look at the preview in the channel again",
            )
        preview = await tx.walks.preview(confirmation.preview_id)
        if preview.digest() != confirmation.digest:
            raise RefusedError("This confirmation does not belong to the preview", field="name")
        self._still_good(preview)
        return preview

    def _still_good(self, preview: PlanPreview) -> None:
        if self._clock.now() >= preview.expires_at:
            raise RefusedError(
                "The preview is older than 10 minutes", field="name", do="Press “Preview again” below it"
            )

    async def _start(
        self, tx: Transaction, walk: Walk, preview: PlanPreview, inputs: Mapping[str, str], actor: Actor
    ) -> Run:
        now = self._clock.now()
        if not await tx.walks.replace(walk, walk.confirmed(by=actor, at=now)):
            raise _closed(await tx.walks.get(walk.id))
        run = run_of(
            preview,
            self._catalog.get(walk.migration),
            incident=walk.incident,
            inputs=inputs,
            by=actor,
            at=now,
            detected_at=walk.started_at,
        )
        if not await tx.runs.add(run):
            raise SupersededError(f"A rollback of {walk.migration} is running already")
        await tx.journal.record(
            at=now,
            actor=actor,
            kind="run.confirmed",
            subject=f"run:{run.id}",
            facts={
                "migration": run.migration,
                "environment": run.environment,
                "plan": run.plan_id,
                "preview": preview.digest(),
                "playbook": run.playbook_digest,
                "inputs": {**run.inputs},
            },
        )
        incident = await tx.incidents.get(walk.incident)
        text = f"confirmed the rollback: plan “{run.plan.title}”, {len(run.steps)} steps"
        await tx.incidents.tell(incident, at=now, actor=actor, text=text)
        await telling.show(tx, run, now)
        await enqueue_drive(tx, run)
        return run


def _closed(walk: Walk) -> SupersededError:
    """What the person is told who came after the one that closed or changed the walk."""
    if walk.closed_by is None:
        return SupersededError("Somebody was faster; see the message as it stands now")
    did = "started this rollback" if walk.status == "confirmed" else "closed this walk"
    return SupersededError(f"{walk.closed_by.name} {did} already")
