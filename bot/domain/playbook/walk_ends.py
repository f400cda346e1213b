"""Whether every walk through the questions ends, and comes to every one of them."""

from collections.abc import Iterator, Mapping

from bot.domain.errors import nearest
from bot.domain.playbook.plain import Path, all_names, at, mapping, name


def walk_ends(tree: object) -> Iterator[tuple[Path, str]]:
    """Questions that lead back to themselves, and those that no answer leads to, with their paths.

    A person at 03:00 must reach a verdict. A misspelt name is taken for the nearest; where one is no name
    at all, it cannot be known to which questions no answer leads.
    """
    nodes = mapping(at(tree, "nodes"))
    places = [*nodes, *mapping(at(tree, "outcomes"))]
    leads = {node_id: _leads(node, places) for node_id, node in nodes.items()}
    state: dict[str, str] = {}

    def visit(node_id: str) -> Iterator[tuple[Path, str]]:
        state[node_id] = "open"
        for answer_id, target in leads[node_id].items():
            if target is not None and state.get(target) == "open":
                if at(nodes[node_id], "answers", answer_id, "goto") == target:
                    path = ("nodes", node_id, "answers", answer_id, "goto")
                    yield path, f"“{target}” leads back here: the walk would not end"
            elif target in nodes and target is not None and target not in state:
                yield from visit(target)
        state[node_id] = "closed"

    start = _meant(at(tree, "start"), list(nodes))
    if start is None:
        return
    yield from visit(start)
    read = all_names(places) and all(leads.values())
    if read and all(target is not None for answers in leads.values() for target in answers.values()):
        for node_id in nodes:
            if node_id not in state:
                yield ("nodes", node_id), f"no answer leads to question “{node_id}”"


def _leads(node: object, places: list[str]) -> Mapping[str, str | None]:
    """Where each answer of a question leads; None where that is nowhere."""
    answers = mapping(at(node, "answers")).items()
    return {answer_id: _meant(at(answer, "goto"), places) for answer_id, answer in answers}


def _meant(used: object, places: list[str]) -> str | None:
    written = name(used)
    if written is None or written in places:
        return written
    return nearest(written, places)
