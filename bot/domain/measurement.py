"""A measured value with its unit, its age and, when there is none, why."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.quantities import plain, rounded


@dataclass(frozen=True)
class Measurement:
    """What a signal said. `value` is None when it could not be known; `problem` then says why.

    `value` is a decimal in `unit`, or a bool for signals that are up or down.
    """

    signal: str
    title: str
    at: datetime
    value: Decimal | bool | None
    unit: str = ""
    detail: str = ""
    problem: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def text(self) -> str:
        """The value with its unit, or `unknown` and why."""
        if self.value is None:
            return f"unknown ({self.problem})" if self.problem else "unknown"
        if isinstance(self.value, bool):
            return self.detail or ("yes" if self.value else "no")
        joint = "" if self.unit in ("%", "") else " "
        return f"{plain(rounded(self.value))}{joint}{self.unit}"
