"""A source in memory: it answers each query with the rows it was given for it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.domain.errors import SourceError
from bot.domain.figure_read import FigureRead
from bot.domain.group import Group
from bot.domain.moment import Moment
from bot.domain.playbook.checks import Figure
from bot.domain.playbook.table_checks import Rules
from bot.domain.rules_comparison import RulesCounted
from bot.domain.table_shape import TableColumn, TableShape
from bot.reconcile.answers import Rows, newest_moment, numbers_by_group, one_number
from bot.reconcile.cells import to_decimal


class FakeSource:
    """Implements `bot.ports.source.Source` over rows by query. `asked` lists the queries in order.

    `figures` are cells by figure, `shapes` the columns by table, and `counted` what breaks every rule; each
    scan of figures is in `scans`. A query without rows, or any query after `gone` was set, raises
    SourceError.
    """

    def __init__(
        self,
        answers: Mapping[str, Rows],
        *,
        name: str = "fake",
        figures: Mapping[Figure, object] | None = None,
        shapes: Mapping[str, tuple[TableColumn, ...]] | None = None,
        counted: RulesCounted | None = None,
    ) -> None:
        self._answers = answers
        self._name = name
        self._figures = figures or {}
        self._shapes = shapes or {}
        self._counted = counted
        self.asked: list[str] = []
        self.scans: list[tuple[Figure, ...]] = []
        self.keeps_snapshot = False
        self.gone = False
        self.closed = False

    async def snapshot(self) -> bool:
        return self.keeps_snapshot

    async def scalar(self, sql: str) -> Decimal:
        rows = self._rows(sql)
        try:
            return one_number(rows)
        except SourceError as error:
            raise self._located(error) from None

    async def grouped(self, sql: str) -> dict[Group, Decimal]:
        rows = self._rows(sql)
        try:
            return numbers_by_group(rows)
        except SourceError as error:
            raise self._located(error) from None

    async def newest(self, sql: str) -> Moment:
        rows = self._rows(sql)
        try:
            return newest_moment(rows)
        except SourceError as error:
            raise self._located(error) from None

    async def figures(self, figures: Sequence[Figure]) -> list[FigureRead]:
        self.scans.append(tuple(figures))
        return [self._figure(figure) for figure in figures]

    async def columns(self, table: str) -> tuple[TableColumn, ...]:
        if table not in self._shapes:
            raise SourceError(f"there is no table {table}", where=self._name)
        return self._shapes[table]

    async def tables(self) -> tuple[TableShape, ...]:
        return tuple(
            TableShape(name, tuple(column.name for column in columns))
            for name, columns in sorted(self._shapes.items())
        )

    async def broken(self, rules: Rules) -> RulesCounted:
        if self._counted is None:
            raise SourceError(f"there is no table {rules.table}", where=self._name)
        return self._counted

    async def close(self) -> None:
        self.closed = True

    def _rows(self, sql: str) -> Rows:
        self.asked.append(sql)
        if self.gone or sql not in self._answers:
            raise SourceError("it does not answer", where=self._name)
        return self._answers[sql]

    def _figure(self, figure: Figure) -> FigureRead:
        try:
            if figure not in self._figures:
                raise SourceError("there is no such column")
            return FigureRead(to_decimal(self._figures[figure]))
        except SourceError as error:
            return FigureRead(None, problem=self._located(error))

    def _located(self, error: SourceError) -> SourceError:
        return SourceError(error.what, where=self._name)
