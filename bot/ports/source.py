"""A database that is compared, read only."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from bot.domain.figure_read import FigureRead
from bot.domain.group import Group
from bot.domain.moment import Moment
from bot.domain.playbook.checks import Figure
from bot.domain.playbook.table_checks import Rules
from bot.domain.rules_comparison import RulesCounted
from bot.domain.table_shape import TableColumn, TableShape


class Source(Protocol):
    """One side of a reconciliation. Every query is read-only and has a time-out (seconds).

    Each method but `figures` raises SourceError when the database does not answer as it should.
    """

    async def snapshot(self) -> bool:
        """Take the snapshot that all later queries read; False where this database has none."""

    async def scalar(self, sql: str) -> Decimal:
        """The one number a query gives. NULL, text, two columns or two rows raise SourceError."""

    async def grouped(self, sql: str) -> dict[Group, Decimal]:
        """Numbers by group: the last column is the number, those before it name the group.

        A NULL in a group's name is kept apart from any text. A group twice raises SourceError.
        """

    async def newest(self, sql: str) -> Moment:
        """The one time or day a query gives. NULL, or what is no time, raises SourceError."""

    async def figures(self, figures: Sequence[Figure]) -> list[FigureRead]:
        """Figures of one table, read in one scan, in the order given. One that fails harms no other."""

    async def columns(self, table: str) -> tuple[TableColumn, ...]:
        """The columns of a table, or of `schema.table`."""

    async def tables(self) -> tuple[TableShape, ...]:
        """All tables that are not the database's own."""

    async def broken(self, rules: Rules) -> RulesCounted:
        """What breaks the rules of a table."""

    async def close(self) -> None:
        """Give back every connection."""
