"""Facts of a reconciliation's message: asked for, in progress, done."""

from datetime import datetime
from typing import ClassVar, Literal

from bot.domain.advance import RowProgress
from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.messages.discrepancies import CheckRegister
from bot.domain.messages.facts import Facts
from bot.domain.playbook.checks import READY

# Characters; a longer title would push the number out of a message's first line.
_TITLE_IN_VERDICT = 80
_NOT_COMPARABLE = "not comparable yet"


ROWS_OPTION = "--rows"
# Checks of a part that are named in a message's first line.
_MOST_NAMED = 3


class ReconciliationFacts(Facts):
    """A reconciliation. `reconciled` is None while it runs; `owners` maps a role to how it is named.

    `scope` are the ids of its checks where it is of a part, `show_rows` whether it was asked for with the
    rows. `progress` has the row checks that are under way. `ended` is how it ended without a result:
    `cancelled` by `ended_by`, or `abandoned`. `registers` are the discrepancies that are known, by check.
    `rows_told` are the checks whose rows that differ are in the thread.
    """

    kind: ClassVar[str] = "reconciliation"
    id: str
    migration: str
    title: str
    asked_by: str
    started_at: datetime
    ended_at: datetime | None
    done: int
    total: int
    reconciled: Reconciled | None
    owners: dict[str, str]
    registers: tuple[CheckRegister, ...] = ()
    scope: tuple[str, ...] | None = None
    show_rows: bool = False
    progress: tuple[RowProgress, ...] = ()
    ended: Literal["", "cancelled", "abandoned"] = ""
    ended_by: str = ""
    rows_told: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What is compared: `planwise`, or `planwise, only employees` of a part."""
        if self.scope is None:
            return self.migration
        if len(self.scope) > _MOST_NAMED:
            return f"{self.migration}, only {len(self.scope)} checks"
        return f"{self.migration}, only {', '.join(self.scope)}"

    @property
    def words(self) -> str:
        """How the same is asked for again."""
        rows = (ROWS_OPTION,) if self.show_rows else ()
        return " ".join((self.migration, *(self.scope or ()), *rows))


def verdict_line(migration: str, reconciled: Reconciled) -> str:
    """The answer in one line, with the number that is furthest off."""
    checks = [result for result in reconciled.results if result.check != READY]
    total, parts = len(checks), []
    if (unready := not_ready(reconciled)) is not None and unready.status == "unknown":
        return f"❔ {migration}: {not_comparable(unready)}"
    if (worst := reconciled.worst) is not None:
        which = "worst " if reconciled.failed > 1 else ""
        failed = sum(result.status == "failed" for result in checks)
        outside = f"{failed} of {total} checks outside tolerance, " if failed and total > 1 else ""
        parts.append(f"{outside}{which}{_number(worst)}")
    if reconciled.errors:
        parts.append(f"{reconciled.errors} of {total} checks could not be done")
    if reconciled.unknown:
        parts.append(f"{reconciled.unknown} of {total} checks {_NOT_COMPARABLE}")
    if not parts:
        return f"✅ {migration}: {_all(total)} within tolerance"
    return f"{'❌' if reconciled.failed else '❔'} {migration}: {'; '.join(parts)}"


def not_ready(reconciled: Reconciled) -> CheckResult | None:
    """The result that says why nothing was comparable; None where both sides were ready."""
    return next(
        (result for result in reconciled.results if result.check == READY and result.status != "passed"), None
    )


def not_comparable(result: CheckResult) -> str:
    """What is said of a check that says nothing: `not comparable yet: both sides are empty`."""
    problem = " ".join(result.problem.split())
    if not problem or problem.startswith(_NOT_COMPARABLE):
        return problem or _NOT_COMPARABLE
    return f"{_NOT_COMPARABLE}: {problem}"


def _all(total: int) -> str:
    return "the check is" if total == 1 else f"all {total} checks"


def _number(result: CheckResult) -> str:
    title = " ".join(result.title.split())
    if len(title) > _TITLE_IN_VERDICT:
        title = f"{title[: _TITLE_IN_VERDICT - 1]}…"
    colon = "" if result.variance is not None and not result.groups and result.rows is None else ":"
    return f"{title}{colon} {result.difference} (limit {result.tolerance})"
