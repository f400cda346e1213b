"""What one check of a reconciliation found."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.playbook.checks import CheckKind
from bot.domain.quantities import Limit, plain
from bot.domain.row_difference import RowsFound

CheckStatus = Literal["passed", "failed", "error", "unknown"]

_ORDER: dict[CheckStatus, int] = {"failed": 0, "error": 1, "unknown": 2, "passed": 3}
_NAMED_GROUPS = 3
# A success rate has its limit in percent, too, and is no variance.
_IN_PERCENT = ("scalar", "grouped", "rows")
# A ratio to a limit of 0 is infinite: one person missing would count for more than any sum of money.
# For the order alone, a limit below this one (in its own unit) counts as this one.
_LEAST_LIMIT = Decimal("0.1")


class GroupDifference(BaseModel):
    """A group whose numbers differ; a side is None when the group is missing there."""

    model_config = ConfigDict(frozen=True)
    group: str
    legacy: Decimal | None
    new: Decimal | None
    variance: Decimal | None
    outside: bool

    def described(self) -> str:
        """`group 3: 21,654 → 21,617`."""
        legacy, new = ("missing" if side is None else plain(side) for side in (self.legacy, self.new))
        return f"group {self.group}: {legacy} → {new}"


class Found(BaseModel):
    """One thing that is wrong in a check, by a name that stays the same from day to day, and in words."""

    model_config = ConfigDict(frozen=True)
    name: str
    text: str


MOST_FOUND = 50
"""Things that one check names in `found`; beyond that they are only counted."""


class CheckResult(BaseModel):
    """One comparison: both sides, the difference, the limit, the verdict.

    `legacy`, `new`, `difference` (in the unit of the tolerance) and `apart` (new minus legacy, of a
    scalar) are texts as people read them. `variance` is in the unit of the
    tolerance: percent of the absolute legacy value for `%`, percentage points for `pp`, plain units
    otherwise; None when there is no number for it (an error, or new from zero).
    An `error` is never a pass; `problem` then says what and where. `unknown` could be done and says
    nothing, such as of sides that are not ready; `problem` then says why.
    `groups` are those of a grouped check that differ, `rows` the counts of a row check, and `found` what
    a check of a table found wrong, at most `MOST_FOUND`. `note` says what a reader of the numbers has to
    know, such as that a sum was made of floats.
    """

    model_config = ConfigDict(frozen=True)
    check: str
    title: str
    kind: CheckKind | Literal["ready"] = "scalar"
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
    rows: RowsFound | None = None
    found: tuple[Found, ...] = ()
    note: str = ""
    milliseconds: int = 0

    def how_far_apart(self) -> str:
        """Both ways to say the difference: `+12 (+0.01%)`."""
        return f"{self.apart} ({self.difference})" if self.apart else self.difference

    def named_groups(self) -> str:
        """The groups that differ, the worst three by name; nothing where none does."""
        named = [group.described() for group in self.groups[:_NAMED_GROUPS]]
        more = len(self.groups) - len(named)
        return "; ".join(named) + (f"; and {more} more" if more else "")

    def worst_first(self) -> tuple[int, bool, Decimal]:
        """The key that sorts failed checks first, then errors.

        Of failed ones the critical come first, then those that are furthest off against their limit.
        A failed check without a variance is further off than any number. All others keep their order.
        """
        if self.status != "failed":
            return _ORDER[self.status], False, Decimal(0)
        if self.variance is None:
            return _ORDER["failed"], not self.critical, Decimal("-Infinity")
        limit = Limit.model_validate(self.tolerance.replace(",", "")).value
        return _ORDER["failed"], not self.critical, -abs(self.variance) / max(limit, _LEAST_LIMIT)


class Reconciled(BaseModel):
    """All results of a reconciliation, the worst failed one first, and the verdict over them.

    `snapshot_at` is when both sides' snapshots were taken, which all checks but those of rows read; None
    where a side cannot give one.
    """

    model_config = ConfigDict(frozen=True)
    results: tuple[CheckResult, ...]
    snapshot_at: datetime | None = None

    @property
    def failed(self) -> int:
        """Checks outside their tolerance."""
        return sum(result.status == "failed" for result in self.results)

    @property
    def errors(self) -> int:
        """Checks that could not be done."""
        return sum(result.status == "error" for result in self.results)

    @property
    def unknown(self) -> int:
        """Checks that say nothing."""
        return sum(result.status == "unknown" for result in self.results)

    @property
    def worst(self) -> CheckResult | None:
        """The worst of the failed checks."""
        failed = (result for result in self.results if result.status == "failed")
        return min(failed, key=CheckResult.worst_first, default=None)

    @property
    def shared_problem(self) -> str:
        """The problem of all checks that could not be done, where several have the same one."""
        problems = {result.problem for result in self.results if result.status == "error"}
        return problems.pop() if self.errors > 1 and len(problems) == 1 else ""

    @property
    def clean(self) -> bool:
        """Whether there were checks, and every one was done and passed."""
        return bool(self.results) and all(result.status == "passed" for result in self.results)

    @property
    def critical_in_percent(self) -> tuple[CheckResult, ...]:
        """The results of the critical checks of numbers and rows that are measured in percent."""
        return tuple(
            result
            for result in self.results
            if result.critical and result.kind in _IN_PERCENT and result.tolerance.endswith("%")
        )

    def max_critical_variance(self) -> Decimal | None:
        """The largest known variance of a critical check measured in percent; None when none is known.

        It is a lower bound while another one of these checks has no number.
        """
        known = (result.variance for result in self.critical_in_percent if result.variance is not None)
        return max((variance.copy_abs() for variance in known), default=None)
