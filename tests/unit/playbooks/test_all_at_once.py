"""Errors inside parts and between them are told in one go, and none of them brings about another."""

import re
from pathlib import Path

import pytest

from bot.domain.errors import PlaybookError
from bot.playbooks.loader import load
from tests.playbook_text import PLAYBOOK, STEP_KINDS, place_of, write_playbook

Told = list[tuple[int, int, str]]

# What is written instead of what; where it is found, as the text that stands there; what is said.
ERRORS = [
    ("phase: parallel\n", "phase: paralel\n", "paralel", "no phase “paralel”; did you mean parallel?"),
    ("  board: {users: [U0123, U0456]}", "  board: {users: [ann]}", "ann]", "expected a Slack user id"),
    ("critical: true", "critical: maybe", "maybe", "expected true or false, found “maybe”"),
    ("owner: operator", "owner: oprator", "oprator", "no role “oprator”; did you mean operator?"),
    (
        "{id: health, title: New ledger, http",
        "{id: health, http",
        "{id: health",
        "missing: title",
    ),
    ('signal: variance, op: ">"', 'signal: varance, op: ">"', "varance", "no signal “varance”"),
    ("of: baseline}\n    suggests: immediate", "of: baseline}\n    suggests: soon", "soon", "no plan “soon”"),
    ("signals: [variance]", "signals: [variance, helth]", "helth", "no signal “helth”"),
    ("trigger: variance", "trigger: varianse", "varianse", "no trigger “varianse”"),
    ("goto: watch", "goto: wach", "wach", "no question or outcome “wach”; did you mean watch?"),
    ("{title: Keep watching}", "{advice: Keep watching}", "watch: {", "missing: title"),
    ("id: gone", "id: parallel", "parallel, kind: decom", "id “parallel” is used twice"),
    ("budget: 5m", "budget: whenever", "whenever", "“whenever” is not a duration"),
    ("uses: unit", "uses: unti", "unti", "no step kind “unti”; did you mean unit?"),
    ("longest: 1m", "longest: 3s", "3s", "3s is less than the step's budget of 20s"),
]

# A part that is wrong inside, or whose name cannot be read, to which other parts refer.
BROKEN = [
    ("    title: Back to legacy\n", ""),
    ("  immediate:\n", "  Immediate:\n"),
    ("{id: variance, title: Largest variance,", "{title: Largest variance,"),
    ("{id: variance, title: Largest variance,", "{id: 5, title: Largest variance,"),
    ("reconcile: max_critical_variance}", "reconcile: anything}"),
    ("  - id: variance\n    title: More", "  - title: More"),
    ("signal: variance, op", "signal: varance, op"),
    ("signals: [variance]", "signals: [varance]"),
    ("  operator: {usergroup: ledger-oncall}", "  operator: {}"),
    ("  - {id: parallel, kind: parallel,", "  - {id: parallel, kind: paralel,"),
    ("environments: {production: {}, staging: {}}", "environments: {Production: {}, staging: {}}"),
    ("environments: {production: {}, staging: {}}", "environments: {}"),
    ("{text: The ledger is stopped, goto: wrong, severity: P1}", "{text: Stopped, goto: Wrong!}"),
    ("      back: {title: Roll back, rollback: immediate}", "      back: {rollback: immediate}"),
    ("start: severity", "start: severty"),
    (
        "phases:\n  - {id: parallel, kind: parallel, rollback: {role: operator}}\n  - {id: gone, kind: "
        "decommissioned, rollback: never}",
        "phases: {id: gone, kind: parallel}",
    ),
    ("measure: latency}, baseline: 100}", "measure: latency}, baseline: often}"),
]


def found_in(text: str, folder: Path) -> Told:
    """Line, column and message of each finding."""
    with pytest.raises(PlaybookError) as caught:
        load(write_playbook(folder, text), step_kinds=STEP_KINDS)
    return [(finding.line, finding.column, finding.message) for finding in caught.value.findings]


def test_errors_of_all_kinds_are_found_in_one_go_each_in_its_line(tmp_path: Path) -> None:
    text = PLAYBOOK
    for right, written, _, _ in ERRORS:
        assert right in text
        text = text.replace(right, written, 1)
    found = found_in(text, tmp_path)
    assert [one[:2] for one in found] == sorted(place_of(text, where) for _, _, where, _ in ERRORS)
    said = {(line, column): message for line, column, message in found}
    for _, _, where, message in ERRORS:
        assert said[place_of(text, where)].startswith(message)


@pytest.mark.parametrize(("right", "written"), BROKEN)
def test_a_broken_part_brings_about_no_finding_elsewhere(tmp_path: Path, right: str, written: str) -> None:
    assert right in PLAYBOOK
    assert len({line for line, _, _ in found_in(PLAYBOOK.replace(right, written, 1), tmp_path)}) == 1


def test_the_one_way_to_a_question_is_known_though_its_name_is_misspelt(tmp_path: Path) -> None:
    text = PLAYBOOK.replace("goto: wrong", "goto: wrng")
    assert {message for _, _, message in found_in(text, tmp_path)} == {
        "no question or outcome “wrng”; did you mean wrong?"
    }


def test_budgets_that_add_up_to_more_than_any_duration_are_a_finding(tmp_path: Path) -> None:
    text = re.sub(r"budget: \w+", "budget: 900000000d", PLAYBOOK)
    assert [message.split(" to ")[0] for _, _, message in found_in(text, tmp_path)] == [
        "the budgets of its steps add up",
        "1m is less than the step's budget of 900000000d",
    ]
