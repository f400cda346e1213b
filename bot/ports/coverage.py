"""What no check compares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.places import Side


@dataclass(frozen=True)
class Uncompared:
    """A table of one side and those of its columns that no check compares; all of them where `whole`."""

    side: Side
    table: str
    columns: tuple[str, ...]
    whole: bool


@dataclass(frozen=True)
class Coverage:
    """What no check compares, of how many tables and columns of both sides together.

    `problems` tell of sides that could not be read, and of checks whose SQL does not say what it reads.
    `columns_of` are the columns of each side that could be read.
    """

    uncompared: tuple[Uncompared, ...]
    tables: int
    columns: int
    problems: tuple[str, ...] = ()
    columns_of: Mapping[Side, int] = field(default_factory=dict)


class CoverageReader(Protocol):
    """Says which tables and columns of both sides no check compares."""

    async def read(self, loaded: LoadedPlaybook) -> Coverage:
        """Reads the catalogues of both sides. A side that cannot be read is a problem, never an exception."""
