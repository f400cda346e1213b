"""The evidence on which people decide, evaluated now, and what else keeps them from approving."""

from bot.domain.cutover_day import freeze_on, said_day, said_freeze
from bot.domain.decision import Decision, DecisionKind
from bot.domain.gates.board import Board
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock
from bot.ports.gates import EvaluatesGates
from bot.services.catalog import Catalog


class DecisionEvidence:
    """Has the gates evaluated, or the criteria for leaving the present phase."""

    def __init__(self, *, gates: EvaluatesGates, catalog: Catalog, clock: Clock) -> None:
        self._gates = gates
        self._catalog = catalog
        self._clock = clock

    async def now(self, migration: str, kind: DecisionKind, *, cause: str) -> Board:
        """The board as it stands now: of a move to another phase, what leaving this one needs is its gate.

        Raises UnknownNameError.
        """
        if kind == "cutover":
            return await self._gates.evaluate(migration, cause=cause)
        loaded = self._catalog.get(migration)
        return Board(
            migration=migration,
            title=loaded.playbook.title,
            at=self._clock.now(),
            playbook_digest=loaded.digest,
            gates=(await self._gates.leaving(migration),),
        )


def other_reasons(playbook: Playbook, decision: Decision) -> tuple[str, ...]:
    """What, beside the evidence, keeps people from approving: a freeze that came later."""
    if playbook.cutover is None or decision.day is None:
        return ()
    frozen = freeze_on(playbook.cutover, decision.day)
    return (f"{said_day(decision.day)} is in the {said_freeze(frozen)}",) if frozen else ()
