"""What one check of a reconciliation found."""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

CheckStatus = Literal["passed", "failed", "error"]


class GroupDifference(BaseModel):
    """A group whose numbers differ; a side is None when the group is missing there."""

    model_config = ConfigDict(frozen=True)
    group: str
    legacy: Decimal | None
    new: Decimal | None
    variance: Decimal | None
    outside: bool


class CheckResult(BaseModel):
    """One comparison: both sides, the difference, the limit, the verdict.

    `legacy`, `new`, `difference` (in the unit of the tolerance) and `apart` (new minus legacy, of a
    scalar) are texts as people read them. `variance` is in the unit of the
    tolerance: percent of the absolute legacy value for `%`, percentage points for `pp`, plain units
    otherwise; None when there is no number for it (an error, or new from zero).
    An `error` is never a pass; `problem` then says what and where.
    """

    model_config = ConfigDict(frozen=True)
    check: str
    title: str
    status: CheckStatus
    legacy: str = ""
    new: str = ""
    difference: str = ""
    apart: str = ""
    variance: Decimal | None = None
    tolerance: str
    critical: bool
    owner: str
    on_fail: str
    problem: str = ""
    groups: tuple[GroupDifference, ...] = ()
    milliseconds: int = 0

    def how_far_apart(self) -> str:
        """Both ways to say the difference: `+12 (+0.01%)`."""
        return f"{self.apart} ({self.difference})" if self.apart else self.difference


class Reconciled(BaseModel):
    """All results of a reconciliation, failing ones first, and the verdict over them."""

    model_config = ConfigDict(frozen=True)
    results: tuple[CheckResult, ...]

    @property
    def failed(self) -> int:
        """Checks outside their tolerance."""
        return sum(result.status == "failed" for result in self.results)

    @property
    def errors(self) -> int:
        """Checks that could not be done."""
        return sum(result.status == "error" for result in self.results)

    @property
    def clean(self) -> bool:
        """Whether there were checks, and every one was done and passed."""
        return bool(self.results) and all(result.status == "passed" for result in self.results)

    @property
    def critical_in_percent(self) -> tuple[CheckResult, ...]:
        """The results of the critical checks that are measured in percent."""
        return tuple(result for result in self.results if result.critical and result.tolerance.endswith("%"))

    def max_critical_variance(self) -> Decimal | None:
        """The largest known variance of a critical check measured in percent; None when none is known.

        It is a lower bound while another one of these checks has no number.
        """
        known = (result.variance for result in self.critical_in_percent if result.variance is not None)
        return max((variance.copy_abs() for variance in known), default=None)
