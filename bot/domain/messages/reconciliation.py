"""Facts of a reconciliation's message: asked for, in progress, done."""

from datetime import datetime
from typing import ClassVar

from bot.domain.check_result import Reconciled
from bot.domain.messages.facts import Facts


class ReconciliationFacts(Facts):
    """A reconciliation. `reconciled` is None while it runs; `owners` maps a role to how it is named."""

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


def verdict_line(migration: str, reconciled: Reconciled) -> str:
    """The answer in one line."""
    total = len(reconciled.results)
    parts = []
    if reconciled.failed:
        parts.append(f"{reconciled.failed} of {total} checks outside tolerance")
    if reconciled.errors:
        parts.append(f"{reconciled.errors} of {total} could not be done")
    if not parts:
        return f"✅ {migration}: all {total} checks within tolerance"
    return f"{'❌' if reconciled.failed else '❔'} {migration}: {', '.join(parts)}"
