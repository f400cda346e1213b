"""A playbook as a tree of named parts, to be kept and compared with a later one."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from bot.domain.playbook.criteria import criterion_id
from bot.domain.playbook.document import Playbook

Outline = Mapping[str, JsonValue]
"""Parts by what they are and their name (`gate data-parity`), in one another; what they say as texts."""

ORDER = "order of "
"""Before the name of a list: its parts in order."""

# What one of a list, or of a mapping of names, is called.
_NOUNS = {
    "roles": "role",
    "people": "account",
    "environments": "environment",
    "checks": "check",
    "signals": "signal",
    "triggers": "trigger",
    "nodes": "question",
    "outcomes": "outcome",
    "answers": "answer",
    "phases": "phase",
    "leave_when": "criterion",
    "gates": "gate",
    "criteria": "criterion",
    "tasks": "task",
    "plans": "plan",
    "inputs": "input",
    "stages": "stage",
    "steps": "step",
    "follow_ups": "follow-up",
    "checklist": "checklist item",
    "afterwards": "item afterwards",
    "since_cutover": "export since cutover",
}


def outline(playbook: Playbook) -> Outline:
    """All of a playbook but its title; a criterion has its id, made or given."""
    document = playbook.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"title"})
    for gate, written in zip(playbook.gates, document["gates"], strict=True):
        for criterion, one in zip(gate.criteria, written["criteria"], strict=True):
            one["id"] = criterion_id(criterion)
    for phase, written in zip(playbook.phases, document["phases"], strict=True):
        for leaving, one in zip(phase.leave_when, written["leave_when"], strict=True):
            one["id"] = criterion_id(leaving.criterion)
    return _parts(document)


def _parts(document: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    tree: dict[str, JsonValue] = {}
    for name, value in document.items():
        noun = _NOUNS.get(name)
        if noun is not None and isinstance(value, Mapping):
            tree |= {f"{noun} {each}": _part(one) for each, one in value.items()}
        elif noun is not None and isinstance(value, Sequence) and _all_named(value):
            named = {str(one["id"]): one for one in value if isinstance(one, Mapping)}
            tree |= {f"{noun} {each}": _part(one) for each, one in named.items()}
            tree[f"{ORDER}{name}"] = ", ".join(named)
        elif name != "id":
            tree[name] = _part(value)
    return tree


def _part(value: JsonValue) -> JsonValue:
    if isinstance(value, Mapping) and set(value) == {"value", "unit"}:
        return f"{value['value']}{value['unit']}"
    if isinstance(value, Mapping):
        return _parts(value)
    return _text(value)


def _text(value: JsonValue) -> str:
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, dict):
        return f"({', '.join(f'{name} {_text(one)}' for name, one in value.items())})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _all_named(values: Sequence[JsonValue]) -> bool:
    return all(isinstance(one, Mapping) and "id" in one for one in values)
