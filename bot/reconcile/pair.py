"""Both sides of a comparison, asked together."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.errors import SourceError
from bot.domain.playbook.places import Side
from bot.ports.clock import Clock
from bot.ports.source import Source
from bot.reconcile.shared_scans import SharedScans

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """One side: its source, and the figures that are read of it together."""

    source: Source
    figures: SharedScans


@dataclass(frozen=True)
class Pair:
    """Both sides, and the time it is."""

    legacy: Asked
    new: Asked
    clock: Clock

    def side(self, side: Side) -> Asked:
        """One of both."""
        return self.legacy if side == "legacy" else self.new


async def both(legacy: Awaitable[T], new: Awaitable[T]) -> tuple[T, T]:
    """Both sides asked together. What either side has to say about not answering is said in one error."""
    answers = await asyncio.gather(legacy, new, return_exceptions=True)
    problems: list[SourceError] = []
    values: list[T] = []
    for answer in answers:
        if isinstance(answer, SourceError):
            problems.append(answer)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            values.append(answer)
    if problems:
        raise SourceError("; ".join(str(problem) for problem in problems))
    return values[0], values[1]
