"""The confirmation of a rollback: the migration's name typed, bound to what was previewed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.inputs import taken
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from bot.domain.typed_name import must_be_typed
from bot.domain.walk import Walk
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.phases import Phases
from bot.services.run_start import Decided, RunStart, closed
from bot.services.start_requests import StartRequestService
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
    """Turns a previewed verdict into a run, once, or asks for the approvals that it takes first."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        phases: Phases,
        run_start: RunStart,
        requests: StartRequestService,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._phases = phases
        self._run_start = run_start
        self._requests = requests
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
            if walk.status != "concluded" or walk.preview is None or walk.request is not None:
                raise SupersededError(
                    "There is nothing to confirm any more; see the message as it stands now"
                )
            preview = await tx.walks.preview(walk.preview)
        self._still_good(preview)
        return preview

    async def submit(self, confirmation: Confirmation, *, actor: Actor) -> Run | StartRequest:
        """Start the rollback, or ask for its approvals where the present phase wants some.

        Raises what `confirm` and `ask` raise.
        """
        if (await self._playbook(confirmation)).rollback_quorum:
            return await self.ask(confirmation, actor=actor)
        return await self.confirm(confirmation, actor=actor)

    async def confirm(self, confirmation: Confirmation, *, actor: Actor) -> Run:
        """Start the rollback. The clock of its budget starts here.

        Raises RefusedError for a wrong name or input, an expired or changed preview, or where others have to
        approve; SupersededError when somebody confirmed, closed or changed the walk first, or a run is
        active; NotAllowedError.
        """
        playbook = await self._playbook(confirmation)
        await self._permissions.may_roll_back(playbook, actor, fresh=True)
        if playbook.rollback_quorum:
            what = f"In phase “{playbook.phase}” a rollback takes approvals"
            raise RefusedError(what, field="name", do="Confirm it again to ask for them")
        async with self._store.transaction() as tx:
            walk = await tx.walks.get(confirmation.walk_id)
            preview = await self._bound(tx, walk, confirmation)
            inputs = taken(preview.inputs, confirmation.inputs)
            decided = Decided(confirmed_by=actor, by=actor, told="confirmed the rollback", inputs=inputs)
            return await self._run_start.start(tx, walk, preview, decided)

    async def ask(self, confirmation: Confirmation, *, actor: Actor) -> StartRequest:
        """Ask the others of the role for their approvals; it starts nothing. Raises what `confirm` raises."""
        playbook = await self._playbook(confirmation)
        people = await self._permissions.may_ask(playbook, actor)
        async with self._store.transaction() as tx:
            walk = await tx.walks.get(confirmation.walk_id)
            preview = await self._bound(tx, walk, confirmation)
            inputs = taken(preview.inputs, confirmation.inputs)
            request = await self._requests.open(
                tx, walk, preview, inputs=inputs, asked_by=actor, people=people
            )
            if request is None:
                raise await self._came_first(tx, walk.id)
            return request

    async def _playbook(self, confirmation: Confirmation) -> Playbook:
        async with self._store.reading() as tx:
            walk = await tx.walks.get(confirmation.walk_id)
        return await self._phases.playbook(walk.migration)

    async def _bound(self, tx: Transaction, walk: Walk, confirmation: Confirmation) -> PlanPreview:
        if walk.closed_by is not None or walk.request is not None:
            raise await self._came_first(tx, walk.id)
        must_be_typed(walk.migration, confirmation.typed)
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

    async def _came_first(self, tx: Transaction, walk_id: str) -> SupersededError:
        walk = await tx.walks.get(walk_id)
        if walk.request is None:
            return closed(walk)
        request = await tx.start_requests.get(walk.request)
        what = f"{request.asked_by.name} asked for this rollback already"
        return SupersededError(what, do="Approve it in the channel")

    def _still_good(self, preview: PlanPreview) -> None:
        preview.must_be_good(self._clock.now(), do="Press “Preview again” below it")
