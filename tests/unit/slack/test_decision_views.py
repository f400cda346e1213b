"""What people read who decide."""

import pytest

from bot.sandbox.json_values import as_list, as_object
from bot.slack.blocks import Message
from bot.slack.views import decision_modals
from tests.unit.slack.decision_samples import DECISIONS, decision, playbook, request
from tests.unit.slack.judges import as_json, blocks_of, mrkdwn_of
from tests.unit.slack.samples import rendered


def read(message: Message) -> str:
    return "\n".join(mrkdwn_of(list(blocks_of(message))))


def test_an_approval_says_what_by_whom_how_far_on_what_and_until_when() -> None:
    told = read(rendered(request("Kim", plan="Over", steps=("Sync", "Switch"), hours="06:00-17:00 UTC")))
    assert f"Approve the cutover of {'a' * 60}? Asked by Kim · 1 of 2 approvals" in told
    assert "5 of 5 gates pass (evidence `8f3c8f3c` of " in told
    assert ", oldest of " in told
    assert "plan “Over”, 2 steps" in told
    assert "Saturday 28 March 2026, 06:00-17:00 UTC" in told
    assert "rollback possible until Saturday 28 March 2026" in told
    assert "2 people of managers (@Kim) have to approve it, not Kim." in told
    assert "1. Sync\n2. Switch" in told
    assert "• Kim (high): Kim; Kim" in told


def test_what_cannot_be_approved_says_why_and_whose_approval_is_void() -> None:
    told = read(rendered(DECISIONS["cutover that cannot be approved"]("a gate fails")))
    assert "*It cannot be approved while:*\n• a gate fails" in told
    assert "… and 35 more" in told
    assert "does not count: a gate fails" in told


@pytest.mark.parametrize(
    ("kind", "begins"),
    [("cutover decided", "*✅ GO: cutover of"), ("cutover no-go", "*❌ NO-GO: cutover of")],
)
def test_an_end_is_said_first_and_offers_nothing(kind: str, begins: str) -> None:
    assert read(rendered(DECISIONS[kind]("Kim"))).startswith(begins)


def test_the_table_of_criteria_has_target_actual_and_status_in_words() -> None:
    message = rendered(DECISIONS["phase to be decided"]("14 days clean"))
    table = next(block for block in blocks_of(message) if block["type"] == "table")
    cells = [[as_object(cell)["text"] for cell in as_list(row)] for row in as_list(table["rows"])]
    assert cells[0] == ["Target", "Actual", "Status"]
    assert [row[2] for row in cells[1:5]] == ["✅ passed", "❌ failed", "❌ expired", "❔ unknown"]


def test_the_modal_shows_the_evidence_and_asks_for_a_code_where_the_playbook_does() -> None:
    view = as_json(decision_modals.approve(playbook("Over"), decision("Over")))
    told = "\n".join(mrkdwn_of(view))
    assert decision("Over").evidence.digest()[:8] in told
    assert "0 of 20 gates pass" in told
    assert '"code"' in str(view["blocks"]).replace("'", '"')
    without = as_json(decision_modals.approve(playbook("Over"), decision("Over", second_factor=False)))
    assert '"code"' not in str(without["blocks"]).replace("'", '"')
