"""What a criterion asks for, written down, so that a change of it is seen."""

import json
from collections.abc import Iterator, Mapping

from bot.domain.playbook.document import Playbook
from bot.domain.playbook.gates import CheckClean, Criterion, MetricHolds, SyncSucceeds
from bot.domain.playbook.part import Part

_MOST = 60


def rule_of(playbook: Playbook, criterion: Criterion) -> str:
    """A criterion as declared, with what it names elsewhere in the playbook, as JSON."""
    content: dict[str, object] = dict(_written(criterion))
    match criterion:
        case CheckClean(check=check) | SyncSucceeds(sync=check):
            declared = next((one for one in playbook.reconcile.checks if one.id == check), None)
            content["its check"] = _written(declared)
            content["explained_is_clean"] = playbook.reconcile.explained_is_clean
            if playbook.reconcile.schedule is not None:
                content["schedule"] = _written(playbook.reconcile.schedule)
        case MetricHolds(metric=metric):
            signal = next((one for one in playbook.signals if one.id == metric), None)
            content["its signal"] = _written(signal)
        case _:
            pass
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def rule_changes(before: str, now: str) -> str:
    """What is another between two rules, as people read it: `clean_for 14d → 1d`; empty where nothing is."""
    return "; ".join(_differences(_read(before), _read(now)))


def _written(part: Part | None) -> Mapping[str, object]:
    return {} if part is None else part.model_dump(mode="json", by_alias=True, exclude_none=True)


def _read(rule: str) -> Mapping[str, object]:
    content = json.loads(rule) if rule else {}
    return content if isinstance(content, dict) else {}


def _differences(before: Mapping[str, object], now: Mapping[str, object], within: str = "") -> Iterator[str]:
    for key in sorted(before.keys() | now.keys()):
        one, other = _quantity(before.get(key)), _quantity(now.get(key))
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _differences(one, other, f"{within}{key}: ")
        else:
            yield f"{within}{key} {_short(one)} → {_short(other)}"


def _quantity(value: object) -> object:
    """A limit as it is written in a playbook: `5%`."""
    if isinstance(value, dict) and value.keys() == {"value", "unit"}:
        return f"{value['value']}{value['unit']}"
    return value


def _short(value: object) -> str:
    text = "nothing" if value is None else value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
