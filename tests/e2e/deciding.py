"""What people do to decide, each step waited for as a person would: by what the page shows."""

from bot.sandbox.json_values import JsonObject
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.workspace import Person

APPROVALS = rollback.INCIDENTS
_PHASES = "  - {id: parallel, kind: parallel, rollback: {role: operator, quorum: 0}}\n"
_RIGHT = "rollback: {role: operator}"
_MOVES = f"""\
  - {{id: pilot, kind: pilot, decided_by: managers, {_RIGHT}}}
  - {{id: parallel, kind: parallel, {_RIGHT}}}
  - {{id: grace, kind: grace, days: 30, {_RIGHT}}}
"""
_CUTOVER = """\
cutover:
  plan: back
  back: back
  approvals: {role: managers, quorum: 2}
  requested_by: operator
  assessment: {owner: operator}
gates:
  - {id: papers, title: Papers, owner: operator, criteria: [{document: evidence.md}]}
risks: [{risk: Slow, impact: People wait, likelihood: low, mitigation: Headroom}]
"""
_TREE = """\
  cutover:
    start: ready
    nodes:
      ready:
        ask: Is everything ready?
        shows: [gates, people, freezes]
        answers:
          "yes": {text: "Yes, all of it", goto: go}
          unknown: {text: "I don't know", goto: stay}
    outcomes:
      go: {title: Ready, verdict: go}
      stay: {title: Not yet, verdict: no-go}
phases:
"""


def to_be_decided(ledger: Ledger, *, phase: str) -> None:
    """Give the ledger a cutover, which two managers approve, and phases, and put it into one of them."""
    ledger.edit("phase: parallel", f"phase: {phase}")
    ledger.edit("{users: [U0ONCALL, U0SECOND]}", "{users: [U0ONCALL]}, managers: {users: [U0MGRA, U0MGRB]}")
    ledger.edit(_PHASES, _MOVES)
    ledger.edit("phases:\n", _TREE)
    ledger.edit("\nplans:\n", f"\n{_CUTOVER}plans:\n")
    (ledger.playbooks / "ledger" / "evidence.md").write_text("The support plan\n")


async def with_button(person: Person, action_id: str, *, containing: str = "") -> JsonObject:
    """The decision's message, once it has this button and these words."""
    return await person.wait_for_message(
        APPROVALS,
        lambda message: action_id in rollback.buttons(message) and containing in rollback.read(message),
        timeout=20,
    )


async def press(person: Person, action_id: str, *, containing: str = "") -> None:
    """Press the button once it is there."""
    message = await with_button(person, action_id, containing=containing)
    receipt = await person.press(message, action_id=action_id)
    assert receipt["acknowledged"] is True, receipt


async def opened(person: Person, action_id: str, modal: str) -> JsonObject:
    """Press the button; the modal."""
    await press(person, action_id)
    return await person.wait_for_view(lambda view: view.get("callback_id") == modal)


async def approve(person: Person) -> JsonObject:
    """Approve what the modal shows; how the submission was received."""
    view = await opened(person, ids.DECISION_APPROVE, ids.DECISION_APPROVE_MODAL)
    return await person.submit(view, {"name": "ledger", "comment": "fine"})
