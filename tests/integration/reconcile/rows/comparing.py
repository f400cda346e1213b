"""Runs one row check over two places, as the reconciler does."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.check_result import CheckResult
from bot.domain.row_difference import RowDifference
from bot.ports.reconciler import Advance
from bot.reconcile.rows.comparer import RowComparer
from tests.integration.reconcile.playbook import loaded_playbook

NOW = datetime(2026, 3, 14, 3, 12, tzinfo=UTC)


class ImpatientClock:
    """Real time that is never slept through; what would have been slept is kept."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Followed:
    """A watch that keeps what it is told."""

    rows: list[RowDifference] = field(default_factory=list)
    advances: list[Advance] = field(default_factory=list)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)

    async def checked(self, done: int, total: int, result: CheckResult) -> None:
        """Nothing."""

    async def advanced(self, advance: Advance) -> None:
        self.advances.append(advance)

    async def differing(self, check: str, rows: Sequence[RowDifference]) -> None:
        self.rows += rows

    def kinds(self) -> list[tuple[str, str]]:
        """Kind and key of each row, in the order in which they were told."""
        return [(row.kind, row.name) for row in self.rows]


async def compare(
    folder: Path,
    rows: dict[str, object],
    *,
    sources: object = None,
    tolerance: str = "0%",
    clock: ImpatientClock | None = None,
    followed: Followed | None = None,
    secrets: dict[str, str] | None = None,
) -> tuple[CheckResult, Followed]:
    """The result of a row check, and all that was told on the way."""
    check = {
        "id": "rows",
        "title": "Rows",
        "owner": "operator",
        "on_fail": "Look",
        "rows": rows,
        "tolerance": tolerance,
    }
    loaded = loaded_playbook(folder, [check], sources=sources)
    followed = followed or Followed()
    comparer = RowComparer(clock=clock or ImpatientClock(), secret=(secrets or {}).__getitem__)
    result = await comparer.compare(loaded.playbook.reconcile.checks[0], loaded, followed)
    return result, followed
