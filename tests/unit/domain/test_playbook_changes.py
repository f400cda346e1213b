"""What is told of a changed playbook: every part by its name, and nothing of what only reads otherwise."""

from pathlib import Path

from bot.domain.playbook.document import Playbook
from bot.domain.playbook_changes import MOST_OF_A_VALUE, changes
from bot.domain.playbook_outline import outline
from tests.integration.ledger import Document, ledger, manual, plan, scripted

CRITERION: Document = {"check": "accounts", "clean_for": "14d"}
PARALLEL: Document = {"id": "parallel", "kind": "parallel", "rollback": {"role": "operator"}}
GONE: Document = {"id": "gone", "kind": "decommissioned", "rollback": "never"}


def gate(*criteria: Document, name: str = "data-parity") -> Document:
    return {"id": name, "title": "Data parity", "owner": "data", "criteria": list(criteria)}


def playbook(**changed: object) -> Playbook:
    return ledger(Path(), **{"gates": [gate(CRITERION)], **changed}).playbook  # type: ignore[arg-type]


def told(**changed: object) -> tuple[str, ...]:
    return changes(outline(playbook()), outline(playbook(**changed)))


def test_the_same_playbook_has_no_changes() -> None:
    assert told() == ()


def test_another_title_is_no_change_of_the_rules() -> None:
    assert told(title="The general ledger") == ()


def test_a_criterion_that_became_easier_is_told_with_both_values() -> None:
    easier = gate({**CRITERION, "clean_for": "1d"})
    assert told(gates=[easier]) == (
        "gate data-parity: criterion check-accounts changed: clean_for 14d -> 1d",
    )


def test_several_values_of_a_part_are_told_in_one_line() -> None:
    easier = gate({**CRITERION, "clean_for": "1d", "max_age": "30d"})
    assert told(gates=[easier]) == (
        "gate data-parity: criterion check-accounts changed: max_age 4d -> 30d, clean_for 14d -> 1d",
    )


def test_a_criterion_that_was_added_and_one_that_is_gone() -> None:
    other = {"check": "postings", "clean_runs": 3}
    assert told(gates=[gate(other)]) == (
        "gate data-parity: criterion check-accounts removed",
        "gate data-parity: criterion check-postings added",
    )


def test_a_gate_that_is_gone_is_told() -> None:
    assert told(gates=[]) == ("gate data-parity removed",)


def test_another_order_of_the_same_gates_is_told() -> None:
    two = [gate(CRITERION), gate(CRITERION, name="again")]
    before, after = playbook(gates=two), playbook(gates=two[::-1])
    assert changes(outline(before), outline(after)) == (
        "changed: order of gates data-parity, again -> again, data-parity",
    )


def test_the_people_of_a_role_are_told() -> None:
    roles = {"operator": {"users": ["U0SAM", "U0KIM"]}, "data": {"usergroup": "ledger-data"}}
    assert told(roles=roles) == (
        "role operator changed: usergroup ledger-oncall -> nothing, users nothing -> U0SAM, U0KIM",
    )


def test_who_may_roll_back_and_how_many_of_them_is_told() -> None:
    shorter = {**PARALLEL, "rollback": {"role": "data", "quorum": 2}}
    assert told(phases=[shorter, GONE]) == (
        "phase parallel: rollback changed: role operator -> data, quorum 0 -> 2",
    )


def test_a_criterion_for_leaving_a_phase_is_told() -> None:
    leaving = {"target": "Clean for a week", "criterion": {"check": "accounts", "clean_for": "7d"}}
    assert told(phases=[{**PARALLEL, "leave_when": [leaving]}, GONE]) == (
        "phase parallel: criterion check-accounts added",
    )


def test_a_step_is_told_with_its_plan_and_stage() -> None:
    plans = {
        "immediate": plan(scripted("stop", budget="45s"), scripted("restore", idempotent=True)),
        "careful": plan(manual("look"), scripted("stop"), title="Careful"),
    }
    assert told(plans=plans) == ("plan immediate: stage back: step stop changed: budget 30s -> 45s",)


def test_a_check_that_tolerates_more_is_told_for_a_gate_rests_on_it() -> None:
    before = playbook()
    checks = [one.model_dump(mode="json", exclude_none=True) for one in before.reconcile.checks]
    checks[0]["tolerance"] = "50%"
    assert told(reconcile={"checks": checks}) == ("reconcile: check accounts changed: tolerance 0% -> 50%",)


def test_where_a_side_is_read_from_is_told() -> None:
    sources = {"legacy": {"url": "sqlite:///legacy.db"}, "new": {"url": "sqlite:///copy-of-legacy.db"}}
    assert told(sources=sources) == (
        "sources: new changed: url sqlite:///new.db -> sqlite:///copy-of-legacy.db",
    )


def test_a_long_text_is_cut() -> None:
    (line,) = told(gates=[{**gate(CRITERION), "title": "x" * 400}])
    assert line.startswith("gate data-parity changed: title Data parity -> xxx")
    assert len(line) < 2 * MOST_OF_A_VALUE
