"""Figures that are declared without SQL, as one statement for all those of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, TableClause

from bot.domain.errors import SourceError
from bot.domain.figure_read import FigureRead
from bot.domain.playbook.checks import Figure
from bot.reconcile.cells import to_decimal
from bot.reconcile.tables import table_of

# A quotient is rounded to 28 digits, as every other one that is compared or shown.
_QUOTIENT = Context(prec=28, Emax=MAX_EMAX, Emin=MIN_EMIN)


@dataclass(frozen=True)
class _Term:
    """What the database computes: an aggregate, of a column or of rows, under a condition or none."""

    function: str
    column: str | None
    where: str | None


class FigureScan:
    """One scan of a table for all of its figures: a SELECT, and how its one row is read.

    A condition that all have stands behind WHERE, others in the aggregates. What several figures need, such
    as the sum for a total and an average, is computed once.
    """

    def __init__(self, figures: Sequence[Figure]) -> None:
        self._figures = figures
        conditions = {figure.where for figure in figures}
        self._where = figures[0].where if len(conditions) == 1 else None
        terms = [term for figure in figures for term in self._terms(figure)]
        self._places = {term: place for place, term in enumerate(dict.fromkeys(terms))}

    @property
    def statement(self) -> sa.Select[*tuple[Any, ...]]:
        """The SELECT, for any dialect."""
        columns = [term.column for term in self._places if term.column is not None]
        table = table_of(self._figures[0].table, columns)
        aggregates = [
            _aggregate(table, term).label(f"figure_{place}") for term, place in self._places.items()
        ]
        statement = sa.select(*aggregates).select_from(table)
        return statement if self._where is None else statement.where(condition(self._where))

    def read(self, row: Sequence[object]) -> list[FigureRead]:
        """The figures, in the order in which they were given."""
        return [self._read(figure, row) for figure in self._figures]

    def _terms(self, figure: Figure) -> list[_Term]:
        where = None if figure.where == self._where else figure.where
        if figure.count is not None:
            return [_Term("count", None if figure.count == "rows" else figure.count, where)]
        if figure.average is not None:
            return [_Term("sum", figure.average, where), _Term("count", figure.average, where)]
        parts = (("sum", figure.sum), ("min", figure.minimum), ("max", figure.maximum))
        return [_Term(function, column, where) for function, column in parts if column is not None]

    def _read(self, figure: Figure, row: Sequence[object]) -> FigureRead:
        cells = [row[self._places[term]] for term in self._terms(figure)]
        try:
            number = to_decimal(cells[0])
            if figure.average is not None:
                number = _QUOTIENT.divide(number, to_decimal(cells[1]))
        except SourceError as error:
            return FigureRead(number=None, problem=SourceError(error.what))
        added = figure.sum is not None or figure.average is not None
        return FigureRead(number=number, of_floats=added and isinstance(cells[0], float))


def condition(where: str) -> ColumnElement[bool]:
    """A playbook's own condition, as it is written."""
    return sa.literal_column(f"({where})")


def _aggregate(table: TableClause, term: _Term) -> ColumnElement[Decimal]:
    function = getattr(sa.func, term.function)
    value: ColumnElement[object] | None = None if term.column is None else table.c[term.column]
    if term.where is not None:
        counted = sa.literal_column("1") if value is None else value
        value = sa.case((condition(term.where), counted))
    aggregate: ColumnElement[Decimal] = function() if value is None else function(value)
    return aggregate
