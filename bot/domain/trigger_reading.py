"""A trigger against what was measured: met, not met, or unknown."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.measurement import Measurement
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.signals import Condition, Trigger
from bot.domain.quantities import plain

_OPERATORS: dict[str, Callable[[Decimal | bool, Decimal | bool], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
}
# What a lower bound meets, the value itself meets too; of no other operator that can be said.
_BY_A_LOWER_BOUND = (">", ">=")


@dataclass(frozen=True)
class TriggerReading:
    """Whether a trigger's condition holds. `met` is None when that cannot be known.

    `text` puts the value beside its bound: `7.2% > 5%`, `0.4%, limit 5%`, `unknown (…)`.
    """

    trigger: str
    title: str
    met: bool | None
    text: str


def meets(measurement: Measurement, when: Condition, bound: Decimal | bool) -> bool | None:
    """Whether a measured value is within a condition's bound; None when that cannot be known."""
    value = measurement.value
    if value is None or isinstance(bound, bool) != isinstance(value, bool):
        return None
    met = _OPERATORS[when.op](value, bound)
    if measurement.at_least and not (met and when.op in _BY_A_LOWER_BOUND):
        return None
    return met


def read_trigger(playbook: Playbook, trigger: Trigger, measured: Mapping[str, Measurement]) -> TriggerReading:
    """The trigger's state under the given measurements, by signal id."""
    measurement = measured.get(trigger.when.signal)
    if measurement is None or measurement.value is None:
        text = measurement.text() if measurement else "not measured"
        return TriggerReading(trigger.id, trigger.title, None, text)
    bound = trigger.when.bound(playbook.signal(trigger.when.signal).baseline)
    if isinstance(bound, bool) != isinstance(measurement.value, bool):
        return TriggerReading(trigger.id, trigger.title, None, "unknown (value and bound are of two kinds)")
    holds = _OPERATORS[trigger.when.op]
    met = meets(measurement, trigger.when, bound)
    if isinstance(bound, bool):
        return TriggerReading(trigger.id, trigger.title, met, measurement.text())
    joint = "" if measurement.unit in ("%", "") else " "
    limit = f"{plain(bound)}{joint}{measurement.unit}"
    value = measurement.text(said=lambda value: holds(value, bound))
    if met is None:
        return TriggerReading(trigger.id, trigger.title, None, f"unknown ({value}, limit {limit})")
    text = f"{value} {trigger.when.op} {limit}" if met else f"{value}, limit {limit}"
    return TriggerReading(trigger.id, trigger.title, met, text)
