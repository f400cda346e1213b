"""Gates whose criteria a test settles."""

from bot.domain.errors import SourceError
from bot.domain.gates.board import Board, CriterionResult, GateResult
from bot.ports.clock import Clock


class SettledGates:
    """Implements EvaluatesGates. `failing` are criteria that fail, by id, with the reason; `away` makes it
    fail."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self.failing: dict[str, str] = {}
        self.away = False
        self.asked: list[str] = []

    async def evaluate(self, migration: str, *, cause: str) -> Board:
        self.asked.append(cause)
        if self.away:
            raise SourceError("the evidence cannot be read")
        return Board(
            migration=migration,
            title="General ledger",
            at=self._clock.now(),
            playbook_digest="1" * 64,
            gates=(self._gate(),),
        )

    async def leaving(self, migration: str) -> GateResult:
        self.asked.append(f"leaving {migration}")
        if self.away:
            raise SourceError("the evidence cannot be read")
        return self._gate()

    def _gate(self) -> GateResult:
        criteria = tuple(self._criterion(one) for one in ("check-accounts", "check-postings"))
        return GateResult(id="parity", title="Data parity", owner="data", criteria=criteria)

    def _criterion(self, name: str) -> CriterionResult:
        reason = self.failing.get(name)
        return CriterionResult(
            id=name,
            kind="check",
            title=name,
            owner="data",
            state="fail" if reason else "pass",
            reason=reason or "clean for 14 days",
            how="the daily reconciliation",
            as_of=self._clock.now(),
            evidence=("reconciliation-1",),
        )
