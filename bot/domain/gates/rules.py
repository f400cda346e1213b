"""What a criterion asks for, written down, so that a change of it is seen."""

import hashlib
import json
from collections.abc import Iterator, Mapping

from bot.domain.playbook.criteria import (
    AlertTested,
    CheckClean,
    ContactsCurrent,
    Covered,
    Criterion,
    EachPerson,
    MetricHolds,
    Rehearsed,
    SignOff,
    SyncSucceeds,
    Vote,
)
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.part import Part

_MOST = 60


def rule_of(playbook: Playbook, criterion: Criterion) -> str:
    """A criterion as declared, with what it rests on elsewhere in the playbook, as JSON."""
    content = {**_written(criterion), **_rests_on(playbook, criterion)}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _rests_on(playbook: Playbook, criterion: Criterion) -> Mapping[str, object]:
    """What else decides it: a wider tolerance, another database or one more person in a role would, too."""
    found: Mapping[str, object] = {}
    match criterion:
        case CheckClean(check=check) | SyncSucceeds(sync=check):
            reconcile = playbook.reconcile
            found = {
                "its check": _written(next((one for one in reconcile.checks if one.id == check), None)),
                "explained_is_clean": reconcile.explained_is_clean,
                "schedule": _written(reconcile.schedule),
                "sources": _digest(playbook.sources),
            }
        case MetricHolds(metric=metric):
            signal = next((one for one in playbook.signals if one.id == metric), None)
            found = {"its signal": _written(signal)}
        case Rehearsed(rehearsal=plan) | AlertTested(alert_test=plan):
            found = {"its plan": _digest(playbook.plans.get(plan)), "rehearsal": _written(playbook.rehearsal)}
        case (
            SignOff(sign_off=role) | EachPerson(each=role) | ContactsCurrent(contacts=role) | Vote(vote=role)
        ):
            found = {"its role": _written(playbook.roles.get(role))}
            if isinstance(criterion, ContactsCurrent):
                found = {**found, "escalation": [dict(_written(one)) for one in playbook.escalation]}
        case Covered():
            coverage = playbook.reconcile.coverage
            found = {"what is left out": _written(coverage), "sources": _digest(playbook.sources)}
        case _:
            pass
    return found


def rule_changes(before: str, now: str) -> str:
    """What is another between two rules, as people read it: `clean_for 14d → 1d`; empty where nothing is."""
    return "; ".join(_differences(_read(before), _read(now)))


def _written(part: Part | None) -> Mapping[str, object]:
    return {} if part is None else part.model_dump(mode="json", by_alias=True, exclude_none=True)


def _digest(part: Part | None) -> str:
    """Of what is too long to be told."""
    return hashlib.sha256(json.dumps(_written(part), sort_keys=True).encode()).hexdigest()[:12]


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
