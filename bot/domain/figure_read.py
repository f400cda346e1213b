"""A figure as it was read."""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain.errors import SourceError


@dataclass(frozen=True)
class FigureRead:
    """A number, or why there is none. `of_floats`: the database added floats, whose sum is not exact."""

    number: Decimal | None
    problem: SourceError | None = None
    of_floats: bool = False

    @property
    def value(self) -> Decimal:
        """The number. Raises SourceError where there is none."""
        if self.number is None:
            raise self.problem or SourceError("there is no number")
        return self.number
