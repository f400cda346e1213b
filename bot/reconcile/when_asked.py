"""Row checks and coverage, whose libraries are loaded when somebody first asks for them.

Arrow, its drivers and the parser of SQL take half a second of a core to import, and 60 MB: every command at
the terminal would pay that, most of them for nothing. They are imported in a thread, because a press
must not wait for it.
"""

import asyncio
from importlib import import_module
from types import ModuleType
from typing import Protocol

from bot.domain.check_result import CheckResult
from bot.domain.playbook.checks import Check
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.ports.clock import Clock
from bot.ports.coverage import Coverage, CoverageReader
from bot.ports.reconciler import Watch
from bot.reconcile.opening import Secrets


class ComparesRows(Protocol):
    """Does row checks, over connections of its own."""

    async def compare(self, check: Check, loaded: LoadedPlaybook, watch: Watch) -> CheckResult:
        """The result; a check that cannot be done has the status `error`. Raises CalledOffError."""


class RowComparerWhenAsked:
    """Implements `ComparesRows` by `bot.reconcile.rows.comparer.RowComparer`."""

    def __init__(self, *, clock: Clock, secret: Secrets) -> None:
        self._clock = clock
        self._secret = secret

    async def compare(self, check: Check, loaded: LoadedPlaybook, watch: Watch) -> CheckResult:
        """The result, as the comparer gives it. Raises CalledOffError."""
        module = await _loaded("bot.reconcile.rows.comparer")
        comparer: ComparesRows = module.RowComparer(clock=self._clock, secret=self._secret)
        return await comparer.compare(check, loaded, watch)


class CoverageReaderWhenAsked:
    """Implements `bot.ports.coverage.CoverageReader` by `bot.reconcile.coverage.PlaybookCoverageReader`."""

    def __init__(self, *, clock: Clock, secret: Secrets) -> None:
        self._clock = clock
        self._secret = secret

    async def read(self, loaded: LoadedPlaybook) -> Coverage:
        """What no check compares."""
        module = await _loaded("bot.reconcile.coverage")
        reader: CoverageReader = module.PlaybookCoverageReader(clock=self._clock, secret=self._secret)
        return await reader.read(loaded)


async def _loaded(name: str) -> ModuleType:
    return await asyncio.to_thread(import_module, name)
