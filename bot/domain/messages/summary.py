"""Facts of a day's summary: told, or put off until both sides are ready."""

from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.messages.discrepancies import CheckRegister
from bot.domain.messages.facts import Facts
from bot.domain.playbook.checks import READY
from bot.domain.summary_changes import Change
from bot.domain.variance_chart import VarianceChart

# A folded list of what no check compares.
MOST_UNCOMPARED = 10


class Uncovered(BaseModel):
    """What no check compares: counts over both sides, and the first tables in words."""

    model_config = ConfigDict(frozen=True)
    tables: int
    of_tables: int
    columns: int
    of_columns: int
    named: tuple[str, ...]
    problems: tuple[str, ...] = ()


class SummaryFacts(Facts):
    """A reconciliation as its day's summary tells of it, or as one that `asked_by` a person.

    `streak` counts clean days in a row: with this one where it is clean, before it otherwise. `explained`
    are failed checks that are explained in the register, and `registers` what is in it, by check. `called`
    has the ids to mention of owners who have to act. `changes` are since the day `since`; `missed` are days
    without a summary since then.
    """

    kind: ClassVar[str] = "summary"
    id: str
    migration: str
    title: str
    day: date
    due: datetime | None
    late: bool
    waited: bool
    asked_by: str
    started_at: datetime
    ended_at: datetime
    reconciled: Reconciled
    clean: bool
    streak: int
    explained: tuple[str, ...] = ()
    registers: tuple[CheckRegister, ...] = ()
    since: date | None = None
    changes: tuple[Change, ...] = ()
    missed: tuple[date, ...] = ()
    owners: dict[str, str]
    called: dict[str, tuple[str, ...]]
    chart: VarianceChart | None = None
    uncovered: Uncovered | None = None

    @property
    def not_ready(self) -> CheckResult | None:
        """Why nothing was comparable; None where it was."""
        return not_ready(self.reconciled)

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """The results of the playbook's checks."""
        return tuple(result for result in self.reconciled.results if result.check != READY)

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say but that all is well."""
        news = self.changes or self.missed or self.late or self.waited or self.uncovered
        return self.clean and not news and all(result.status == "passed" for result in self.checks)

    def needs_somebody(self, result: CheckResult) -> bool:
        """Whether the owner of a check has to act on its result."""
        return result.status in ("failed", "error") and result.check not in self.explained


class SummaryWaitFacts(Facts):
    """A day whose sides are not ready yet, or (`ended`) were not before the next day was due.

    `lost`: its reconciliation began and never ended.
    """

    kind: ClassVar[str] = "summary_wait"
    migration: str
    title: str
    day: date
    state: Literal["waiting", "ended", "lost"]
    why: str
    tries: int
    next_try: datetime | None
    until: datetime | None


def not_ready(reconciled: Reconciled) -> CheckResult | None:
    """The result that says why nothing was comparable; None where both sides were ready."""
    return next(
        (result for result in reconciled.results if result.check == READY and result.status != "passed"), None
    )


def headline(facts: SummaryFacts) -> str:
    """The answer in one line: the verdict, the migration, how many checks, and clean days in a row."""
    verdict = _verdict(facts)
    return f"{verdict}{_streak(facts)}"


def _verdict(facts: SummaryFacts) -> str:
    name, total = facts.migration, len(facts.checks)
    if facts.not_ready is not None:
        unasked = facts.not_ready.status == "error"
        why = "it is not known whether the two sides are ready" if unasked else "the two sides were not ready"
        return f"{'❔' if unasked else '❌'} {name}: nothing could be compared, {why}"
    counted = {
        status: sum(result.status == status for result in facts.checks)
        for status in ("failed", "error", "unknown")
    }
    explained = sum(result.status == "failed" and result.check in facts.explained for result in facts.checks)
    parts = [
        f"{counted[status]} of {total} {'check' if total == 1 else 'checks'} {what}"
        for status, what in (
            ("failed", "outside tolerance"),
            ("error", "could not be done"),
            ("unknown", "say nothing"),
        )
        if counted[status]
    ]
    if explained:
        parts[0] += f", {'all' if explained == counted['failed'] else explained} explained"
    if not parts:
        return f"✅ {name}: {f'all {total} checks' if total != 1 else 'its one check'} within tolerance"
    mark = "✅" if facts.clean else "❌" if counted["failed"] else "❔"
    return f"{mark} {name}: {'; '.join(parts)}"


def _streak(facts: SummaryFacts) -> str:
    days = f"{facts.streak} clean {'day' if facts.streak == 1 else 'days'}"
    if facts.asked_by:
        return f" ({days} in a row so far)" if facts.streak else ""
    if facts.clean:
        return f" · {days} in a row"
    return f" ({days} before today)" if facts.streak else ""
