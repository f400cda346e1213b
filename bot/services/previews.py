"""Previews a plan: every step's exact effect, without any effect."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from bot.domain.errors import SupersededError, UnknownNameError
from bot.domain.person import Actor
from bot.domain.playbook.document import PRODUCTION, Playbook
from bot.domain.playbook.filling import filled
from bot.domain.playbook.inputs import taken
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.plans import Plan, Stage, Step
from bot.domain.preview import PlanPreview, StepPreview
from bot.engine.acting import Acting
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.phases import cut_over_at
from bot.services.walk_display import WalkDisplay
from bot.store.store import Store


class PreviewService:
    """Makes previews, for a walk's verdict or for the terminal."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        acting: Acting,
        display: WalkDisplay,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._acting = acting
        self._display = display
        self._store = store
        self._clock = clock
        self._ids = ids

    async def preview(self, walk_id: str, version: int, replaces: str | None = None) -> None:
        """The durable job `preview`, in place of the preview `replaces`.

        A walk that has moved on is left alone. So is one that has another preview already: a job that is
        done again after a kill would take away the one that a person looks at.
        """
        async with self._store.reading() as tx:
            walk = await tx.walks.get(walk_id)
        if walk.version != version or walk.status != "concluded" or walk.preview != replaces:
            return
        plan_id = walk.verdict(self._catalog.get(walk.migration).playbook).plan
        if plan_id is None:
            return
        made = await self.of_plan(
            walk.migration, plan_id=plan_id, environment=walk.environment, walk_id=walk_id
        )
        async with self._store.transaction() as tx:
            filled = await tx.walks.fill_in(walk, preview=made.id)
            if filled is not None:
                await tx.walks.add_preview(made)
                await self._display.show(tx, filled)

    async def again(self, walk_id: str, *, version: int, actor: Actor) -> None:
        """Make a fresh preview in place of the present one; pressed twice, it is made once.

        Raises NotAllowedError, and SupersededError when the walk has moved on.
        """
        async with self._store.reading() as tx:
            walk = await tx.walks.get(walk_id)
        await self._permissions.may_roll_back(self._catalog.get(walk.migration).playbook, actor)
        async with self._store.transaction() as tx:
            walk = await tx.walks.get(walk_id)
            if walk.version != version or walk.preview is None:
                raise SupersededError("The walk has moved on; see the message as it stands now")
            await tx.enqueue(
                "preview",
                job_id=f"preview:{walk.id}:{version}:after:{walk.preview}",
                walk_id=walk_id,
                version=version,
                replaces=walk.preview,
            )

    async def of_plan(
        self,
        migration: str,
        *,
        plan_id: str,
        environment: str,
        walk_id: str = "",
        inputs: Mapping[str, str] | None = None,
    ) -> PlanPreview:
        """Every step of a plan in an environment, previewed at the same time.

        With `inputs` they are filled in, and what is not given has its default. Raises UnknownNameError,
        and RefusedError for an input that is not taken.
        """
        loaded = self._catalog.get(migration)
        declared = self._catalog.plan(migration, plan_id)
        playbook = loaded.playbook
        if environment not in playbook.environments:
            raise UnknownNameError("environment", environment, playbook.environments)
        plan = playbook.in_environment(declared, environment)
        asked = playbook.inputs(declared)
        if inputs is not None:
            plan = filled(plan, "input", taken(asked, inputs))
        preview_id = self._ids.new()
        since = await self._since(playbook, environment)
        steps = await asyncio.gather(
            *(self._step(loaded, preview_id, since, *place) for place in _places(plan))
        )
        return PlanPreview(
            id=preview_id,
            walk=walk_id,
            migration=migration,
            environment=environment,
            plan_id=plan_id,
            plan=plan,
            playbook_digest=loaded.digest,
            made_at=self._clock.now(),
            inputs=asked,
            since=since,
            steps=tuple(steps),
        )

    async def dry_run(self, migration: str, *, plan_id: str | None, actor: Actor) -> PlanPreview:
        """What a rollback would do in production, for anybody with a role; by the first plan without one.

        Raises NotAllowedError and UnknownNameError.
        """
        await self.may_dry_run(migration, actor=actor)
        chosen = plan_id or next(iter(self._catalog.get(migration).playbook.plans))
        return await self.of_plan(migration, plan_id=chosen, environment=PRODUCTION)

    async def may_dry_run(self, migration: str, *, actor: Actor) -> None:
        """Raises NotAllowedError for somebody without a role, and UnknownNameError."""
        await self._permissions.may_preview(self._catalog.get(migration).playbook, actor)

    async def _since(self, playbook: Playbook, environment: str) -> datetime | None:
        """When the migration was cut over; before that a rehearsal takes a moment that its playbook names."""
        async with self._store.reading() as tx:
            moment = await cut_over_at(tx, playbook)
        rehearsal = playbook.rehearsal
        if moment is not None or rehearsal is None or rehearsal.environment != environment:
            return moment
        return self._clock.now() - rehearsal.since

    async def _step(
        self, loaded: LoadedPlaybook, run_id: str, since: datetime | None, stage: Stage, step: Step
    ) -> StepPreview:
        seen = await self._acting.preview(step, folder=loaded.folder, run_id=run_id, since=since)
        return StepPreview(
            step=step.id,
            stage=stage.id,
            title=step.title,
            effect=seen.effect,
            exact=seen.exact,
            budget_seconds=step.budget.total_seconds(),
            ready=seen.ready,
            problem=seen.problem,
        )


def _places(plan: Plan) -> list[tuple[Stage, Step]]:
    return [(stage, step) for stage in plan.stages for step in stage.steps]
