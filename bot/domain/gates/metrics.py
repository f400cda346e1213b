"""A criterion that rests on samples of a signal through a window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from bot.domain.gates.asked import Asked
from bot.domain.gates.board import CriterionResult
from bot.domain.gates.words import age, count, lasting
from bot.domain.measurement import Measurement
from bot.domain.playbook.criteria import MetricHolds
from bot.domain.quantities import Limit, plain, rounded_keeping
from bot.domain.trigger_reading import meets

# So many percent of the samples of a window have to be known; of fewer nothing is said.
LEAST_KNOWN = Decimal(80)
_OFTEN = timedelta(minutes=5)
_OFTENEST = timedelta(minutes=1)
_PER_WINDOW = 12


@dataclass(frozen=True)
class Samples:
    """What was measured, oldest first, `every` so often; `baseline` is the signal's."""

    measured: tuple[Measurement, ...]
    every: timedelta
    baseline: Limit | None = None


def sampled_every(over: timedelta) -> timedelta:
    """How often a signal is measured for a window: every 5 minutes, and more often for a short one."""
    return max(_OFTENEST, min(_OFTEN, over / _PER_WINDOW))


def metric_holds(asked: Asked, criterion: MetricHolds, samples: Samples) -> CriterionResult:
    """In at least the wanted share of the samples that are known, and enough of them are."""
    condition = criterion.condition
    if criterion.of is not None and samples.baseline is None:
        return asked.unknown(f"signal {criterion.metric} has no baseline")
    bound = condition.bound(samples.baseline)
    read = [(one, meets(one, condition, bound)) for one in samples.measured]
    known = [one for one, met in read if met is not None]
    if not known:
        return asked.unknown(_never(samples.measured))
    latest = known[-1]
    # Evidence that is too old is judged as it was, to be called expired.
    end = latest.at if asked.now - latest.at > criterion.max_age else asked.now
    window = [(one, met) for one, met in read if end - criterion.over < one.at <= end and met is not None]
    wanted = max(1, criterion.over // samples.every)
    # Of moments, not of samples: those that were taken more often before do not stand for time.
    moments = len({one.at.timestamp() // samples.every.total_seconds() for one, _met in window})
    how = f"{count(len(window), 'sample')}, one every {lasting(samples.every)}, in {lasting(criterion.over)}"
    if moments * 100 < LEAST_KNOWN * wanted:
        told = f"only {moments} of {count(wanted, 'sample')} of {lasting(criterion.over)} are known"
        since = (
            f"; the last is {age(asked.now - latest.at)} old" if latest is not samples.measured[-1] else ""
        )
        return asked.unknown(f"{told} ({plain(LEAST_KNOWN)}% needed){since}", how=how)
    good = sum(bool(met) for _one, met in window)
    share = Decimal(good * 100) / len(window)
    shown = rounded_keeping(share, lambda value: value >= criterion.share.value)
    last = _limited(latest, bound, criterion)
    return asked.settled(
        share >= criterion.share.value,
        f"within the bound in {plain(shown)}% of {count(len(window), 'sample')} "
        f"({criterion.share} needed); last {last}",
        how=how,
        as_of=latest.at,
        allowed=criterion.max_age,
        evidence=(f"samples:{criterion.metric}:{window[0][0].at.isoformat()}:{latest.at.isoformat()}",),
    )


def _never(measured: Sequence[Measurement]) -> str:
    if not measured:
        return "never measured yet"
    return f"not measured: {measured[-1].problem or measured[-1].text()}"


def _limited(latest: Measurement, bound: Decimal | bool, criterion: MetricHolds) -> str:
    if isinstance(bound, bool):
        return latest.text()
    joint = "" if latest.unit in ("%", "") else " "
    return f"{latest.text()}, bound {criterion.op} {plain(bound)}{joint}{latest.unit}"
