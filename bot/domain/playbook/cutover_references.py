"""What the cutover, its decision tree and the phases name elsewhere in a playbook as it was read."""

from collections.abc import Iterator, Mapping

from bot.domain.playbook.naming import Unresolved, missing, twice
from bot.domain.playbook.plain import Path, at, declared, items, mapping
from bot.domain.playbook.walk_ends import walk_ends

_TREE: Path = ("decision", "cutover")


def cutover_references(document: Mapping[str, object]) -> Iterator[Unresolved]:
    """All that lead nowhere, ids used twice, and questions that do not end."""
    yield from _cutover(document)
    yield from _phases(document)
    tree = at(document, *_names(_TREE))
    yield from _tree(tree)
    yield from (Unresolved((*_TREE, *path), message) for path, message in walk_ends(tree))
    if tree is not None and document.get("cutover") is None:
        yield Unresolved(_TREE, "there is a decision tree and no part “cutover”")


def _names(path: Path) -> tuple[str, ...]:
    return tuple(str(one) for one in path)


def _cutover(document: Mapping[str, object]) -> Iterator[Unresolved]:
    cutover = document.get("cutover")
    roles, plans = declared(document.get("roles")), declared(document.get("plans"))
    for key in ("plan", "back"):
        yield from missing("plan", at(cutover, key), plans, "cutover", key)
    yield from missing("role", at(cutover, "requested_by"), roles, "cutover", "requested_by")
    yield from missing("role", at(cutover, "approvals", "role"), roles, "cutover", "approvals", "role")
    yield from missing("role", at(cutover, "assessment", "owner"), roles, "cutover", "assessment", "owner")
    seen: set[str] = set()
    for part in ("checklist", "afterwards"):
        yield from twice(("cutover", part), at(cutover, part), seen, " in the cutover")
        for index, item in enumerate(items(at(cutover, part))):
            yield from missing("role", at(item, "owner"), roles, "cutover", part, index, "owner")
    yield from twice(("cutover", "since_cutover"), at(cutover, "since_cutover"))
    plan = mapping(document.get("plans")).get(str(at(cutover, "plan")))
    steps = [step for stage in items(at(plan, "stages")) for step in items(at(stage, "steps"))]
    last = at(cutover, "point_of_no_return")
    if steps:
        yield from missing("step", last, declared(steps), "cutover", "point_of_no_return")


def _phases(document: Mapping[str, object]) -> Iterator[Unresolved]:
    roles, plans = declared(document.get("roles")), declared(document.get("plans"))
    for index, phase in enumerate(items(document.get("phases"))):
        yield from missing("role", at(phase, "decided_by"), roles, "phases", index, "decided_by")
        for key in ("forward", "back"):
            yield from missing("plan", at(phase, key), plans, "phases", index, key)


def _tree(tree: object) -> Iterator[Unresolved]:
    nodes, outcomes = declared(at(tree, "nodes")), declared(at(tree, "outcomes"))
    places = None if nodes is None or outcomes is None else nodes | outcomes
    yield from missing("question", at(tree, "start"), nodes, *_TREE, "start")
    for both in sorted(set(mapping(at(tree, "nodes"))) & set(mapping(at(tree, "outcomes")))):
        yield Unresolved((*_TREE, "outcomes", both), f"“{both}” is a question and an outcome")
    for node_id, node in mapping(at(tree, "nodes")).items():
        for answer_id, answer in mapping(at(node, "answers")).items():
            goto = (*_TREE, "nodes", node_id, "answers", answer_id, "goto")
            yield from missing("question or outcome", at(answer, "goto"), places, *goto)
