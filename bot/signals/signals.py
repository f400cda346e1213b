"""Measures several signals at once, each by the probe of its origin."""

import asyncio
from collections.abc import Iterable

from bot.domain.errors import SwitchbackError, UnknownNameError
from bot.domain.measurement import Measurement
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.signals import Signal
from bot.ports.clock import Clock
from bot.ports.signal import SignalProbe


class Signals:
    """The probes together. A question waits at most `seconds` for its measurements."""

    def __init__(
        self, *, reconcile: SignalProbe, http: SignalProbe, clock: Clock, seconds: float = 12.0
    ) -> None:
        self._reconcile = reconcile
        self._http = http
        self._clock = clock
        self._seconds = seconds

    async def measure_all(self, loaded: LoadedPlaybook, ids: Iterable[str]) -> list[Measurement]:
        """The signals of these ids, in their order.

        What is not measured in time is unknown, and so is what our own store cannot tell.
        Raises UnknownNameError for an id the playbook does not have.
        """
        signals = [_declared(loaded, name) for name in ids]
        if not signals:
            return []
        tasks = [asyncio.create_task(self._probe(signal).measure(loaded, signal)) for signal in signals]
        try:
            await asyncio.wait(tasks, timeout=self._seconds)
            return [self._result(signal, task) for signal, task in zip(signals, tasks, strict=True)]
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _probe(self, signal: Signal) -> SignalProbe:
        return self._reconcile if signal.reconcile is not None else self._http

    def _result(self, signal: Signal, task: asyncio.Task[Measurement]) -> Measurement:
        if not task.done():
            return self._unknown(signal, f"not measured within {self._seconds:g} s")
        try:
            return task.result()
        except SwitchbackError as error:
            return self._unknown(signal, str(error))

    def _unknown(self, signal: Signal, problem: str) -> Measurement:
        return Measurement(
            signal=signal.id, title=signal.title, at=self._clock.now(), value=None, problem=problem
        )


def _declared(loaded: LoadedPlaybook, name: str) -> Signal:
    known = {signal.id: signal for signal in loaded.playbook.signals}
    if name not in known:
        raise UnknownNameError("signal", name, known)
    return known[name]
