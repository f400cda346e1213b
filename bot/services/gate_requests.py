"""People ask for the gates of a migration; a durable job evaluates them."""

from dataclasses import dataclass

from bot.domain.errors import UnknownNameError
from bot.domain.gates.evaluation import Evaluation
from bot.domain.person import Actor
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.gate_telling import GateTelling
from bot.services.gates import GateService
from bot.services.permissions import Permissions
from bot.store.store import Store

MOST_HISTORY = 20


@dataclass(frozen=True)
class AskedGates:
    """Where the gates will be shown: a channel's id or name."""

    migration: str
    channel: str


class GateRequests:
    """Whoever has a role in a migration may see its gates."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        gates: GateService,
        telling: GateTelling,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._gates = gates
        self._telling = telling
        self._store = store
        self._clock = clock
        self._ids = ids

    async def ask(self, migration: str, *, channel: str | None, actor: Actor) -> AskedGates:
        """Have them evaluated and shown in `channel`, or in the playbook's summaries.

        Raises UnknownNameError, NotAllowedError, and RefusedError where there are none.
        """
        playbook = self._gates.declared(migration).playbook
        await self._permissions.may_see_gates(playbook, actor)
        asked, told = self._ids.new(), channel or playbook.channels.summaries
        async with self._store.transaction() as tx:
            await self._telling.show(tx, migration, channel=told, subject=f"gates:{asked}", by=actor.name)
            await tx.journal.record(
                at=self._clock.now(),
                actor=actor,
                kind="gates.asked",
                subject=f"migration:{migration}",
                facts={"channel": told},
            )
            await tx.enqueue(
                "evaluate_gates",
                job_id=f"gates:{asked}",
                asked=asked,
                migration=migration,
                channel=told,
                by=actor.name,
            )
        return AskedGates(migration, told)

    async def perform(self, asked: str, migration: str, channel: str, by: str) -> None:
        """The durable job `evaluate_gates`. Run again after a crash, it evaluates and shows them again."""
        try:
            made = await self._gates.evaluation(migration, cause=f"asked for by {by}")
        except UnknownNameError:
            # The playbook was removed in between: there is nobody to tell it to but the log of the loader.
            return
        async with self._store.transaction() as tx:
            await self._telling.show(
                tx, migration, channel=channel, subject=f"gates:{asked}", by=by, evaluation=made
            )

    async def shown(self, evaluation_id: str, *, actor: Actor) -> Evaluation:
        """An evaluation, for who looks into it. Raises UnknownNameError, NotAllowedError."""
        made = await self._gates.kept(evaluation_id)
        await self._permissions.may_see_gates(self._catalog.get(made.board.migration).playbook, actor)
        return made

    async def history(self, migration: str, *, actor: Actor) -> tuple[Evaluation, ...]:
        """The latest evaluations, newest first. Raises UnknownNameError, NotAllowedError."""
        await self._permissions.may_see_gates(self._catalog.get(migration).playbook, actor)
        return await self._gates.history(migration, count=MOST_HISTORY)
