"""What the club's playbook promises to whoever walks it, decides by it, or goes over by it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.playbook.criteria import Criterion, kind_of
from bot.domain.playbook.cutover import Risk
from bot.domain.playbook.decision import UNKNOWN, Conclusion, CutoverConclusion
from bot.domain.playbook.phases import RollbackRight
from bot.domain.playbook.references import unresolved
from tests.integration.clubos.playbook import FOLDER, clubos
from tests.integration.playbook_promises import paths, steps_that_misfit

PLAYBOOK = clubos()


def criteria(gate: str) -> list[tuple[str, Criterion]]:
    return [(kind_of(one), one) for one in PLAYBOOK.gate(gate).criteria]


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


@pytest.mark.parametrize("plan", PLAYBOOK.plans)
def test_in_staging_nothing_of_production_is_touched(plan: str) -> None:
    staged = PLAYBOOK.in_environment(PLAYBOOK.plans[plan], "staging")
    written = " ".join(step.model_dump_json() for step in staged.steps)
    assert not [place for place in (":8731", ":8732", "data/", "{environment") if place in written]


def test_the_five_gates_are_those_of_the_club_in_their_order() -> None:
    assert {gate.id: [kind_of(one) for one in gate.criteria] for gate in PLAYBOOK.gates} == {
        "data-parity": ["check", "check", "check"],
        "operator-readiness": ["each", "each", "contacts"],
        "technical-stability": ["no_incident", "sync", "rehearsal"],
        "governance-approval": ["vote", "sign_off", "document"],
        "rollback-tested": ["rehearsal"],
    }
    titles = [gate.title for gate in PLAYBOOK.gates]
    assert titles[:2] == ["Data parity", "Operator readiness"]
    assert titles[2:] == ["Technical stability", "Governance approval", "Rollback tested"]


def test_the_documents_of_the_gates_are_in_the_playbooks_folder() -> None:
    named = [getattr(one, "document", "") for gate in PLAYBOOK.gates for one in gate.criteria]
    assert [name for name in named if name] == ["documents/support-plan.md"]
    assert all((FOLDER / name).is_file() for name in named if name)


def test_the_phases_follow_each_other_and_each_says_who_may_go_back() -> None:
    assert [phase.kind for phase in PLAYBOOK.phases] == [
        "shadow",
        "pilot",
        "parallel",
        "cutover",
        "grace",
        "decommissioned",
    ]
    before = {"shadow", "pilot", "parallel"}
    assert all(timedelta(weeks=4) <= lasts <= timedelta(weeks=8) for lasts in lengths(before))
    rights = {phase.id: phase.rollback for phase in PLAYBOOK.phases}
    assert all(rights[phase] == RollbackRight(role="operator") for phase in before)
    assert rights["grace"] == RollbackRight(role="board", quorum=3, second_factor=True)
    assert list(lengths({"grace"})) == [timedelta(days=30)]
    assert rights["decommissioned"] == "never"


def lengths(phases: set[str]) -> Iterator[timedelta]:
    for phase in PLAYBOOK.phases:
        if phase.id in phases:
            assert phase.lasts is not None
            yield phase.lasts


def test_a_phase_that_is_left_by_a_decision_has_a_way_on_and_its_criteria() -> None:
    decided = [phase for phase in PLAYBOOK.phases if phase.decided_by]
    assert [phase.id for phase in decided] == ["shadow", "pilot", "grace"]
    assert all(phase.forward and phase.leave_when for phase in decided)
    assert [phase.back for phase in decided] == ["switch-off", "open-for-operators", None]


def test_all_risks_of_the_club_are_before_the_approvers() -> None:
    assert len(PLAYBOOK.risks) == 7
    by_likelihood = {one.likelihood: one for one in PLAYBOOK.risks}
    assert isinstance(by_likelihood["high"], Risk)
    assert by_likelihood["high"].risk == "Members are confused"


def test_every_walk_ends_and_no_rollback_after_the_cutover_is_reached_by_not_knowing_where_it_is() -> None:
    walks = list(paths(PLAYBOOK.decision.rollback, PLAYBOOK.decision.rollback.start))
    assert max(len(taken) for taken, _ in walks) <= 5
    assert {one.title for _, one in walks} == {
        one.title for one in PLAYBOOK.decision.rollback.outcomes.values()
    }
    for taken, outcome in walks:
        assert isinstance(outcome, Conclusion)
        if outcome.rollback == "rollback-after-cutover":
            assert taken[-1] == "authority:yes"
        if outcome.rollback is None:
            assert taken[-1] == "usable:no"


def test_nobody_goes_by_not_knowing() -> None:
    tree = PLAYBOOK.decision.cutover
    assert tree is not None
    for taken, outcome in paths(tree, tree.start):
        assert isinstance(outcome, CutoverConclusion)
        unsure = any(step.endswith((f":{UNKNOWN}", ":no")) for step in taken)
        assert (outcome.verdict == "no-go") == unsure


def test_before_legacy_takes_writes_again_members_are_off_and_their_writes_are_exported() -> None:
    steps = [step.id for step in PLAYBOOK.plans["rollback-after-cutover"].steps]
    order = ("switch-off-access", "export-since-cutover", "legacy-is-authoritative", "open-legacy-writes")
    assert [step for step in steps if step in order] == list(order)
    assert steps.index("open-legacy-writes") < steps.index("mail-members") < steps.index("write-it-down")


def test_the_cutover_goes_by_the_times_of_the_day_up_to_its_point_of_no_return() -> None:
    plan = PLAYBOOK.plans["cutover"]
    times = [step.with_["at"] for step in plan.steps if step.uses == "wait-until"]
    assert times == ["06:00", "07:00", "08:00", "09:00", "10:00", "11:00", "12:00"]
    ids = [step.id for step in plan.steps]
    cutover = PLAYBOOK.cutover
    assert cutover is not None
    assert cutover.point_of_no_return == "new-is-authoritative"
    assert ids.index("close-legacy-writes") < ids.index("sync-all") < ids.index("new-is-authoritative")
    assert ids.index("new-is-authoritative") < ids.index("open-for-members")
    assert (cutover.approvals.role, cutover.approvals.quorum) == ("manager", 2)
    assert cutover.approvals.second_factor
