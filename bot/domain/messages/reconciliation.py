"""Facts of a reconciliation's message: asked for, in progress, done."""

from datetime import datetime
from typing import ClassVar

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.messages.discrepancies import CheckRegister
from bot.domain.messages.facts import Facts

# Characters; a longer title would push the number out of a message's first line.
_TITLE_IN_VERDICT = 80


class ReconciliationFacts(Facts):
    """A reconciliation. `reconciled` is None while it runs; `owners` maps a role to how it is named.

    `registers` are the discrepancies that are known, by check.
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


def verdict_line(migration: str, reconciled: Reconciled) -> str:
    """The answer in one line, with the number that is furthest off."""
    total = len(reconciled.results)
    parts = []
    if (worst := reconciled.worst) is not None:
        which = "worst " if reconciled.failed > 1 else ""
        parts.append(f"{reconciled.failed} of {total} checks outside tolerance, {which}{_number(worst)}")
    if reconciled.errors:
        parts.append(f"{reconciled.errors} of {total} checks could not be done")
    if not parts:
        return f"✅ {migration}: all {total} checks within tolerance"
    return f"{'❌' if reconciled.failed else '❔'} {migration}: {'; '.join(parts)}"


def _number(result: CheckResult) -> str:
    title = " ".join(result.title.split())
    if len(title) > _TITLE_IN_VERDICT:
        title = f"{title[: _TITLE_IN_VERDICT - 1]}…"
    colon = "" if result.variance is not None and not result.groups else ":"
    return f"{title}{colon} {result.difference} (limit {result.tolerance})"
