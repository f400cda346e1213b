"""Steps and plans in an order that cannot be: named with their places."""

import pytest

from bot.domain.playbook.plan_order import disorders
from bot.domain.playbook.references import unresolved
from tests.unit.domain.ledger import PLAN, Node, document, plan_of, step


def _plans(*stages: Node, **others: Node) -> Node:
    made = plan_of(*[[step("x")]] * 0)
    each = [{"id": f"stage-{at}", "title": "S", "budget": "1m", **stage} for at, stage in enumerate(stages)]
    return document(plans={"immediate": {**made, "stages": each}, "access": PLAN, **others})


def _found(written: Node) -> list[tuple[tuple[str | int, ...], str]]:
    return [(disorder.path, disorder.message) for disorder in disorders(written)]


def _at(step_number: int, *keys: str | int, stage: int = 0) -> tuple[str | int, ...]:
    return ("plans", "immediate", "stages", stage, "steps", step_number, *keys)


def test_a_plan_whose_order_can_be_has_nothing_to_say() -> None:
    first = {"steps": [step("stop"), step("kill", when={"step": "stop", "ended": ["failed"]})]}
    later = {
        "parallel": True,
        "steps": [
            step("a", when={"step": "kill", "ended": ["done"]}),
            step("b", needs=["a"], when={"step": "a", "ended": ["done"]}),
        ],
    }
    assert _found(_plans(first, later)) == []


@pytest.mark.parametrize(
    ("steps", "path", "says"),
    [
        ([step("a", needs=["z"])], _at(0, "needs", 0), "“z” is no step of this stage"),
        ([step("a", needs=["a"])], _at(0, "needs", 0), "“a” would wait for itself"),
        (
            [step("a", needs=["b"]), step("b", needs=["a"])],
            _at(0, "needs", 0),
            "“a” would wait for itself",
        ),
        (
            [step("a"), step("b", when={"step": "a", "ended": ["done"]})],
            _at(1, "when", "step"),
            "“a” is not surely over when this step begins",
        ),
    ],
)
def test_what_cannot_come_before_is_named(steps: list[Node], path: tuple[str | int, ...], says: str) -> None:
    found = _found(_plans({"parallel": True, "steps": steps}))
    assert found[0][0] == path
    assert found[0][1].startswith(says)


def test_a_condition_on_a_later_step_is_named_with_what_comes_before() -> None:
    steps = [step("a"), step("b", when={"step": "c", "ended": ["done"]}), step("c")]
    assert _found(_plans({"steps": steps})) == [
        (_at(1, "when", "step"), "“c” is not surely over when this step begins; before it: a")
    ]


@pytest.mark.parametrize("key", ["retries", "on_failure", "undo"])
def test_a_step_that_cannot_fail_has_no_policy_for_it(key: str) -> None:
    assert _found(_plans({"steps": [step("call", "manual", **{key: {}})]})) == [
        (_at(0, key), f"a step that uses manual does not fail; leave {key} out")
    ]


def test_plans_that_lead_back_to_one_another_are_named() -> None:
    there = {"steps": [step("a", on_failure={"plan": "hard"})]}
    back = plan_of([step("b", on_failure={"plan": "immediate"})])
    messages = [message for _, message in _found(_plans(there, hard=back))]
    assert messages == ["plan “hard” leads back to “immediate”", "plan “immediate” leads back to “hard”"]


def test_a_plan_that_does_not_exist_is_named_where_a_failure_or_an_emergency_goes_to_it() -> None:
    there = {"steps": [step("a", on_failure={"plan": "imediate"})]}
    found = unresolved({**_plans(there), "emergency": "acces"})
    assert [(one.path, one.message) for one in found] == [
        (("emergency",), "no plan “acces”; did you mean access?"),
        (_at(0, "on_failure", "plan"), "no plan “imediate”; did you mean immediate?"),
    ]
