"""A measured value with its unit, its age and, when there is none, why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.quantities import plain, rounded_keeping


@dataclass(frozen=True)
class Measurement:
    """What a signal said. `value` is None when it could not be known; `problem` then says why.

    `value` is a decimal in `unit`, or a bool for signals that are up or down. With `at_least` it is a
    lower bound: not everything could be measured, and what could be is this much already.
    """

    signal: str
    title: str
    at: datetime
    value: Decimal | bool | None
    unit: str = ""
    detail: str = ""
    problem: str = ""
    at_least: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a value, be it a lower bound."""
        return self.value is not None

    def text(self, *, said: Callable[[Decimal], bool] = lambda _value: True) -> str:
        """The value with its unit, or `unknown` and why. Rounding does not change what is `said` of it."""
        if self.value is None:
            return f"unknown ({self.problem})" if self.problem else "unknown"
        if isinstance(self.value, bool):
            return self.detail or ("yes" if self.value else "no")
        joint = "" if self.unit in ("%", "") else " "
        bound = "at least " if self.at_least else ""
        return f"{bound}{plain(rounded_keeping(self.value, said))}{joint}{self.unit}"
