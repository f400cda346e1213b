"""What a decision brings about, and what stands in the way of another; who decides need not know of it."""

from typing import Protocol

from bot.domain.decision import Decision
from bot.store.store import Transaction


class AfterDecision(Protocol):
    """Is told of every GO, in the transaction in which it is decided. An error would undo that GO."""

    async def decided(self, tx: Transaction, decision: Decision) -> None:
        """Write what follows from a decision that went: `decision.went` holds, and `kind` says of what."""


class UnderWay(Protocol):
    """Knows of the cutover that an earlier decision brought about."""

    async def under_way(self, tx: Transaction, migration: str) -> str:
        """What is planned or going on, as a sentence goes on; empty where another may be asked for."""
