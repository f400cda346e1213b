"""Cutovers that do not fit: what is said, and where."""

from pathlib import Path

import pytest

from bot.domain.errors import PlaybookError
from bot.engine.own_steps import OWN_STEPS
from bot.playbooks.loader import load
from tests.playbook_text import PLAYBOOK, STEP_KINDS, place_of, write_playbook

KINDS = {**STEP_KINDS, **OWN_STEPS, "export-since": STEP_KINDS["unit"]}
PLANS = """\
plans:
  over:
    title: Cutover
    budget: 5m
    stages:
      - id: day
        title: Day
        budget: 4m
        steps:
          - {id: six, title: Six, uses: wait-until, with: {at: "06:00"}}
          - {id: freeze, title: Freeze, uses: unit, with: {unit: old, state: stopped}}
          - {id: eight, title: Eight, uses: wait-until, with: {at: "08:00"}}
  legacy:
    title: Back
    budget: 5m
    stages:
      - id: back
        title: Back
        budget: 4m
        steps:
          - {id: export, title: Export, uses: export-since, with: {unit: new, state: stopped}}
          - {id: open, title: Open, uses: unit, with: {unit: old, state: started}}
"""
CUTOVER = """\
cutover:
  plan: over
  back: legacy
  zone: Europe/Berlin
  approvals: {role: board, quorum: 1}
  requested_by: operator
  point_of_no_return: freeze
  assessment: {owner: board}
  since_cutover:
    - {id: orders, title: Orders, sql: "SELECT id FROM orders WHERE at >= :since"}
"""
PHASES = """\
phases:
  - {id: grace, kind: grace, days: 30, rollback: {role: board}}
"""
TEXT = PLAYBOOK.replace("plans:\n", PLANS, 1).replace("phases:\n", PHASES, 1) + CUTOVER
ONLY = "only the plan of the cutover waits for times of its day; use wait"
BESIDE = "a time of day is waited for between steps, not beside them"
STAGE = "        steps:\n          - {id: six"
ASKS = "sql asks for what was written since the cutover"
EXPORTS = "a step that uses export-since does"
GOES_OVER = "the migration goes over to a phase of kind grace"
WRONG = [
    ('with: {at: "08:00"}', 'with: {at: "05:00"}', '"05:00"', "05:00 is not after 06:00, which comes first"),
    ("plan: over", "plan: legacy", 'wait-until, with: {at: "06', ONLY),
    (STAGE, STAGE.replace("steps:", "parallel: true\n        steps:"), 'wait-until, with: {at: "06', BESIDE),
    ("return: freeze", "return: frieze", "frieze", "no step “frieze”; did you mean freeze?"),
    (":since", "'2026-01-01'", "{id: orders", f"{ASKS}: :since stands in it"),
    ("uses: export-since", "uses: unit", "{id: orders", f"no plan exports it: {EXPORTS}"),
    ("kind: grace", "kind: pilot", "plan: over", f"{GOES_OVER}, and there is none"),
]


def test_a_cutover_with_all_its_parts_is_taken(tmp_path: Path) -> None:
    playbook = load(write_playbook(tmp_path, TEXT), step_kinds=KINDS).playbook
    assert playbook.cutover is not None
    exporting = playbook.in_environment(playbook.plans["legacy"], "production").steps[0]
    assert exporting.with_["exports"] == [
        {"id": "orders", "title": "Orders", "sql": "SELECT id FROM orders WHERE at >= :since"}
    ]
    assert exporting.with_["url"] == {"env": "LEDGER_NEW_URL"}


@pytest.mark.parametrize(("right", "written", "where", "message"), WRONG)
def test_one_mistake_in_a_cutover_is_told_at_its_place(
    tmp_path: Path, right: str, written: str, where: str, message: str
) -> None:
    assert right in TEXT
    text = TEXT.replace(right, written, 1)
    with pytest.raises(PlaybookError) as error:
        load(write_playbook(tmp_path, text), step_kinds=KINDS)
    found = [(one.line, one.message) for one in error.value.findings]
    assert (place_of(text, where)[0], message) in found


def test_an_input_of_a_plan_that_nobody_confirms_has_a_default(tmp_path: Path) -> None:
    asks = '    inputs: [{id: ticket, title: Ticket, pattern: "[A-Z]+"}]\n'
    text = TEXT.replace("    title: Back\n    budget: 5m\n", f"    title: Back\n    budget: 5m\n{asks}", 1)
    with pytest.raises(PlaybookError, match="nobody types anything when this plan begins"):
        load(write_playbook(tmp_path, text), step_kinds=KINDS)
