"""One evaluation against the one before it."""

from datetime import timedelta

import pytest

from bot.domain.gates.board import Board, CriterionState, told
from bot.domain.gates.evaluation import Evaluation, changed, evaluated, rules_changed
from bot.domain.gates.rules import rule_changes, rule_of
from bot.domain.gates.titles import title_of
from tests.integration.ledger import manual, plan
from tests.unit.domain.gates.criteria import NOW
from tests.unit.domain.gates.test_people import playbook
from tests.unit.slack.gate_samples import board as sample_board
from tests.unit.slack.gate_samples import criterion

ROLES = {"operator": {"users": ["U01"]}, "data": {"users": ["U01"]}}
CHECK = {
    "id": "accounts",
    "title": "Accounts",
    "scalar": {"legacy": "SELECT 1", "new": "SELECT 1"},
    "owner": "data",
    "on_fail": "Look",
}


def board(*states: CriterionState, hours: int = 0, digest: str = "1", rule: str = "{}") -> Board:
    """A gate for each state."""
    gates = [(f"Gate {n}", (criterion(f"Criterion {n}", one),)) for n, one in enumerate(states, start=1)]
    made = sample_board(*gates)
    ruled = [
        gate.model_copy(
            update={
                "since": None,
                "criteria": tuple(one.model_copy(update={"rule": rule}) for one in gate.criteria),
            }
        )
        for gate in made.gates
    ]
    update = {"at": NOW + timedelta(hours=hours), "playbook_digest": digest, "gates": tuple(ruled)}
    return made.model_copy(update=update)


def after(before: Evaluation | None, now: Board) -> Evaluation:
    return evaluated(before, now, evaluation_id="e", cause="test")


def test_since_is_kept_while_a_gate_stays_as_it_is() -> None:
    one = after(None, board("pass", "fail"))
    two = after(one, board("pass", "unknown", hours=1))
    three = after(two, board("fail", "pass", hours=2))
    begin = NOW
    assert [gate.since for gate in two.board.gates] == [begin, begin]
    assert [gate.since for gate in three.board.gates] == [begin + timedelta(hours=2)] * 2


def test_what_is_worse_comes_first_and_a_gate_that_is_new_or_gone_is_no_change() -> None:
    found = [(one.passes, one.what) for one in changed(board("fail", "pass"), board("pass", "fail", "fail"))]
    assert found == [(False, "Gate 2: Criterion 2"), (True, "Gate 1: Criterion 1")]


def test_other_rules_are_told_and_the_same_rules_are_not() -> None:
    before = board("pass", "fail", rule='{"quorum":3}')
    now = board("pass", digest="2", rule='{"quorum":1}')
    assert list(rules_changed(before, now)) == [
        "removed: Gate 2: Criterion 2",
        "changed: Gate 1: Criterion 1: quorum 3 → 1",
    ]
    assert list(rules_changed(before, before)) == []
    assert "added: Gate 2: Criterion 2" in rules_changed(now, before)


def test_another_playbook_is_said_even_where_no_criterion_asks_for_anything_else() -> None:
    one = after(None, board("pass"))
    two = after(one, board("pass", digest="2", hours=1))
    assert two.edited is not None
    assert (two.edited.before, two.edited.now, two.edited.told) == ("1", "2", ())
    three = after(two, board("pass", digest="3", hours=2))
    assert [edit.now for edit in three.edits] == ["2", "3"]
    assert three.edited == three.edits[1]


def test_a_rule_has_what_it_names_elsewhere_so_that_a_wider_tolerance_shows() -> None:
    def rule(tolerance: str) -> str:
        check = {**CHECK, "tolerance": tolerance}
        one = playbook({"check": "accounts", "clean_for": "14d"}, reconcile={"checks": [check]})
        return rule_of(one, one.gates[0].criteria[0])

    assert rule_changes(rule("0%"), rule("50%")) == "its check: tolerance 0% → 50%"
    assert rule_changes(rule("0%"), rule("0%")) == ""


