"""The ledger with gates, and what a test says for people."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.domain.gates.board import Board, CriterionResult
from bot.domain.person import Actor
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.statement import Choice, Statement
from bot.domain.wanted_statement import AboutCriterion, wanted
from bot.ports.coverage import CoverageReader
from tests.fakes.clock import CountingIds
from tests.integration.ledger import Document, ledger
from tests.integration.trial import Trial, joined

BOARD = "U0ONE", "U0TWO", "U0THREE"
ROLES: Document = {
    "operator": {"usergroup": "ledger-oncall"},
    "data": {"usergroup": "ledger-data"},
    "board": {"users": list(BOARD)},
}


def gate(*criteria: Document, name: str = "data", title: str = "Data parity") -> Document:
    """A gate that the role `data` owns."""
    return {"id": name, "title": title, "owner": "data", "criteria": list(criteria)}


def gated(folder: Path, *gates: Document, digest: str = "1" * 64, **changes: object) -> LoadedPlaybook:
    """The ledger with these gates, and with these keys of it changed."""
    return ledger(folder, digest=digest, roles=ROLES, gates=list(gates), **changes)


async def state(
    trial: Trial,
    loaded: LoadedPlaybook,
    gate_id: str,
    criterion: str,
    *,
    by: str,
    choice: Choice = "sign",
    item: str = "",
    at: datetime | None = None,
) -> None:
    """Have a person state what the playbook wants about a criterion."""
    meant = wanted(loaded.playbook, AboutCriterion("ledger", gate_id, criterion))
    statement = Statement(
        id=f"{gate_id}-{criterion}-{item}-{by}",
        migration="ledger",
        gate=gate_id,
        criterion=criterion,
        item=item,
        role=meant.role,
        by=Actor(by, by.title()),
        at=at or trial.clock.now(),
        choice=choice,
        shown=meant.digest(item),
    )
    async with trial.store.transaction() as tx:
        assert await tx.statements.add(statement)


@asynccontextmanager
async def bot_of(
    trial: Trial, loaded: LoadedPlaybook, *, ids: str = "bot", coverage: CoverageReader | None = None
) -> AsyncIterator[Trial]:
    """A bot over the same store, clock and jobs as a trial, with another playbook."""
    async with joined(
        store=trial.store,
        clock=trial.clock,
        jobs=trial.jobs,
        folder=trial.folder,
        playbook=loaded,
        coverage=coverage,
        ids=CountingIds(ids),
    ) as bot:
        yield bot


def only(board: Board) -> CriterionResult:
    """The one criterion of a board."""
    results: Sequence[CriterionResult] = [one for gate in board.gates for one in gate.criteria]
    assert len(results) == 1
    return results[0]
