"""The beginning of a cutover on its day: only if the decision, the gates and the checklist still say so.

What has got worse since the decision stops it; an open item of the checklist is for people to decide about.
"""

from dataclasses import dataclass

from bot.domain.cutover import PlannedCutover
from bot.domain.errors import SupersededError, SwitchbackError
from bot.domain.gates.board import Board, worse
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.phase_ways import next_of_kind
from bot.domain.playbook.cutover import Cutover
from bot.domain.playbook.document import PRODUCTION
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.ports.clock import Clock
from bot.ports.gates import EvaluatesGates
from bot.services.catalog import Catalog
from bot.services.cutover_display import CutoverDisplay, checklist
from bot.services.cutover_records import CutoverRecords
from bot.services.forward_runs import ForwardRuns, Meant
from bot.services.phase_moving import PhaseMoving
from bot.services.phases import present
from bot.services.previews import PreviewService
from bot.store.store import Store, Transaction


@dataclass(frozen=True)
class _Looked:
    """What was found before the transaction: the plan's effects, and what is worse than it was decided on."""

    loaded: LoadedPlaybook
    declared: Cutover
    preview: PlanPreview
    stopped_by: tuple[str, ...]
    called: tuple[str, ...]


class CutoverStart:
    """Begins cutovers."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        gates: EvaluatesGates,
        previews: PreviewService,
        runs: ForwardRuns,
        moving: PhaseMoving,
        records: CutoverRecords,
        display: CutoverDisplay,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._gates = gates
        self._previews = previews
        self._runs = runs
        self._moving = moving
        self._records = records
        self._display = display
        self._store = store
        self._clock = clock

    async def on_its_day(self, cutover_id: str, version: int) -> None:
        """The durable job `start_cutover`. One that was put off, called off or begun is left alone."""
        async with self._store.reading() as tx:
            cutover = await tx.cutovers.get(cutover_id)
        if cutover.status != "planned" or cutover.version != version:
            return
        # The queue's clock is not ours.
        await self._clock.sleep((cutover.begins_at - self._clock.now()).total_seconds())
        try:
            await self.attempt(cutover, by=SWITCHBACK, reason="")
        except SupersededError:
            # Somebody decided about it meanwhile.
            return

    async def attempt(self, cutover: PlannedCutover, *, by: Actor, reason: str) -> PlannedCutover:
        """Begin it, or ask what is to be done; with a reason although the checklist has open items.

        Raises SupersededError when somebody changed it first, UnknownNameError for a removed playbook.
        """
        looked = await self._look(cutover)
        async with self._store.transaction() as tx:
            held = await tx.cutovers.held(cutover.id)
            held.still("planned", "asking", version=cutover.version)
            decision = await tx.decisions.get(held.id)
            if not decision.went:
                return await self._asks(tx, held, ("the decision does not stand any more",), (), looked)
            items = [item.title for item in await checklist(tx, held) if item.status == "open"]
            unsettled = tuple(items) if not reason else ()
            stopped_by = looked.stopped_by
            if not stopped_by and await tx.runs.active(held.migration, PRODUCTION):
                stopped_by = ("another run of the migration is going on",)
            if stopped_by or unsettled:
                return await self._asks(tx, held, stopped_by, tuple(items), looked)
            return await self._begin(tx, held, looked, by=by, reason=reason)

    async def _look(self, cutover: PlannedCutover) -> _Looked:
        loaded = self._catalog.get(cutover.migration)
        declared = loaded.playbook.cutover
        if declared is None:
            raise SupersededError(f"The playbook of {cutover.migration} declares no cutover any more")
        async with self._store.reading() as tx:
            before = (await tx.decisions.get(cutover.id)).evidence
        preview = await self._previews.of_plan(
            cutover.migration, plan_id=declared.plan, environment=PRODUCTION
        )
        stopped_by = await self._worse(cutover, before)
        return _Looked(loaded, declared, preview, stopped_by, await self._records.leaders(loaded.playbook))

    async def _worse(self, cutover: PlannedCutover, before: Board) -> tuple[str, ...]:
        """What speaks against it now and did not when it was decided; not knowing does, too."""
        try:
            board = await self._gates.evaluate(cutover.migration, cause=cutover.subject)
        except SwitchbackError as error:
            return (f"the gates cannot be evaluated: {error}",)
        found = worse(before, board)
        return found or tuple(f"gate {gate.title} does not pass" for gate in board.failing)

    async def _asks(
        self,
        tx: Transaction,
        cutover: PlannedCutover,
        stopped_by: tuple[str, ...],
        unsettled: tuple[str, ...],
        looked: _Looked,
    ) -> PlannedCutover:
        asking = cutover.asking(stopped_by=stopped_by, unsettled=unsettled)
        changed = await self._changed(tx, cutover, asking)
        why = "; ".join((*stopped_by, *(f"not done: {title}" for title in unsettled)))
        await self._records.note(
            tx, changed, SWITCHBACK, "not_begun", stopped_by=[*stopped_by], unsettled=[*unsettled]
        )
        text = f"❌ The cutover has not begun: {why}"
        await self._records.tell(tx, changed, text, called=looked.called)
        await self._display.show(tx, changed)
        return changed

    async def _begin(
        self, tx: Transaction, cutover: PlannedCutover, looked: _Looked, *, by: Actor, reason: str
    ) -> PlannedCutover:
        declared, loaded = looked.declared, looked.loaded
        begun = cutover.begun(looked.preview.id, by=by, reason=reason)
        changed = await self._changed(tx, cutover, begun)
        await self._records.note(tx, changed, by, "begun", run=changed.run, reason=reason)
        if reason:
            text = f"begins the cutover although the checklist has open items. Reason: {reason}"
            await self._records.tell(tx, changed, text, by=by)
        meant = Meant(
            purpose="cutover",
            decision=cutover.id,
            day=cutover.day,
            zone=cutover.zone,
            back=declared.back,
            no_return=declared.point_of_no_return or "",
        )
        run: Run | None = await self._runs.begin(
            tx,
            looked.preview,
            loaded,
            meant,
            incident=cutover.incident,
            by=cutover.asked_by,
            approved_by=cutover.approved_by,
        )
        if run is None:
            raise SupersededError("Another run of the migration began at this moment; try it again")
        playbook = await present(tx, loaded.playbook)
        to = next_of_kind(playbook, "cutover")
        if to is not None:
            why = f"the cutover of {cutover.day.isoformat()} has begun"
            await self._moving.move(tx, playbook, to, by=by, reason=why, cause=run.id)
        return changed

    async def _changed(
        self, tx: Transaction, before: PlannedCutover, after: PlannedCutover
    ) -> PlannedCutover:
        changed = await tx.cutovers.replace(before, after)
        if changed is None:
            raise SupersededError("Somebody was faster; see the message as it stands now")
        return changed
