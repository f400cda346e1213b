"""A source in memory: it answers each query with the rows it was given for it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.domain.errors import SourceError
from bot.domain.group import Group, group_name
from bot.reconcile.cells import to_decimal, to_group_part

Rows = Sequence[Sequence[object]]


class FakeSource:
    """Implements `bot.ports.source.Source` over rows by query. `asked` lists the queries in order.

    A query without rows, or any query after `gone` was set, raises SourceError.
    """

    def __init__(self, answers: Mapping[str, Rows], *, name: str = "fake") -> None:
        self._answers = answers
        self._name = name
        self.asked: list[str] = []
        self.gone = False
        self.closed = False

    async def scalar(self, sql: str) -> Decimal:
        rows = self._rows(sql)
        if len(rows) != 1 or len(rows[0]) != 1:
            raise SourceError("one row with one column is wanted", where=self._name)
        return self._decimal(rows[0][0])

    async def grouped(self, sql: str) -> dict[Group, Decimal]:
        numbers: dict[Group, Decimal] = {}
        for row in self._rows(sql):
            if len(row) < 2:
                raise SourceError("a grouped query names the group first", where=self._name)
            group = tuple(to_group_part(part) for part in row[:-1])
            if group in numbers:
                raise SourceError(f"group {group_name(group)} is there twice", where=self._name)
            numbers[group] = self._decimal(row[-1])
        return numbers

    async def close(self) -> None:
        self.closed = True

    def _rows(self, sql: str) -> Rows:
        self.asked.append(sql)
        if self.gone or sql not in self._answers:
            raise SourceError("it does not answer", where=self._name)
        return self._answers[sql]

    def _decimal(self, cell: object) -> Decimal:
        try:
            return to_decimal(cell)
        except SourceError as error:
            raise SourceError(error.what, where=self._name) from None
