"""What the example's playbook promises to whoever walks it at 03:00."""

from datetime import timedelta

import pytest

from bot.domain.playbook.criteria import kind_of
from bot.domain.playbook.decision import UNKNOWN
from bot.domain.playbook.references import unresolved
from tests.integration.planwise.playbook import planwise
from tests.integration.playbook_promises import paths, steps_that_misfit

PLAYBOOK = planwise()
TREE = PLAYBOOK.decision.rollback


def test_every_reference_leads_somewhere() -> None:
    assert unresolved(PLAYBOOK.model_dump(by_alias=True)) == []


def test_every_step_has_the_parameters_its_kind_wants() -> None:
    assert steps_that_misfit(PLAYBOOK) == []


@pytest.mark.parametrize("plan", PLAYBOOK.plans)
def test_the_budgets_of_a_plan_add_up(plan: str) -> None:
    stages = PLAYBOOK.plans[plan].stages
    assert sum((stage.budget for stage in stages), timedelta()) <= PLAYBOOK.plans[plan].budget
    for stage in stages:
        assert sum((step.budget for step in stage.steps), timedelta()) <= stage.budget


def test_a_rollback_begins_with_access_and_ends_within_five_minutes() -> None:
    immediate = PLAYBOOK.plans["immediate"]
    assert immediate.budget == timedelta(minutes=5)
    assert immediate.steps[0].id == "switch-off-access"


def test_every_walk_ends_after_six_questions_at_most_and_every_outcome_can_be_reached() -> None:
    walks = list(paths(TREE, TREE.start))
    assert max(len(taken) for taken, _ in walks) <= 6
    assert {outcome.title for _, outcome in walks} == {one.title for one in TREE.outcomes.values()}


def test_keep_watching_is_never_reached_by_not_knowing_the_security_the_variance_or_the_state() -> None:
    for taken, outcome in paths(TREE, TREE.start):
        if outcome.rollback is None:
            unknown = {step.split(":")[0] for step in taken if step.endswith(f":{UNKNOWN}")}
            assert unknown <= {"severity", "data-wrong", "performance"}
            assert "variance:no" in taken


def test_a_report_of_wrong_data_or_of_a_breach_leads_straight_to_the_rollback() -> None:
    for question in ("data-wrong", "security"):
        outcome = TREE.outcomes[TREE.nodes[question].answers["yes"].goto]
        assert outcome.rollback == "immediate"
        assert TREE.nodes[question].trigger is None
        assert TREE.nodes[question].claim is not None


def test_the_gates_are_those_of_the_team() -> None:
    assert {gate.id: [kind_of(one) for one in gate.criteria] for gate in PLAYBOOK.gates} == {
        "data": ["check"] * 5,
        "readiness": ["each", "sign_off"],
        "performance": ["sign_off", "metric"],
        "rollback-rehearsed": ["rehearsal"],
        "go-no-go": ["sign_off"],
    }
    daily = {check.id for check in PLAYBOOK.reconcile.checks if check.rows is None}
    assert {getattr(one, "check", "") for one in PLAYBOOK.gate("data").criteria} == daily


def test_each_phase_is_left_on_the_targets_of_the_team() -> None:
    targets = {phase.id: len(phase.leave_when) for phase in PLAYBOOK.phases}
    assert targets == {"shadow": 3, "pilot": 4, "parallel": 0, "cutover": 0, "grace": 2, "decommissioned": 0}
    assert [phase.lasts for phase in PLAYBOOK.phases[:3]] == [timedelta(weeks=4)] * 3


def test_the_go_no_go_asks_in_the_teams_order_and_nobody_goes_by_not_knowing() -> None:
    tree = PLAYBOOK.decision.cutover
    assert tree is not None
    assert list(tree.nodes) == ["metrics", "survey", "readiness", "risks"]
    assert {one.verdict for one in tree.outcomes.values()} == {"go", "go-with-conditions", "no-go"}
    for node in tree.nodes.values():
        assert {node.answers[answer].goto for answer in ("no", UNKNOWN)} == {"no-go"}


def test_the_cutover_goes_by_the_times_of_the_team() -> None:
    cutover, plan = PLAYBOOK.cutover, PLAYBOOK.plans["cutover"]
    assert cutover is not None
    times = [str(step.with_["at"]) for step in plan.steps if step.uses == "wait-until"]
    assert [*times, cutover.assessment.at] == [f"{hour:02}:00" for hour in (6, 7, 8, 9, 10, 11, 12, 17)]
    assert [stage.title[:5] for stage in plan.stages] == times
    assert {item.days_before for item in cutover.checklist} == {7}
    assert {item.days_after for item in cutover.afterwards} == {7}
    assert [item.id for item in cutover.afterwards if item.daily] == ["health"]
