"""Signals and reconcilers that answer what a test wrote down."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.errors import CalledOffError, UnknownNameError
from bot.domain.measurement import Measurement
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.row_difference import RowDifference
from bot.ports.clock import Clock
from bot.ports.reconciler import Advance, Unwatched, Watch


class FakeSignals:
    """Measures from `values`; a signal without a value is unknown. Waits while `held` is not set."""

    def __init__(self, *, clock: Clock) -> None:
        self.values: dict[str, Decimal] = {}
        self.held = asyncio.Event()
        self.held.set()
        self.asked = asyncio.Event()
        self._clock = clock

    async def measure_all(self, loaded: LoadedPlaybook, ids: Sequence[str]) -> list[Measurement]:
        self.asked.set()
        await self.held.wait()
        return [self._measured(loaded.playbook.signal(name).title, name) for name in ids]

    def _measured(self, title: str, name: str) -> Measurement:
        value = self.values.get(name)
        problem = "" if value is not None else "not reachable"
        return Measurement(
            signal=name, title=title, at=self._clock.now(), value=value, unit="%", problem=problem
        )


class FakeReconciler:
    """Gives `results`, one after the other, with the `differing` rows of each by its check.

    `runs` counts how often it compared, and `only` is what it was asked for last. `advances` are told
    before any result. While `held` is not set it waits there, until it is called off.
    """

    def __init__(self) -> None:
        self.results: tuple[CheckResult, ...] = ()
        self.differing: dict[str, Sequence[RowDifference]] = {}
        self.advances: tuple[Advance, ...] = ()
        self.held = asyncio.Event()
        self.held.set()
        self.asked = asyncio.Event()
        self.only: frozenset[str] | None = None
        self.runs = 0

    async def run(
        self, loaded: LoadedPlaybook, *, only: frozenset[str] | None = None, watch: Watch | None = None
    ) -> Reconciled:
        self.runs += 1
        self.only = only
        known = [check.id for check in loaded.playbook.reconcile.checks]
        for name in sorted((only or set()) - set(known)):
            raise UnknownNameError("check", name, known)
        following = watch or Unwatched()
        for advance in self.advances:
            await following.advanced(advance)
        for check, rows in self.differing.items():
            for start in range(0, len(rows), 1000):
                await following.differing(check, rows[start : start + 1000])
        self.asked.set()
        await self._released(following.cancelled)
        results = [result for result in self.results if only is None or result.check in only]
        for done, result in enumerate(results, start=1):
            await following.checked(done, len(results), result)
        return Reconciled(results=tuple(results))

    async def _released(self, cancelled: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (self.held, cancelled)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        if cancelled.is_set():
            raise CalledOffError("the reconciliation was called off")
