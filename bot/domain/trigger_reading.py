"""A trigger against what was measured: met, not met, or unknown."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.measurement import Measurement
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.signals import Trigger
from bot.domain.quantities import plain

_OPERATORS: dict[str, Callable[[Decimal | bool, Decimal | bool], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
}


@dataclass(frozen=True)
class TriggerReading:
    """Whether a trigger's condition holds. `met` is None when its signal is unknown.

    `text` puts the value beside its bound: `7.2% > 5%`, `0.4%, limit 5%`, `unknown (…)`.
    """

    trigger: str
    title: str
    met: bool | None
    text: str


def read_trigger(playbook: Playbook, trigger: Trigger, measured: Mapping[str, Measurement]) -> TriggerReading:
    """The trigger's state under the given measurements, by signal id."""
    measurement = measured.get(trigger.when.signal)
    if measurement is None or measurement.value is None:
        text = measurement.text() if measurement else "not measured"
        return TriggerReading(trigger.id, trigger.title, None, text)
    bound = trigger.when.bound(playbook.signal(trigger.when.signal).baseline)
    if isinstance(bound, bool) != isinstance(measurement.value, bool):
        return TriggerReading(trigger.id, trigger.title, None, "unknown (value and bound are of two kinds)")
    met = _OPERATORS[trigger.when.op](measurement.value, bound)
    if isinstance(bound, bool):
        return TriggerReading(trigger.id, trigger.title, met, measurement.text())
    joint = "" if measurement.unit in ("%", "") else " "
    limit = f"{plain(bound)}{joint}{measurement.unit}"
    text = (
        f"{measurement.text()} {trigger.when.op} {limit}" if met else f"{measurement.text()}, limit {limit}"
    )
    return TriggerReading(trigger.id, trigger.title, met, text)
