"""Runs the checks of a playbook."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.playbook.loaded import LoadedPlaybook

Progress = Callable[[int, int, CheckResult], Awaitable[None]]


class Reconciler(Protocol):
    """Compares the two systems of a migration, read only."""

    async def run(
        self, loaded: LoadedPlaybook, *, only: frozenset[str] | None = None, progress: Progress | None = None
    ) -> Reconciled:
        """All checks, or those of the given ids. `progress` hears (done, of how many, result).

        A check that cannot be done is a result of status `error`; the others still run.
        """
