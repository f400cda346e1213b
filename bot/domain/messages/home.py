"""Facts of a person's Home: what waits for them, then every migration."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.check_result import Reconciled
from bot.domain.waiting import WaitingItem

Place = tuple[str, str]
"""Where a message is: channel id and ts."""


@dataclass(frozen=True)
class WaitingLine:
    """One thing that waits, and where its message is; None before it was posted."""

    item: WaitingItem
    place: Place | None


@dataclass(frozen=True)
class OpenIncident:
    """An incident that is not closed."""

    severity: str | None
    opened_at: datetime
    place: Place | None


@dataclass(frozen=True)
class MigrationLine:
    """One migration. `day` counts the days of its phase from 1, `of_days` are those that it is meant to
    last; both None where they are not known. `clean_days` is None without a schedule.

    `gates` are (passing, all) of the evaluation that was kept last, at `gates_at`; `declared_gates` how
    many the playbook has.
    """

    migration: str
    phase: str
    day: int | None
    of_days: int | None
    reconciled: Reconciled | None
    reconciled_at: datetime | None
    clean_days: int | None
    gates: tuple[int, int] | None
    gates_at: datetime | None
    declared_gates: int
    incident: OpenIncident | None


@dataclass(frozen=True)
class HomeFacts:
    """A Home as it is at `at`. `unknown` says which roles could not be read: something may be missing."""

    at: datetime
    waiting: tuple[WaitingLine, ...]
    unknown: tuple[str, ...]
    migrations: tuple[MigrationLine, ...]
