"""Names that lead nowhere, and trees that a person would never come out of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.playbook.references import unresolved
from tests.unit.domain.ledger import PLAN, TREE, Node, document, plan_of, step

Graph = dict[str, tuple[str, str]]

NODES = ("a", "b", "c", "d", "e")
graphs: st.SearchStrategy[Graph] = st.fixed_dictionaries(
    {name: st.tuples(st.sampled_from([*NODES, "end"]), st.sampled_from([*NODES, "end"])) for name in NODES}
)


def tree_of(graph: Graph) -> Node:
    nodes = {
        name: {
            "ask": f"{name}?",
            "answers": {"yes": {"text": "Yes", "goto": yes}, "unknown": {"text": "?", "goto": unknown}},
        }
        for name, (yes, unknown) in graph.items()
    }
    tree = {"start": "a", "nodes": nodes, "outcomes": {"end": {"title": "End"}}}
    return document(decision={"rollback": tree})


def reached_from(graph: Graph, start: str) -> set[str]:
    """Every place that some walk from here comes to, the slow and obvious way."""
    places: set[str] = set()
    new = set(graph.get(start, ()))
    while new:
        places |= new
        new = {goto for place in new for goto in graph.get(place, ())} - places
    return places


@given(graphs)
def test_a_walk_can_be_endless_exactly_when_a_question_comes_back_to_itself(graph: Graph) -> None:
    found = [problem for problem in unresolved(tree_of(graph)) if "would not end" in problem.message]
    asked = reached_from(graph, "a") | {"a"}
    endless = {name for name in asked & set(NODES) if name in reached_from(graph, name)}
    assert bool(found) == bool(endless)
    # Each is named at an answer that closes a circle.
    for problem in found:
        node, answer = str(problem.path[3]), ("yes", "unknown").index(str(problem.path[5]))
        assert {node, graph[node][answer]} <= endless


@given(graphs)
def test_a_question_that_no_answer_leads_to_is_named(graph: Graph) -> None:
    found = {
        problem.path[-1] for problem in unresolved(tree_of(graph)) if "no answer leads" in problem.message
    }
    assert found == set(NODES) - reached_from(graph, "a") - {"a"}


def with_tree(**changes: object) -> Node:
    return {"decision": {"rollback": {**TREE, **changes}}}


@pytest.mark.parametrize(
    ("wrong", "path", "says"),
    [
        ({}, (), ""),
        ({"phase": "paralel"}, ("phase",), "no phase “paralel”; did you mean parallel?"),
        ({"phase": "xyz"}, ("phase",), "no phase “xyz”; known: parallel"),
        (with_tree(start="watch"), ("decision", "rollback", "start"), "no question “watch”"),
        (
            with_tree(
                outcomes={
                    "back": {"title": "B", "rollback": "imediate"},
                    "access": {"title": "A"},
                    "watch": {"title": "W"},
                }
            ),
            ("decision", "rollback", "outcomes", "back", "rollback"),
            "no plan “imediate”; did you mean immediate?",
        ),
        (
            {"plans": {"immediate": plan_of([step("stop")], [step("stop")]), "access": PLAN}},
            ("plans", "immediate", "stages", 1, "steps", 0, "id"),
            "id “stop” is used twice in this plan",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_told_with_its_place(
    wrong: Node, path: tuple[str | int, ...], says: str
) -> None:
    found = unresolved(document(**wrong))
    assert [(problem.path, problem.message.startswith(says)) for problem in found] == (
        [(path, True)] if says else []
    )
