"""Where a migration is: its phase and since when, what is allowed and needed, and which dates come next."""

from datetime import datetime, timedelta

from bot.domain.cutover import PlannedCutover
from bot.domain.errors import SwitchbackError
from bot.domain.hold import next_hold
from bot.domain.messages.phase import ComingDate, LeavingLine, PhaseFacts
from bot.domain.person import Actor
from bot.domain.phase_move import PhaseMove
from bot.domain.phase_ways import ends_at
from bot.domain.playbook.criteria import criterion_id
from bot.domain.playbook.document import PRODUCTION, Playbook
from bot.domain.run import Run
from bot.ports.clock import Clock
from bot.ports.gates import EvaluatesGates
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.phase_moving import rollback_needs
from bot.services.phases import present
from bot.store.store import Store, Transaction

_DAY = timedelta(days=1)


class PhaseView:
    """Reads it, for anybody with a role in the migration."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        gates: EvaluatesGates,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._gates = gates
        self._store = store
        self._clock = clock

    async def of(self, migration: str, *, actor: Actor) -> PhaseFacts:
        """Where it is now. Raises NotAllowedError, UnknownNameError."""
        declared = self._catalog.get(migration).playbook
        await self._permissions.may_reconcile(declared, actor)
        now = self._clock.now()
        async with self._store.reading() as tx:
            playbook = await present(tx, declared)
            move = await tx.phases.latest(migration)
            cutover = await tx.cutovers.under_way(migration)
            dates = await self._dates(tx, playbook, move, cutover)
            active = await tx.runs.active(migration, PRODUCTION)
        leaving, problem = await self._leaving(playbook)
        phase, following = playbook.current_phase, playbook.next_phase
        ends = ends_at(playbook, move) if move else None
        return PhaseFacts(
            migration=migration,
            title=playbook.title,
            phase=phase.id,
            named=phase.named,
            phase_kind=phase.kind,
            since=move.since if move else None,
            day=(now - move.since) // _DAY + 1 if move else None,
            days=-(-(ends - move.since) // _DAY) if move and ends else None,
            ends=ends,
            allows=phase.allows,
            rollback=rollback_needs(phase),
            next_phase=following.named if following else "",
            decided_by=self._decided_by(playbook),
            leaving=leaving,
            problem=problem,
            dates=dates,
            countdown=_countdown(active, now),
            at=now,
        )

    async def _leaving(self, playbook: Playbook) -> tuple[tuple[LeavingLine, ...], str]:
        wanted = playbook.current_phase.leave_when
        if not wanted:
            return (), ""
        problem = ""
        actual = {}
        try:
            found = await self._gates.leaving(playbook.migration)
            actual = {one.id: one for one in found.criteria}
        except SwitchbackError as error:
            problem = str(error)
        lines = (
            LeavingLine(target=one.target, actual=actual.get(criterion_id(one.criterion))) for one in wanted
        )
        return tuple(lines), problem

    @staticmethod
    def _decided_by(playbook: Playbook) -> str:
        """Who decides about leaving: of the phase before the cutover, the cutover's approvers."""
        following = playbook.next_phase
        if following is not None and following.kind in ("cutover", "grace") and playbook.cutover is not None:
            return playbook.cutover.approvals.role
        return playbook.current_phase.decided_by or ""

    async def _dates(
        self,
        tx: Transaction,
        playbook: Playbook,
        move: PhaseMove | None,
        cutover: PlannedCutover | None,
    ) -> tuple[ComingDate, ...]:
        found = []
        if cutover is not None and cutover.status in ("planned", "asking"):
            found.append(ComingDate(at=cutover.begins_at, what="the day of the cutover begins"))
        latest = await tx.cutovers.latest(playbook.migration)
        for item in await tx.follow_ups.of_decision(latest.id) if latest else ():
            if item.status == "open":
                found.append(ComingDate(at=item.due, what=f"{item.title} ({item.owner})"))
        ends = ends_at(playbook, move) if move else None
        if ends is not None:
            what = "the way back ends" if playbook.current_phase.kind == "grace" else "the phase is to end"
            found.append(ComingDate(at=ends, what=what))
        return tuple(sorted(found, key=lambda one: (one.at, one.what)))


def _countdown(active: tuple[Run, ...], now: datetime) -> str:
    for run in active:
        hold = next_hold(run)
        if hold is not None:
            return hold.described(now)
    return ""
