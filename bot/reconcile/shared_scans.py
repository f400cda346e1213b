"""Figures of one source: those of one table are read in one scan, when the first of them is needed."""

import asyncio
from collections.abc import Iterable

from bot.domain.errors import SourceError
from bot.domain.figure_read import FigureRead
from bot.domain.playbook.checks import Check, Figure, Figures
from bot.domain.playbook.places import Side
from bot.ports.source import Source


class SharedScans:
    """The figures that some checks need of a side. A figure is read once, however many checks have it."""

    def __init__(self, source: Source, figures: Iterable[Figure]) -> None:
        self._source = source
        self._by_table: dict[str, list[Figure]] = {}
        for figure in dict.fromkeys(figures):
            self._by_table.setdefault(figure.table, []).append(figure)
        self._locks = {table: asyncio.Lock() for table in self._by_table}
        self._read: dict[Figure, FigureRead] = {}

    async def read(self, figure: Figure) -> FigureRead:
        """A figure that has a number. Raises SourceError for one that has none."""
        async with self._locks[figure.table]:
            if figure not in self._read:
                figures = self._by_table[figure.table]
                self._read.update(zip(figures, await self._source.figures(figures), strict=True))
        found = self._read[figure]
        if found.problem is not None:
            raise SourceError(found.problem.what, where=found.problem.where, do=found.problem.do)
        return found


def figures_of(checks: Iterable[Check], side: Side) -> list[Figure]:
    """The figures without SQL that checks need of a side."""
    declared: list[Figures] = []
    for check in checks:
        declared += [check.scalar] if check.scalar is not None else []
        declared += [check.growth.current, check.growth.previous] if check.growth is not None else []
    numbers = [one.legacy if side == "legacy" else one.new for one in declared]
    return [number for number in numbers if isinstance(number, Figure)]
