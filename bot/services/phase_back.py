"""The way back to the phase before: previewed, confirmed by name, and done by the playbook's plan."""

from dataclasses import dataclass

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.phase_move import PhaseMove
from bot.domain.phase_ways import AFTER_CUTOVER, previous
from bot.domain.playbook.document import PRODUCTION, Playbook
from bot.domain.playbook.phases import Phase
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.domain.typed_name import must_be_typed
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.forward_runs import ForwardRuns, Meant
from bot.services.permissions import Permissions
from bot.services.phase_moving import PhaseMoving
from bot.services.phases import present
from bot.services.previews import PreviewService
from bot.store.incidents import Incident
from bot.store.store import Store, Transaction


@dataclass(frozen=True)
class WayBack:
    """Where a migration goes back to, and what is done for it; None where the playbook has no plan."""

    playbook: Playbook
    to: Phase
    preview: PlanPreview | None


@dataclass(frozen=True)
class ConfirmedWayBack:
    """What was submitted: the phase that was shown, the preview by id and digest, and what was typed."""

    migration: str
    from_phase: str
    typed: str
    preview: str = ""
    digest: str = ""


class PhaseBack:
    """Takes migrations back a phase. After the cutover that is a rollback, and refused here."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        previews: PreviewService,
        runs: ForwardRuns,
        moving: PhaseMoving,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._previews = previews
        self._runs = runs
        self._moving = moving
        self._store = store
        self._clock = clock
        self._ids = ids

    async def permit(self, migration: str, *, actor: Actor) -> Playbook:
        """The playbook in its present phase, which somebody may take back.

        Raises NotAllowedError; RefusedError in the first phase and from the cutover on; UnknownNameError.
        """
        declared = self._catalog.get(migration).playbook
        await self._permissions.may_roll_back(declared, actor, fresh=True)
        async with self._store.reading() as tx:
            playbook = await present(tx, declared)
        self._to(playbook)
        return playbook

    async def look(self, migration: str, *, actor: Actor) -> WayBack:
        """What would be done; kept for the confirmation. Raises as `permit` does."""
        playbook = await self.permit(migration, actor=actor)
        to = self._to(playbook)
        if to.back is None:
            return WayBack(playbook, to, None)
        preview = await self._previews.of_plan(migration, plan_id=to.back, environment=PRODUCTION)
        async with self._store.transaction() as tx:
            await tx.walks.add_preview(preview)
        return WayBack(playbook, to, preview)

    async def take(self, confirmed: ConfirmedWayBack, *, actor: Actor) -> Run | PhaseMove:
        """Begin the plan of the way back, as it was shown; without a plan the move is made at once.

        Raises as `permit` does, RefusedError for a wrong name or a preview that is too old or another one,
        and SupersededError when the phase has changed, or a run is going on.
        """
        await self.permit(confirmed.migration, actor=actor)
        must_be_typed(confirmed.migration, confirmed.typed)
        loaded = self._catalog.get(confirmed.migration)
        async with self._store.transaction() as tx:
            playbook = await present(tx, loaded.playbook)
            if playbook.phase != confirmed.from_phase:
                raise SupersededError(f"{playbook.title} is in phase “{playbook.phase}” by now")
            to = self._to(playbook)
            if to.back is None:
                return await self._at_once(tx, playbook, to, actor)
            preview = await self._bound(tx, confirmed, loaded.digest)
            meant = Meant(purpose="back", to_phase=to.id)
            incident = self._incident(playbook, actor)
            await tx.incidents.add(incident)
            run = await self._runs.begin(tx, preview, loaded, meant, incident=incident.id, by=actor)
            if run is None:
                raise SupersededError(f"Another run of {playbook.migration} is going on")
            return run

    async def _at_once(self, tx: Transaction, playbook: Playbook, to: Phase, actor: Actor) -> PhaseMove:
        reason = f"taken back by {actor.name}"
        move = await self._moving.move(tx, playbook, to, by=actor, reason=reason, cause="")
        if move is None:
            raise SupersededError("Somebody was faster; see the message as it stands now")
        return move

    async def _bound(self, tx: Transaction, confirmed: ConfirmedWayBack, playbook: str) -> PlanPreview:
        preview = await tx.walks.preview(confirmed.preview) if confirmed.preview else None
        if preview is None or preview.digest() != confirmed.digest or preview.playbook_digest != playbook:
            what = "What would be done has changed since you were shown it"
            raise RefusedError(what, field="name", do="Close this and look again")
        preview.must_be_good(self._clock.now(), do="Close this and look again")
        return preview

    def _incident(self, playbook: Playbook, actor: Actor) -> Incident:
        return Incident(
            id=self._ids.new(),
            migration=playbook.migration,
            environment=PRODUCTION,
            channel=playbook.channels.approvals,
            opened_at=self._clock.now(),
            opened_by=actor,
            kind="phase",
        )

    @staticmethod
    def _to(playbook: Playbook) -> Phase:
        if playbook.current_phase.kind in AFTER_CUTOVER:
            what = f"From phase “{playbook.phase}” the way back is a rollback"
            raise RefusedError(what, field="name", do=f"Type /rollback {playbook.migration}")
        to = previous(playbook)
        if to is None:
            raise RefusedError(f"“{playbook.phase}” is the first phase", field="name")
        return to
