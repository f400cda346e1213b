"""Facts of the status: what is going on in each migration."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.check_result import Reconciled
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.rehearsal import Rehearsed
from bot.domain.run import Run
from bot.domain.walk import Walk


@dataclass(frozen=True)
class SummaryStatus:
    """When the last daily summary was made and when the next one is due, and clean days in a row."""

    told_at: datetime | None
    expected: datetime
    clean_days: int


@dataclass(frozen=True)
class MigrationStatus:
    """One migration: its last reconciliation, what is open (walk, run, rehearsal, follow-ups), and its
    daily summary where there is a schedule."""

    migration: str
    title: str
    phase: str
    reconciled: Reconciled | None
    reconciled_at: datetime | None
    walk: Walk | None
    run: Run | None
    follow_ups: tuple[ScheduledFollowUp, ...] = ()
    rehearsal: Rehearsed | None = None
    summary: SummaryStatus | None = None
