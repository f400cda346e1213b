"""Several signals measured at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.errors import StoreError, UnknownNameError
from bot.domain.measurement import Measurement
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.signals import Signal
from bot.signals.signals import Signals
from bot.system import SystemClock
from tests.integration.reconcile.playbook import CHECKS, loaded_playbook

LOADED = loaded_playbook(
    Path(),
    CHECKS,
    signals=[
        {"id": "variance", "title": "Variance", "reconcile": "max_critical_variance"},
        {"id": "health", "title": "Health", "http": {"url": "http://127.0.0.1:1/"}},
        {"id": "latency", "title": "Latency", "http": {"url": "http://127.0.0.1:1/", "measure": "latency"}},
    ],
)


class Probe:
    """Answers with a number after doing what it is told to do for each signal."""

    def __init__(self, value: int, before: Callable[[Signal], Awaitable[object]] | None = None) -> None:
        self._value = value
        self._before = before

    async def measure(self, loaded: LoadedPlaybook, signal: Signal) -> Measurement:
        if self._before is not None:
            await self._before(signal)
        at = datetime(2026, 3, 14, tzinfo=UTC)
        return Measurement(signal=signal.id, title=signal.title, at=at, value=Decimal(self._value))


def signals(reconcile: Probe, http: Probe, seconds: float = 5.0) -> Signals:
    return Signals(reconcile=reconcile, http=http, clock=SystemClock(), seconds=seconds)


async def test_each_signal_goes_to_the_probe_of_its_origin_and_comes_back_in_order() -> None:
    measurements = await signals(Probe(1), Probe(2)).measure_all(LOADED, ["health", "variance"])
    assert [(one.signal, one.value) for one in measurements] == [("health", 2), ("variance", 1)]


async def test_signals_are_measured_at_the_same_time() -> None:
    both = asyncio.Barrier(3)

    async def meet(signal: Signal) -> None:
        await both.wait()

    measurements = await signals(Probe(1, meet), Probe(2, meet)).measure_all(
        LOADED, ["variance", "health", "latency"]
    )
    assert all(one.known for one in measurements)


async def test_what_is_not_measured_in_time_is_unknown_and_the_rest_is_there() -> None:
    ended: list[str] = []

    async def hang(signal: Signal) -> None:
        if signal.id == "health":
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(signal.id)

    measurements = await signals(Probe(1), Probe(2, hang), seconds=0.05).measure_all(
        LOADED, ["variance", "health", "latency"]
    )
    assert [one.value for one in measurements] == [1, None, 2]
    assert measurements[1].problem == "not measured within 0.05 s"
    assert ended == ["health"]


async def test_what_our_store_cannot_tell_is_unknown() -> None:
    async def fail(signal: Signal) -> None:
        raise StoreError("the database is locked")

    (measurement,) = await signals(Probe(1, fail), Probe(2)).measure_all(LOADED, ["variance"])
    assert (measurement.value, measurement.problem) == (None, "the database is locked")


async def test_a_fault_of_our_own_is_not_taken_for_a_measurement() -> None:
    async def fail(signal: Signal) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await signals(Probe(1, fail), Probe(2)).measure_all(LOADED, ["variance", "health"])


async def test_a_signal_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(UnknownNameError, match=r"no signal “helth”.*health"):
        await signals(Probe(1), Probe(2)).measure_all(LOADED, ["helth"])


async def test_no_signals_take_no_time() -> None:
    assert await signals(Probe(1), Probe(2)).measure_all(LOADED, []) == []
