"""The gates of a migration: evaluated on the evidence as it is now, and every evaluation kept."""

from dataclasses import replace

from pydantic import JsonValue

from bot.domain.errors import RefusedError
from bot.domain.gates.asked import asked_by_gate, asked_by_phase, phase_owner
from bot.domain.gates.board import Board, GateResult
from bot.domain.gates.evaluation import Evaluation, PlaybookChange, evaluated
from bot.domain.person import SWITCHBACK
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.wanted_statement import leaving
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.gate_evidence import GateEvidence
from bot.services.phases import Phases
from bot.store.store import Store, Transaction

ADD_GATES = (
    "Add to its playbook: gates: [{id: data, title: Data parity, owner: ROLE, "
    "criteria: [{check: CHECK, clean_for: 14d}]}]; docs/gates.md has every kind of criterion"
)


class GateService:
    """Implements `bot.ports.gates.EvaluatesGates`."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        phases: Phases,
        evidence: GateEvidence,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._phases = phases
        self._evidence = evidence
        self._store = store
        self._clock = clock
        self._ids = ids

    def declared(self, migration: str) -> LoadedPlaybook:
        """The playbook, for who wants its gates. Raises UnknownNameError, and RefusedError without any."""
        loaded = self._catalog.get(migration)
        if not loaded.playbook.gates:
            raise RefusedError(f"{migration} has no gates", do=ADD_GATES)
        return loaded

    async def evaluate(self, migration: str, *, cause: str) -> Board:
        """The gates as they stand now. The evaluation is kept, with what it was made for.

        Raises UnknownNameError, StoreError. Evidence that cannot be read makes its criterion unknown.
        """
        return (await self.evaluation(migration, cause=cause)).board

    async def evaluation(self, migration: str, *, cause: str) -> Evaluation:
        """The same, with what has changed since the one before."""
        board = await self._board(self._catalog.get(migration))
        async with self._store.transaction() as tx:
            before = await tx.gate_evaluations.latest(migration)
            made = evaluated(before[0] if before else None, board, evaluation_id=self._ids.new(), cause=cause)
            await tx.gate_evaluations.add(made)
            await self._audit(tx, made)
        return made

    async def leaving(self, migration: str) -> GateResult:
        """The criteria for leaving the present phase, as one gate. Raises UnknownNameError, StoreError."""
        loaded = self._catalog.get(migration)
        playbook = await self._phases.present(loaded.playbook)
        phase = playbook.current_phase
        wanted = tuple(asked_by_phase(playbook, phase, self._clock.now()))
        return GateResult(
            id=leaving(phase.id),
            title=f"Leaving {phase.named}",
            owner=phase_owner(phase),
            criteria=await self._evidence.settle(replace(loaded, playbook=playbook), wanted),
        )

    async def kept(self, evaluation_id: str) -> Evaluation:
        """An evaluation as it was made. Raises UnknownNameError."""
        async with self._store.reading() as tx:
            return await tx.gate_evaluations.get(evaluation_id)

    async def history(self, migration: str, *, count: int) -> tuple[Evaluation, ...]:
        """The latest evaluations, newest first. Raises UnknownNameError."""
        self._catalog.get(migration)
        async with self._store.reading() as tx:
            return await tx.gate_evaluations.latest(migration, count=count)

    async def _board(self, loaded: LoadedPlaybook) -> Board:
        playbook, now = loaded.playbook, self._clock.now()
        wanted = [(gate, tuple(asked_by_gate(playbook, gate, now))) for gate in playbook.gates]
        results = iter(await self._evidence.settle(loaded, [one for _gate, each in wanted for one in each]))
        gates = tuple(
            GateResult(
                id=gate.id,
                title=gate.title,
                owner=gate.owner,
                criteria=tuple(next(results) for _ in each),
            )
            for gate, each in wanted
        )
        return Board(
            migration=playbook.migration,
            title=playbook.title,
            at=now,
            playbook_digest=loaded.digest,
            gates=gates,
        )

    async def _audit(self, tx: Transaction, made: Evaluation) -> None:
        board = made.board
        facts: dict[str, JsonValue] = {
            "evaluation": made.id,
            "cause": made.cause,
            "passes": board.passes,
            "failing": [gate.id for gate in board.failing],
            "evidence": board.digest(),
            "playbook": board.playbook_digest,
        }
        await self._record(tx, board, "gates.evaluated", facts)
        if made.edited is not None:
            await self._record(tx, board, "gates.playbook_changed", _edit(made.edited))

    async def _record(self, tx: Transaction, board: Board, kind: str, facts: dict[str, JsonValue]) -> None:
        subject = f"migration:{board.migration}"
        await tx.journal.record(at=board.at, actor=SWITCHBACK, kind=kind, subject=subject, facts=facts)


def _edit(edit: PlaybookChange) -> dict[str, JsonValue]:
    return {"before": edit.before, "now": edit.now, "changes": list(edit.told)}
