"""What people see of gates."""

import pytest

from bot.domain.errors import UnknownNameError
from bot.domain.gates.evaluation import Evaluation, PlaybookChange
from bot.domain.messages.gates import GatesFacts
from bot.sandbox.json_values import as_object, as_text
from bot.slack.views import gate_modals
from tests.unit.domain.ledger import NOW
from tests.unit.slack.gate_samples import board, criterion, one_gate, reviewed, shown
from tests.unit.slack.judges import blocks_of, buttons_of
from tests.unit.slack.samples import rendered


def text_of(facts: GatesFacts) -> str:
    """Everything that a message says, a line each."""
    return said(rendered(facts).blocks)


def said(blocks: object) -> str:
    found: list[str] = []
    if isinstance(blocks, dict):
        found = [blocks["text"]] if isinstance(blocks.get("text"), str) else []
        found += [said(value) for value in blocks.values() if isinstance(value, (dict, list, tuple))]
    elif isinstance(blocks, (list, tuple)):
        found = [said(value) for value in blocks]
    return "\n".join(filter(None, found))


def evaluation(**changes: object) -> Evaluation:
    """Five gates: one fails, one has expired, one is unknown, two pass."""
    good = criterion("Active accounts", "pass")
    gates = board(
        ("Data parity", (good,)),
        ("Operator readiness", (criterion("Trained", "fail", missing=("U1", "U2")), good)),
        ("Technical stability", (criterion("Sync", "unknown"),)),
        ("Governance", (good,)),
        ("Rollback tested", (criterion("Rehearsed", "expired"), criterion("Alert", "fail", number=2))),
    )
    return Evaluation(id="e", cause="test", board=gates).model_copy(update=changes)


def test_the_first_line_is_the_answer() -> None:
    assert rendered(shown(evaluation())).text == ("❌ clubos: 2 of 5 gates pass. Cutover is not possible yet")
    assert rendered(shown(one_gate("clubos"))).text == "✅ clubos: 1 of 1 gate passes"


def test_what_does_not_pass_comes_first_and_what_passes_is_on_one_line() -> None:
    lines = text_of(shown(evaluation())).splitlines()
    marked = [f"{line[0]} {line.split('*')[1]}" for line in lines if line[1:3] == " *"]
    assert marked == [
        "❌ 2 Operator readiness",
        "❌ 5 Rollback tested",
        "❔ 3 Technical stability",
    ]
    passing = next(line for line in lines if line.startswith("✅"))
    assert "1 Data parity" in passing
    assert "4 Governance" in passing


def test_of_a_gate_it_is_said_what_is_missing_who_has_to_act_and_who_owns_it() -> None:
    text = text_of(shown(evaluation()))
    assert "missing: <@U1>, <@U2> · owner data-lead (@data-leads)" in text
    assert "*3 Technical stability*: Sync: unknown: Sync" in text
    assert "2 of 2 criteria missing" in text


def test_a_rehearsal_that_is_missing_is_one_press_away() -> None:
    buttons = buttons_of(blocks_of(rendered(shown(evaluation(), hint=True))))
    named = [as_text(as_object(one["text"])["text"]) for one in buttons]
    assert "Rehearse immediate in staging…" in named
    passing = buttons_of(blocks_of(rendered(shown(one_gate("clubos"), hint=True))))
    assert "gates.rehearse:immediate" not in [as_text(one["action_id"]) for one in passing]


def test_after_the_cutover_nobody_is_told_that_it_is_not_possible_yet() -> None:
    facts = shown(evaluation()).model_copy(update={"awaits_cutover": False})
    assert rendered(facts).text == "❌ clubos: 2 of 5 gates pass"


def test_a_board_says_that_the_playbook_has_changed() -> None:
    edit = PlaybookChange(at=NOW, before="1" * 64, now="2" * 64, told=("changed: A: B: quorum 3 → 1",))
    text = text_of(shown(evaluation(edits=(edit,))))
    assert "The playbook changed" in text
    assert "quorum 3 → 1" in text
    none = edit.model_copy(update={"told": ()})
    assert "nothing that a criterion rests on" in text_of(shown(evaluation(edits=(none,))))


def test_a_review_says_what_has_changed_since_the_one_before_and_has_the_agenda() -> None:
    facts = shown(evaluation(), review=reviewed("Sync"))
    assert rendered(facts).text.startswith("❌ clubos: 2 of 5 gates pass (3 of 5 a review ago)")
    text = text_of(facts)
    assert "Weekly review of 2026-03-09. Since 2026-03-02:" in text
    assert "now passes: Sync" in text
    assert "Open discrepancies: 12000" in text
    assert "Decision due: Sync" in text


def test_the_details_of_a_gate_tell_each_criterion_with_its_evidence() -> None:
    text = said(gate_modals.details(evaluation(), 2))
    assert "❌ *Operator readiness* does not pass" in text
    assert "❌ *Trained*: failed" in text
    assert "Evidence: Trained · 2 days old" in text
    assert "Missing: <@U1>, <@U2>" in text
    assert "✅ *Active accounts*: passed" in text
    assert "*Rehearsed*: expired" in said(gate_modals.details(evaluation(), 5))
    assert "❔ *Sync*: unknown" in said(gate_modals.details(evaluation(), 3))


@pytest.mark.parametrize("number", [0, 6])
def test_a_gate_that_there_was_not_is_refused(number: int) -> None:
    with pytest.raises(UnknownNameError):
        gate_modals.details(evaluation(), number)


def test_the_history_tells_when_how_many_passed_and_what_had_changed() -> None:
    edit = PlaybookChange(at=NOW, before="1" * 64, now="2" * 64, told=("removed: A: B",))
    later = evaluation(edits=(edit,), changes=reviewed("Sync").changes[:2])
    text = said(gate_modals.history("clubos", [later, evaluation()]))
    assert text.count("2 of 5 passed") == 2
    assert "now passes: Sync" in text
    assert text.count("the playbook had changed: removed: A: B") == 1


def test_a_button_of_details_is_of_the_evaluation_that_is_shown() -> None:
    buttons = buttons_of(blocks_of(rendered(shown(evaluation()))))
    told = {as_text(one["action_id"]): as_text(one["value"]) for one in buttons}
    assert told == {
        **{f"gates.details:{number}": "e" for number in range(1, 6)},
        "gates.again": "clubos",
        "gates.history": "clubos",
    }
