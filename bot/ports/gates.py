"""The gates of a migration, evaluated on the evidence as it is now."""

from typing import Protocol

from bot.domain.gates.board import Board, GateResult


class EvaluatesGates(Protocol):
    """Reads the evidence and settles every criterion by it."""

    async def evaluate(self, migration: str, *, cause: str) -> Board:
        """The gates as they stand now. The evaluation is kept, with what it was made for.

        Raises UnknownNameError. Evidence that cannot be read makes its criterion unknown.
        """

    async def leaving(self, migration: str) -> GateResult:
        """The criteria for leaving the present phase, as one gate."""
