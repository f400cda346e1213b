"""Gates and cutovers that are wrong in one way: what is said, and where."""

from pathlib import Path

import pytest

from bot.domain.errors import PlaybookError
from bot.domain.playbook.criteria import criterion_id, kind_of
from bot.playbooks.loader import load
from tests.playbook_text import PLAYBOOK, STEP_KINDS, place_of, write_playbook

GATES = """\
gates:
  - id: data
    title: Data parity
    owner: operator
    criteria:
      - {check: accounts, clean_for: 14d}
      - {metric: latency, op: "<", value: 2000, over: 7d}
      - {no_incident: [P1, P2], for: 14d}
      - {id: minutes, document: docs/minutes.md}
  - id: people
    title: People
    owner: board
    criteria:
      - {each: operator, statement: I was trained, tasks: [{id: open, title: Open the day}]}
      - {contacts: operator}
      - {vote: board, statement: We go over, quorum: 2, majority: two-thirds}
      - {coverage: 90%}
gate_review: {on: mon, at: "09:00", zone: Europe/Berlin}
"""
ONE_OF = (
    "a criterion has exactly one of check, metric, sync, no_incident, rehearsal, alert_test, sign_off,"
    " each, contacts, vote, document, coverage"
)
WRONG = [
    ("clean_for: 14d", "clean_for: 36h", "{check: acc", "clean_for is whole days, such as 14d"),
    ("check: accounts, ", "", "{clean_for", ONE_OF),
    ("{contacts: operator}", "{contacts: operator, vote: board}", "{contacts", ONE_OF),
    ("check: accounts,", "check: acounts,", "acounts", "no check “acounts”; did you mean accounts?"),
    ("metric: latency", "metric: latncy", "latncy", "no signal “latncy”; did you mean latency?"),
    ("vote: board", "vote: bored", "bored", "no role “bored”; did you mean board?"),
    ("owner: board", "owner: bored", "bored", "no role “bored”; did you mean board?"),
    ("P1, P2", "P1, P5", "P5", "expected P1, P2, P3 or P4, found “P5”; did you mean P4?"),
    (
        "majority: two-thirds",
        "majority: most",
        "most",
        "expected simple, two-thirds or unanimous, found “most”",
    ),
    ("{contacts: operator}", "{sync: accounts}", "accounts}", "check “accounts” is no success_rate check"),
    (
        "{contacts: operator}",
        "{rehearsal: immediate, within: 30d}",
        "immediate, within",
        "nothing is rehearsed: the playbook has no part “rehearsal”",
    ),
    ("id: people", "id: data", "data\n    title: People", "id “data” is used twice"),
]


def test_gates_of_every_kind_are_taken_and_their_criteria_have_names(tmp_path: Path) -> None:
    playbook = load(write_playbook(tmp_path, PLAYBOOK + GATES), step_kinds=STEP_KINDS).playbook
    named = [[criterion_id(one) for one in gate.criteria] for gate in playbook.gates]
    assert named == [
        ["check-accounts", "metric-latency", "no-incident", "minutes"],
        ["each-operator", "contacts-operator", "vote-board", "coverage"],
    ]
    assert kind_of(playbook.gate("people").criteria[2]) == "vote"


@pytest.mark.parametrize(("right", "written", "where", "message"), WRONG)
def test_one_mistake_in_a_gate_is_one_finding_at_its_place(
    tmp_path: Path, right: str, written: str, where: str, message: str
) -> None:
    assert right in GATES
    text = PLAYBOOK + GATES.replace(right, written, 1)
    with pytest.raises(PlaybookError) as error:
        load(write_playbook(tmp_path, text), step_kinds=STEP_KINDS)
    found = [(one.line, one.column, one.message) for one in error.value.findings]
    assert found == [(*place_of(text, where), message)]
