"""The numbers of both sides that scalar and growth checks compare."""

from bot.domain.figure_read import FigureRead
from bot.domain.playbook.checks import Figure, Figures
from bot.domain.playbook.places import Side
from bot.reconcile.pair import Asked, Pair, both


async def read_figures(declared: Figures, pair: Pair) -> tuple[FigureRead, FigureRead]:
    """Both numbers, asked together. Raises SourceError."""
    return await both(_read(declared.legacy, pair.legacy), _read(declared.new, pair.new))


def note_on(*reads: tuple[Side, FigureRead]) -> str:
    """What a reader has to know of numbers that a database added as floats."""
    sides = dict.fromkeys(side for side, read in reads if read.of_floats)
    return f"{' and '.join(sides)} added floats: the last of 16 digits can be off" if sides else ""


async def _read(declared: str | Figure, asked: Asked) -> FigureRead:
    if isinstance(declared, Figure):
        return await asked.figures.read(declared)
    return FigureRead(number=await asked.source.scalar(declared))
