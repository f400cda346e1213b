"""Signals and reconcilers that answer what a test wrote down."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.measurement import Measurement
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.ports.clock import Clock
from bot.ports.reconciler import Watch


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
    """Gives `results`, one after the other; `runs` counts how often it compared."""

    def __init__(self) -> None:
        self.results: tuple[CheckResult, ...] = ()
        self.runs = 0

    async def run(
        self, loaded: LoadedPlaybook, *, only: frozenset[str] | None = None, watch: Watch | None = None
    ) -> Reconciled:
        self.runs += 1
        for done, result in enumerate(self.results, start=1):
            if watch is not None:
                await watch.checked(done, len(self.results), result)
        return Reconciled(results=self.results)
