"""Where a cutover stands: what is open, what was decided last, and what is missing to ask for it."""

from bot.domain.decision import Decision
from bot.domain.decision_standing import Standing
from bot.domain.decision_weighing import failing
from bot.services.deciding_rights import cutover_of
from bot.services.decision_evidence import DecisionEvidence
from bot.services.phases import Phases
from bot.store.store import Store


class DecisionStatus:
    """Tells it, for anybody with a role and at the terminal."""

    def __init__(self, *, phases: Phases, evidence: DecisionEvidence, store: Store) -> None:
        self._phases = phases
        self._evidence = evidence
        self._store = store

    async def of(self, migration: str) -> Standing:
        """Where it stands now. Raises UnknownNameError, RefusedError where no cutover is declared."""
        playbook = await self._phases.playbook(migration)
        cutover_of(playbook)
        async with self._store.reading() as tx:
            open_ = await tx.decisions.open_decision(migration)
            last = await tx.decisions.latest(migration)
        if open_ is not None:
            return Standing(playbook, open_, None, None, ())
        board = await self._evidence.now(migration, "cutover", cause="cutover status")
        to = playbook.next_phase
        elsewhere = to is None or to.kind not in ("cutover", "grace")
        phase = playbook.current_phase.named
        missing = [f"phase “{phase}” is not the one before the cutover"] if elsewhere else []
        missing += failing(board)
        return Standing(playbook, None, last, board, tuple(missing))

    async def open(self, migration: str) -> Decision | None:
        """What waits to be decided now, if anything does."""
        async with self._store.reading() as tx:
            return await tx.decisions.open_decision(migration)
