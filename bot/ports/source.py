"""A database that is compared, read only."""

from decimal import Decimal
from typing import Protocol

from bot.domain.group import Group


class Source(Protocol):
    """One side of a reconciliation. Every query is read-only and has a time-out (seconds)."""

    async def scalar(self, sql: str) -> Decimal:
        """The one number a query gives. NULL, text, two columns or two rows raise SourceError."""

    async def grouped(self, sql: str) -> dict[Group, Decimal]:
        """Numbers by group: the last column is the number, those before it name the group.

        A NULL in a group's name is kept apart from any text. A group twice raises SourceError.
        """

    async def close(self) -> None:
        """Give back every connection."""
