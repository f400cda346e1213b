"""Names that one part of a playbook uses and another must declare."""

from collections.abc import Iterator, Mapping

from bot.domain.playbook.cutover_references import cutover_references
from bot.domain.playbook.gate_references import gate_references
from bot.domain.playbook.naming import Unresolved, missing, twice
from bot.domain.playbook.plain import Path, at, declared, declared_if_any, items, mapping, name
from bot.domain.playbook.walk_ends import walk_ends

_TREE = ("decision", "rollback")


def unresolved(document: Mapping[str, object]) -> list[Unresolved]:
    """All references of a playbook, as it was read, that name nothing, and ids used twice.

    A part with an error inside still declares its name.
    """
    return [
        *_names(document),
        *_ways_on(document),
        *_triggers(document),
        *_duplicates(document),
        *_decision(document),
        *gate_references(document),
        *cutover_references(document),
        *(Unresolved((*_TREE, *path), message) for path, message in walk_ends(at(document, *_TREE))),
    ]


def _names(document: Mapping[str, object]) -> Iterator[Unresolved]:
    phases, roles = items(document.get("phases")), declared(document.get("roles"))
    yield from missing("phase", document.get("phase"), declared(phases), "phase")
    for index, phase in enumerate(phases):
        role = at(phase, "rollback", "role")
        yield from missing("role", role, roles, "phases", index, "rollback", "role")
    for index, check in enumerate(items(at(document, "reconcile", "checks"))):
        yield from missing("role", at(check, "owner"), roles, "reconcile", "checks", index, "owner")
    ready_owner = at(document, "reconcile", "ready_when", "owner")
    yield from missing("role", ready_owner, roles, "reconcile", "ready_when", "owner")
    for index, follow_up in enumerate(items(document.get("follow_ups"))):
        yield from missing("role", at(follow_up, "owner"), roles, "follow_ups", index, "owner")
    rehearsal = document.get("rehearsal")
    environments = declared(document.get("environments"))
    yield from missing("environment", at(rehearsal, "environment"), environments, "rehearsal", "environment")
    for index, role in enumerate(items(at(rehearsal, "sign_off"))):
        yield from missing("role", role, roles, "rehearsal", "sign_off", index)


def _ways_on(document: Mapping[str, object]) -> Iterator[Unresolved]:
    """Plans that a failure, or a person in an emergency, goes to."""
    plans = declared(document.get("plans"))
    yield from missing("plan", document.get("emergency"), plans, "emergency")
    yield from missing("plan", at(document, "rehearsal", "forward"), plans, "rehearsal", "forward")
    for plan_id, plan in mapping(document.get("plans")).items():
        for index, stage in enumerate(items(at(plan, "stages"))):
            for number, step in enumerate(items(at(stage, "steps"))):
                path = ("plans", plan_id, "stages", index, "steps", number, "on_failure", "plan")
                yield from missing("plan", at(step, "on_failure", "plan"), plans, *path)


def _triggers(document: Mapping[str, object]) -> Iterator[Unresolved]:
    signals, plans = declared_if_any(document, "signals"), declared(document.get("plans"))
    without = {
        name(at(signal, "id")) for signal in items(document.get("signals")) if at(signal, "baseline") is None
    }
    for index, trigger in enumerate(items(document.get("triggers"))):
        path: Path = ("triggers", index)
        used = at(trigger, "when", "signal")
        yield from missing("signal", used, signals, *path, "when", "signal")
        yield from missing("plan", at(trigger, "suggests"), plans, *path, "suggests")
        if at(trigger, "when", "of") == "baseline" and (known := name(used)) and known in without:
            yield Unresolved((*path, "when", "of"), f"signal “{known}” has no baseline")


def _duplicates(document: Mapping[str, object]) -> Iterator[Unresolved]:
    yield from twice(("reconcile", "checks"), at(document, "reconcile", "checks"))
    yield from twice(("rehearsal", "compare"), at(document, "rehearsal", "compare"))
    for key in ("signals", "triggers", "phases", "follow_ups"):
        yield from twice((key,), document.get(key))
    for plan_id, plan in mapping(document.get("plans")).items():
        yield from twice(("plans", plan_id, "inputs"), at(plan, "inputs"))
        stages: Path = ("plans", plan_id, "stages")
        yield from twice(stages, at(plan, "stages"))
        seen: set[str] = set()
        for index, stage in enumerate(items(at(plan, "stages"))):
            yield from twice((*stages, index, "steps"), at(stage, "steps"), seen, " in this plan")


def _decision(document: Mapping[str, object]) -> Iterator[Unresolved]:
    tree = at(document, *_TREE)
    nodes, outcomes = declared(at(tree, "nodes")), declared(at(tree, "outcomes"))
    places = None if nodes is None or outcomes is None else nodes | outcomes
    signals, triggers = declared_if_any(document, "signals"), declared_if_any(document, "triggers")
    plans = declared(document.get("plans"))
    yield from missing("question", at(tree, "start"), nodes, *_TREE, "start")
    for both in sorted(set(mapping(at(tree, "nodes"))) & set(mapping(at(tree, "outcomes")))):
        yield Unresolved((*_TREE, "outcomes", both), f"“{both}” is a question and an outcome")
    for node_id, node in mapping(at(tree, "nodes")).items():
        path: Path = (*_TREE, "nodes", node_id)
        for index, signal in enumerate(items(at(node, "signals"))):
            yield from missing("signal", signal, signals, *path, "signals", index)
        yield from missing("trigger", at(node, "trigger"), triggers, *path, "trigger")
        for answer_id, answer in mapping(at(node, "answers")).items():
            goto = (*path, "answers", answer_id, "goto")
            yield from missing("question or outcome", at(answer, "goto"), places, *goto)
    for outcome_id, outcome in mapping(at(tree, "outcomes")).items():
        yield from missing("plan", at(outcome, "rollback"), plans, *_TREE, "outcomes", outcome_id, "rollback")
