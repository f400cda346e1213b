"""Runs the checks of a playbook."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from bot.domain.advance import Advance
from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.row_difference import RowDifference

__all__ = ["Advance", "Reconciler", "Unwatched", "Watch"]


class Watch(Protocol):
    """Follows a reconciliation while it runs, and can call it off."""

    @property
    def cancelled(self) -> asyncio.Event:
        """Set when nobody wants the rest: what is under way ends soon, at the next chunk."""

    async def checked(self, done: int, total: int, result: CheckResult) -> None:
        """A check is done."""

    async def advanced(self, advance: Advance) -> None:
        """A row check has come further; told often, so that this must be quick."""

    async def differing(self, check: str, rows: Sequence[RowDifference]) -> None:
        """Rows that a row check found, in the order of their keys, at most `MOST_KEPT` a check in all."""


class Unwatched:
    """Nobody follows, and nothing is called off."""

    def __init__(self) -> None:
        self.cancelled = asyncio.Event()

    async def checked(self, done: int, total: int, result: CheckResult) -> None:
        """Nothing."""

    async def advanced(self, advance: Advance) -> None:
        """Nothing."""

    async def differing(self, check: str, rows: Sequence[RowDifference]) -> None:
        """Nothing."""


class Reconciler(Protocol):
    """Compares the two systems of a migration, read only."""

    async def run(
        self, loaded: LoadedPlaybook, *, only: frozenset[str] | None = None, watch: Watch | None = None
    ) -> Reconciled:
        """All checks, or those of the given ids.

        A check that cannot be done is a result of status `error`; the others still run. With a
        `ready_when` in the playbook and a side that is not ready, every check is `unknown`, and a result
        of id `ready` says why. Raises CalledOffError when `watch` called it off, and
        UnknownNameError for an id that no check has.
        """