@pytest.mark.parametrize(
    ("criterion", "before", "after", "told"),
    [
        (
            {"vote": "board", "statement": "Go", "quorum": 1},
            {"roles": {**ROLES, "board": {"users": ["U01"]}}},
            {"roles": {**ROLES, "board": {"users": ["U01", "U02"]}}},
            'its role: users ["U01"] → ["U01", "U02"]',
        ),
        (
            {"contacts": "board"},
            {"escalation": [{"title": "Lead", "reach": "+1"}]},
            {"escalation": []},
            'escalation [{"reach": "+1", "title": "Lead"}] → []',
        ),
        (
            {"coverage": "80%"},
            {"reconcile": {"checks": [CHECK]}},
            {"reconcile": {"checks": [CHECK], "coverage": {"ignore": ["jobs"]}}},
            'what is left out: ignore [] → ["jobs"]',
        ),
        (
            {"metric": "variance", "op": "<", "value": "5%", "over": "1h"},
            {"signals": [{"id": "variance", "title": "Variance", "reconcile": "failed_checks"}]},
            {"signals": [{"id": "variance", "title": "Variance", "reconcile": "max_critical_variance"}]},
            "its signal: reconcile failed_checks → max_critical_variance",
        ),
    ],
)
def test_what_a_criterion_rests_on_elsewhere_is_part_of_its_rule(
    criterion: dict[str, object], before: dict[str, object], after: dict[str, object], told: str
) -> None:
    one, other = playbook(criterion, **before), playbook(criterion, **after)
    rules = [rule_of(each, each.gates[0].criteria[0]) for each in (one, other)]
    assert rule_changes(*rules) == told
    assert rule_changes(rules[0], rules[0]) == ""


def test_an_edited_plan_and_another_database_show_by_their_digests() -> None:
    rehearsal = {"rehearsal": "immediate", "within": "30d"}
    plans = {"immediate": plan(manual("look")), "careful": plan(manual("look"))}
    one, other = playbook(rehearsal), playbook(rehearsal, plans=plans)
    rules = [rule_of(each, each.gates[0].criteria[0]) for each in (one, other)]
    assert rule_changes(*rules).startswith("its plan ")
    check = {"check": "accounts", "clean_for": "14d"}
    sources = {"legacy": {"url": "sqlite:///new.db"}, "new": {"url": "sqlite:///new.db"}}
    one, other = playbook(check), playbook(check, sources=sources)
    rules = [rule_of(each, each.gates[0].criteria[0]) for each in (one, other)]
    assert rule_changes(*rules).startswith("sources ")


def test_a_criterion_without_a_title_is_called_by_what_it_asks_for() -> None:
    def title(**criterion: object) -> str:
        one = playbook(criterion)
        return title_of(one, one.gates[0].criteria[0])

    assert title(check="accounts", clean_for="14d") == "accounts: clean for 14 days"
    assert title(check="accounts", clean_runs=5) == "accounts: clean for 5 daily reconciliations"
    assert title(no_incident=["P1", "P2"], **{"for": "14d"}) == "No P1/P2 incident for 14 days"
    assert title(rehearsal="immediate", within="30d") == "Plan “Immediate” rehearsed"
    assert title(metric="variance", op="<", value="5%", over="1h") == "Variance < 5% for 1h"
    assert title(vote="board", statement="Cut over", quorum=2) == "Cut over"
    assert title(coverage="80%") == "At least 80% of the columns compared"
    assert title(document="plan.md", title="Support plan") == "Support plan"


def test_a_state_is_told_once_with_its_mark_and_its_reason() -> None:
    assert told("fail", "0 of 3 signed") == "❌ failed: 0 of 3 signed"
    assert told("unknown", "legacy is away") == "❔ unknown: legacy is away"
    assert (
        told("expired", "expired, 41 days old (limit 30 days)") == "❌ expired, 41 days old (limit 30 days)"
    )
