"""A source that could not be opened."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn

from bot.domain.errors import SourceError
from bot.domain.figure_read import FigureRead
from bot.domain.group import Group
from bot.domain.moment import Moment
from bot.domain.playbook.checks import Figure
from bot.domain.playbook.table_checks import Rules
from bot.domain.rules_comparison import RulesCounted
from bot.domain.table_shape import TableColumn, TableShape


class UnavailableSource:
    """Implements `bot.ports.source.Source`: every question gets the reason, as a SourceError."""

    def __init__(self, reason: SourceError) -> None:
        self._reason = reason

    async def snapshot(self) -> bool:
        """The reason."""
        self._refuse()

    async def scalar(self, sql: str) -> Decimal:  # noqa: ARG002 - whatever is asked
        """The reason."""
        self._refuse()

    async def grouped(self, sql: str) -> dict[Group, Decimal]:  # noqa: ARG002
        """The reason."""
        self._refuse()

    async def newest(self, sql: str) -> Moment:  # noqa: ARG002
        """The reason."""
        self._refuse()

    async def figures(self, figures: Sequence[Figure]) -> list[FigureRead]:
        """The reason, for each of them."""
        return [FigureRead(number=None, problem=self._told())] * len(figures)

    async def columns(self, table: str) -> tuple[TableColumn, ...]:  # noqa: ARG002
        """The reason."""
        self._refuse()

    async def tables(self) -> tuple[TableShape, ...]:
        """The reason."""
        self._refuse()

    async def broken(self, rules: Rules) -> RulesCounted:  # noqa: ARG002
        """The reason."""
        self._refuse()

    async def close(self) -> None:
        """Nothing was opened."""

    def _told(self) -> SourceError:
        return SourceError(self._reason.what, where=self._reason.where, do=self._reason.do)

    def _refuse(self) -> NoReturn:
        raise self._told()
