"""A person's Home: what waits for them, and where every migration stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.messages.home import HomeFacts, MigrationLine, OpenIncident, WaitingLine
from bot.domain.phase_move import PhaseMove
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.waiting import WaitingItem
from bot.ports.clock import Clock
from bot.ports.roles import RoleDirectory
from bot.services.catalog import Catalog
from bot.services.phases import present
from bot.services.summary_state import summary_state
from bot.services.waiting import OwnRoles, WaitsFor
from bot.store.store import Store, Transaction

_DAY = timedelta(days=1)
# Who looked so recently is shown again what changes.
RECENT = timedelta(hours=1)


class HomeService:
    """Gathers what a Home shows, and remembers who has looked at it lately."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        roles: RoleDirectory,
        waits: Sequence[WaitsFor],
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._roles = roles
        self._waits = tuple(waits)
        self._store = store
        self._clock = clock
        self._looked: dict[str, datetime] = {}

    def looked(self, person: str) -> None:
        """Note that a person looks at their Home."""
        now = self._clock.now()
        self._looked = {one: at for one, at in self._looked.items() if now - at < RECENT}
        self._looked[person] = now

    def looks(self, person: str) -> bool:
        """Whether a person has looked at their Home within the last hour, at this replica."""
        at = self._looked.get(person)
        return at is not None and self._clock.now() - at < RECENT

    async def look(self, person: str) -> HomeFacts:
        """A person's Home now. Raises StoreError."""
        me = OwnRoles(roles=self._roles, person=person)
        items = [item for waits in self._waits for item in await waits.waiting(me)]
        items.sort(key=_most_urgent_first)
        async with self._store.reading() as tx:
            waiting = [WaitingLine(item, await tx.delivery.place(item.subject)) for item in items]
            migrations = [
                await self._migration(tx, self._catalog.get(name)) for name in self._catalog.migrations
            ]
        return HomeFacts(
            at=self._clock.now(),
            waiting=tuple(waiting),
            unknown=tuple(me.unknown),
            migrations=tuple(migrations),
        )

    async def _migration(self, tx: Transaction, loaded: LoadedPlaybook) -> MigrationLine:
        playbook = await present(tx, loaded.playbook)
        migration, now = playbook.migration, self._clock.now()
        move = await tx.phases.latest(migration)
        latest = await tx.reconciliations.latest(migration)
        daily = await summary_state(tx, loaded, now=now)
        evaluations = await tx.gate_evaluations.latest(migration)
        board = evaluations[0].board if evaluations else None
        day, of_days = _days(playbook, move, now)
        return MigrationLine(
            migration=migration,
            phase=playbook.current_phase.named,
            day=day,
            of_days=of_days,
            reconciled=latest.reconciled if latest else None,
            reconciled_at=latest.ended_at if latest else None,
            clean_days=daily.clean_days if daily else None,
            gates=(len(board.gates) - len(board.failing), len(board.gates)) if board else None,
            gates_at=board.at if board else None,
            declared_gates=len(playbook.gates),
            incident=await self._incident(tx, migration),
        )

    async def _incident(self, tx: Transaction, migration: str) -> OpenIncident | None:
        found = await tx.incidents.open(migration)
        if not found:
            return None
        first = found[0]
        return OpenIncident(first.severity, first.opened_at, await tx.delivery.place(first.subject))


def _most_urgent_first(item: WaitingItem) -> tuple[int, bool, float]:
    return item.rank, item.due is None, item.due.timestamp() if item.due else 0.0


def _days(playbook: Playbook, move: PhaseMove | None, now: datetime) -> tuple[int | None, int | None]:
    """Which day of its phase it is, and how many there are meant to be."""
    if move is None or move.phase != playbook.phase:
        return None, None
    lasts = playbook.current_phase.lasts
    if move.extended_to is not None:
        lasts = move.extended_to - move.since
    return max(0, (now - move.since) // _DAY) + 1, -(-lasts // _DAY) if lasts else None
