"""What a decision brings about, which the service that takes it need not know."""

from typing import Protocol

from bot.domain.decision import Decision
from bot.store.store import Transaction


class AfterDecision(Protocol):
    """Is told of every GO, in the transaction in which it is decided. An error would undo that GO."""

    async def decided(self, tx: Transaction, decision: Decision) -> None:
        """Write what follows from a decision that went: `decision.went` holds, and `kind` says of what."""
