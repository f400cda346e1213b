"""Gates, codes and what follows from a GO, as a test wants them."""

from collections.abc import Awaitable, Callable

from bot.domain.decision import Decision
from bot.domain.errors import RefusedError, UnknownNameError
from bot.domain.gates.board import Board, CriterionResult, CriterionState, GateResult
from bot.domain.person import Actor
from bot.ports.clock import Clock
from bot.store.store import Transaction


class FakeGates:
    """Implements EvaluatesGates. `parity` and `trained` are the states of its two criteria.

    `reconciliation` names the evidence of the first, `digest` is the playbook's, `causes` lists what was
    asked for, and `meanwhile` is called while an evaluation goes on.
    """

    def __init__(self, *, clock: Clock, digest: str = "1" * 64) -> None:
        self._clock = clock
        self.digest = digest
        self.parity: CriterionState = "pass"
        self.trained: CriterionState = "pass"
        self.reconciliation = "reconciliation-1"
        self.causes: list[str] = []
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def evaluate(self, migration: str, *, cause: str) -> Board:
        if migration != "ledger":
            raise UnknownNameError("migration", migration, ["ledger"])
        self.causes.append(cause)
        board = Board(
            migration=migration,
            title="General ledger",
            at=self._clock.now(),
            playbook_digest=self.digest,
            gates=(
                self._gate("parity", "Data parity", self.parity, self.reconciliation),
                self._gate("readiness", "Operator readiness", self.trained, "statements-1"),
            ),
        )
        if self.meanwhile is not None:
            await self.meanwhile()
        return board

    async def leaving(self, migration: str) -> GateResult:
        self.causes.append(f"leaving {migration}")
        return self._gate("leave", "Leaving", self.parity, self.reconciliation)

    def _gate(self, gate: str, title: str, state: CriterionState, evidence: str) -> GateResult:
        criterion = CriterionResult(
            id=f"{gate}-holds",
            kind="check",
            title=f"{title} holds",
            owner="data",
            state=state,
            reason="16 days clean" if state == "pass" else f"{gate} is {state}",
            how="reconciled",
            as_of=self._clock.now(),
            evidence=(evidence,),
        )
        return GateResult(id=gate, title=title, owner="data", criteria=(criterion,))


class FakeCodes:
    """Implements SecondFactor: `123456` is right, once for each person."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    async def must_be_right(self, actor: Actor, code: str) -> None:
        if code != "123456" or actor.id in self.used:
            raise RefusedError("This code is wrong or used", field="code")
        self.used.add(actor.id)


class FakeAfterDecision:
    """Implements AfterDecision: keeps what it was told, and raises `refuses` where that is set."""

    def __init__(self) -> None:
        self.decided_on: list[Decision] = []
        self.refuses: Exception | None = None

    async def decided(self, tx: Transaction, decision: Decision) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.decided_on.append(decision)
        # Seen by another replica as well, and undone with the transaction.
        await tx.journal.record(
            at=decision.asked_at,
            actor=decision.asked_by,
            kind="test.decided",
            subject=decision.subject,
            facts={},
        )


class FakeUnderWay:
    """Implements UnderWay: says what it is told to."""

    def __init__(self) -> None:
        self.text = ""

    async def under_way(self, _tx: Transaction, _migration: str) -> str:
        return self.text
