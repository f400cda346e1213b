"""Signals out of the last reconciliation."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.measurement import Measurement
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.signals import Signal
from bot.domain.quantities import format_duration
from bot.ports.clock import Clock

# How far the clocks of two replicas may be apart.
SKEW = timedelta(minutes=1)
Latest = Callable[[str], Awaitable[tuple[Reconciled, datetime] | None]]
"""The last reconciliation of a migration and when it was done, or None when there was none."""


class ReconcileSignalProbe:
    """Measures signals with `reconcile`. A reconciliation older than the signal's max_age says nothing."""

    def __init__(self, *, latest: Latest, clock: Clock) -> None:
        self._latest = latest
        self._clock = clock

    async def measure(self, loaded: LoadedPlaybook, signal: Signal) -> Measurement:
        """The value at the time of the reconciliation; unknown when none is recent enough."""
        latest = await self._latest(loaded.playbook.migration)
        if latest is None:
            return _unknown(signal, self._clock.now(), "nothing was reconciled yet")
        reconciled, at = latest
        age = self._clock.now() - at
        if age < -SKEW:
            problem = "the age of the last reconciliation is not known: the clock was set back"
            return _unknown(signal, self._clock.now(), problem)
        if age > signal.max_age:
            limit = format_duration(signal.max_age)
            problem = f"the last reconciliation is {_whole_minutes(age.total_seconds())} old (limit {limit})"
            return _unknown(signal, at, problem)
        measure = _failed_checks if signal.reconcile == "failed_checks" else _critical_variance
        return measure(signal, reconciled, at)


def _critical_variance(signal: Signal, reconciled: Reconciled, at: datetime) -> Measurement:
    critical = reconciled.critical_in_percent
    if not critical:
        return _unknown(signal, at, "no critical check is measured in percent")
    value = reconciled.max_critical_variance()
    unmeasured = "; ".join(
        f"{one.title}: {one.problem or one.difference}" for one in critical if not _known(one)
    )
    # That the rest differs by at least nothing says nothing.
    if value is None or (unmeasured and not value):
        return _unknown(signal, at, unmeasured)
    worst = max(filter(_known, critical), key=_size)
    detail = f"{worst.title}: {worst.difference}" if value else "no critical check differs"
    return Measurement(
        signal=signal.id,
        title=signal.title,
        at=at,
        value=value,
        unit="%",
        detail=f"{detail}; without a number: {unmeasured}" if unmeasured else detail,
        at_least=bool(unmeasured),
    )


def _failed_checks(signal: Signal, reconciled: Reconciled, at: datetime) -> Measurement:
    if reconciled.errors:
        titles = ", ".join(one.title for one in reconciled.results if one.status == "error")
        return _unknown(signal, at, f"could not be checked: {titles}; {reconciled.failed} of the rest failed")
    failed = [one.title for one in reconciled.results if one.status == "failed"]
    return Measurement(
        signal=signal.id,
        title=signal.title,
        at=at,
        value=Decimal(len(failed)),
        unit=f"of {len(reconciled.results)} checks",
        detail=", ".join(failed),
    )


def _known(result: CheckResult) -> bool:
    return result.variance is not None


def _size(result: CheckResult) -> Decimal:
    return (result.variance or Decimal(0)).copy_abs()


def _whole_minutes(seconds: float) -> str:
    minutes = int(seconds) // 60
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _unknown(signal: Signal, at: datetime, problem: str) -> Measurement:
    return Measurement(signal=signal.id, title=signal.title, at=at, value=None, problem=problem)
