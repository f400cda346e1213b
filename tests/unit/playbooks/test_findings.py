"""Playbooks that are wrong in one way, or in many: what is said, and where."""

from pathlib import Path

import pytest

from bot.domain.errors import PlaybookError
from bot.playbooks.loader import load
from tests.playbook_text import PLAYBOOK, STEP_KINDS, place_of, write_playbook

UNIT = "with: {unit: ledger-new, state: stopped}"
WATCH = "{id: gone, kind: decommissioned, rollback: never}"
NAME = "expected a name of small letters, digits, - and _ (at most 60), found"
DATABASE = "expected a database URL such as sqlite:///file.db or a mapping with env, found"
NOT_MEASURED = "its signal “variance” is not measured here; add it to this question's signals"
NOT_LATER = "a follow-up is due later than the end of its run, and within 365d"
NOT_A_DURATION = "is not a duration; write 30s, 5m, 1h30m or 14d"

# What is written instead of what; where it is found, as the text that stands there; what is said.
Wrong = tuple[str, str, str, str]

KEYS: list[Wrong] = [
    ("title: General", "tilte: General", "tilte", "unknown key “tilte”; did you mean title?"),
    ("phase: parallel\n", "", "migration", "missing: phase"),
    ("      owner: operator\n", "", "id: accounts", "missing: owner"),
    ("  rollback:\n    start: severity\n", "  rollback:\n", "rollback:\n    nodes", "missing: start"),
    ("{env: LEDGER_NEW_URL}", "{evn: X}", "evn", "unknown key “evn”; did you mean env?"),
    (
        "rollback: never",
        "rollback: never, note: x",
        "note",
        "unknown key “note”; known: id, kind, title, weeks, days, allows, rollback, leave_when, decided_by,"
        " forward, back",
    ),
    ("  operator: {", "  Operator: {", "Operator", f"{NAME} “Operator”"),
    (
        "environments:",
        "people: {sam smith: U0123}\nenvironments:",
        "sam smith",
        "expected the name of an account of the host, such as sam, found “sam smith”",
    ),
    (UNIT, f"with_: {UNIT[6:]}", "with_", "unknown key “with_”; did you mean with?"),
]
VALUES: list[Wrong] = [
    ("title: General ledger", "title: 5", "5\nphase", "expected text, found 5; put it in quotes"),
    ("title: General ledger", "title: ''", "''", "must not be empty"),
    ("migration: ledger", "migration: My Ledger", "My Ledger", f"{NAME} “My Ledger”"),
    ("budget: 5m", "budget: 5", "5\n    stages", f"“5” {NOT_A_DURATION}"),
    ("budget: 5m", "budget: 9999999999d", "9999999999d", "“9999999999d” is longer than any duration"),
    ('">", value: 5%', '"=>", value: 5%', '"=>"', "expected >, >=, <, <= or ==, found “=>”; did you mean >?"),
    ("value: 5%", "value: lots", "lots", "“lots” is not a number"),
    ("budget: 5m", "budget: ~", "~", "expected text, found nothing"),
    ("critical: true", "critical: maybe", "maybe", "expected true or false, found “maybe”"),
    ("{env: LEDGER_NEW_URL}", "[a]", "[a]", f"{DATABASE} a list"),
    ('"sqlite:///legacy.db"', "Db://me:secret@host/db", "Db:", f"{DATABASE} “Db://…@host/db”"),
    ("{usergroup: ledger-oncall}", "ops", "ops", "expected a mapping with usergroup, users, found “ops”"),
    (
        "rollback: never",
        "rollback: no",
        "no}",
        "expected never or a mapping with role, quorum, second_factor, found “no”",
    ),
    ("measure: latency", "samples: -7", "-7", "expected a number greater than or equal to 1, found -7"),
    ('"http://127.0.0.1:9/health"', "here", "here", "“here” is not a URL: relative URL without a base"),
    (
        "critical: true",
        "grouped: {legacy: SELECT 1, new: SELECT 1}",
        "id: accounts",
        "a check has exactly one of scalar, grouped, growth, rows, schema, freshness, lag, success_rate,"
        " rules",
    ),
]
FOLLOW_UPS: list[Wrong] = [
    ("{id: cause, after", "{after", "{after", "missing: id"),
    ("after: 4h", "after: 4", "4, title", f"“4” {NOT_A_DURATION}"),
    ("after: 4h", "after: 0s", "0s, title", NOT_LATER),
    ("after: 4h", "after: 366d", "366d", NOT_LATER),
    ("after: 4h", "aftr: 4h", "aftr", "unknown key “aftr”; did you mean after?"),
]
QUERIES: list[Wrong] = [
    (
        "SELECT COUNT(*) FROM accounts WHERE active",
        "UPDATE accounts SET active = true",
        "UPDATE",
        "only a SELECT is run on a source, and this query is something else",
    ),
    (
        "SELECT COUNT(*) FROM accounts WHERE active",
        "SELECT 1; SELECT 2",
        "SELECT 1;",
        "a query is one statement, and this one has several",
    ),
]
NAMES: list[Wrong] = [
    ("phase: parallel", "phase: paralel", "paralel\n", "no phase “paralel”; did you mean parallel?"),
    ("goto: watch", "goto: wach", "wach", "no question or outcome “wach”; did you mean watch?"),
    ("id: gone", "id: parallel", "parallel, kind: decom", "id “parallel” is used twice"),
    (
        "id: route",
        "id: stop-new",
        "stop-new\n            title: R",
        "id “stop-new” is used twice in this plan",
    ),
    (
        "cause, owner: operator",
        "cause, owner: oprator",
        "oprator",
        "no role “oprator”; did you mean operator?",
    ),
    ("id: report", "id: cause", "cause, after: 2d", "id “cause” is used twice"),
    ("goto: watch", "goto: severity", "severity}", "“severity” leads back here: the walk would not end"),
]
STEPS: list[Wrong] = [
    ("uses: unit", "uses: unti", "unti", "no step kind “unti”; did you mean unit?"),
    ("uses: unit", "uses: telegraph", "telegraph", "no step kind “telegraph”; known: call, unit"),
    (
        "state: stopped",
        "state: stoped",
        "stoped",
        "expected started or stopped, found “stoped”; did you mean stopped?",
    ),
    ("ledger-new, state: stopped}", "ledger-new}", "with: {unit", "missing: state"),
    ("{unit: ledger-new,", "{unt: ledger-new,", "unt:", "unknown key “unt”; did you mean unit?"),
    (
        f"            {UNIT}\n",
        "",
        "id: stop-new",
        "missing: with, the parameters of unit (missing: unit; missing: state)",
    ),
    (UNIT, "with: [unit]", "[unit]", "expected a mapping, found a list"),
    ("[200, 204]", "[200, often]", "often", "expected a whole number, found “often”"),
    ("{env: LEDGER_TOKEN}", "{evn: X}", "evn", "unknown key “evn”; did you mean env?"),
    ("              url: http", "              uri: http", "uri", "unknown key “uri”; did you mean url?"),
    ("equals: 0.1", "equals: zero", "zero", "expected a number or text, found “zero”"),
]
CONTRADICTIONS: list[Wrong] = [
    (
        "environments:",
        "people: {sam: sam.okafor}\nenvironments:",
        "sam.okafor",
        "expected a Slack user id, such as U0123, found “sam.okafor”",
    ),
    ("budget: 1m", "budget: 6m", "6m", "6m is more than the plan's budget of 5m"),
    ("budget: 5m", "budget: 50s", "1m\n        steps", "1m is more than the plan's budget of 50s"),
    ("budget: 1m", "budget: 30s", "30s", "the budgets of its steps add up to 40s, more than 30s"),
    ("longest: 1m", "longest: 3s", "3s", "3s is less than the step's budget of 20s"),
    ("value: 5%", "value: 5", "5}", "signal “variance” is in percent; write 5%"),
    ("value: 5%", "value: 5pp", "5pp", "signal “variance” is in percent; write 5%"),
    (
        "value: 150%, of: baseline",
        "value: 2%",
        "2%",
        "signal “latency” is in milliseconds; write a number without a unit",
    ),
    (
        "baseline: 100",
        "baseline: 5%",
        "5%}\ntrig",
        "signal “latency” is in milliseconds; write a number without a unit",
    ),
    ("signal: latency", "signal: health", "baseline}", "signal “health” has no baseline"),
    (
        WATCH,
        WATCH.replace("never", "{role: board}"),
        "{role: board}",
        "legacy is gone by then; write rollback: never",
    ),
    (
        "{role: operator}",
        "{role: board, quorum: 2}",
        "2}}",
        "2 approvals and who asks for them are 3 people, and board has 2",
    ),
    (
        "{role: operator}",
        "{role: operator, quorum: -1}",
        "-1}",
        "expected a number greater than or equal to 0, found -1",
    ),
    (
        "signals: [variance]",
        "signals: []",
        "variance\n        answers",
        NOT_MEASURED,
    ),
    (
        "no: {text: No",
        "nope: {text: No",
        "variance\n        answers",
        "a question with a trigger has an answer “no”",
    ),
]


def wrong(text: str, folder: Path) -> list[tuple[int, int, str]]:
    """What is found in a playbook: line, column and message of each finding."""
    path = write_playbook(folder, text)
    with pytest.raises(PlaybookError) as caught:
        load(path, step_kinds=STEP_KINDS)
    assert {finding.file for finding in caught.value.findings} == {str(path)}
    return [(finding.line, finding.column, finding.message) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("right", "written", "where", "message"),
    [*KEYS, *VALUES, *FOLLOW_UPS, *QUERIES, *NAMES, *STEPS, *CONTRADICTIONS],
)
def test_one_mistake_is_one_finding_at_its_place(
    tmp_path: Path, right: str, written: str, where: str, message: str
) -> None:
    assert right in PLAYBOOK
    text = PLAYBOOK.replace(right, written, 1)
    assert wrong(text, tmp_path) == [(*place_of(text, where), message)]


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = PLAYBOOK
    for right, written in [
        ("title: General", "tilte: General"),
        ("goto: watch", "goto: wach"),
        ("\nplans:", "\nplan:"),
        ("budget: 1m", "budget: 6m"),
        ("uses: unit", "uses: unti"),
        ("[200, 204]", "[200, 999]"),
    ]:
        text = text.replace(right, written, 1)
    assert wrong(text, tmp_path) == [
        (*place_of(text, "tilte"), "unknown key “tilte”; did you mean title?"),
        (*place_of(text, "wach"), "no question or outcome “wach”; did you mean watch?"),
        (*place_of(text, "plan:"), "unknown key “plan”; did you mean plans?"),
        (*place_of(text, "6m"), "6m is more than the plan's budget of 5m"),
        (*place_of(text, "unti"), "no step kind “unti”; did you mean unit?"),
        (*place_of(text, "999"), "expected a number less than or equal to 599, found 999"),
    ]


def test_wrong_values_do_not_hide_wrong_parameters(tmp_path: Path) -> None:
    text = PLAYBOOK.replace("budget: 5m", "budget: soon").replace("state: stopped", "state: gone")
    assert wrong(text, tmp_path) == [
        (*place_of(text, "soon"), f"“soon” {NOT_A_DURATION}"),
        (*place_of(text, "gone}"), "expected started or stopped, found “gone”"),
    ]


def test_what_an_anchor_holds_is_found_once_where_it_is_written(tmp_path: Path) -> None:
    text = PLAYBOOK.replace("with: {unit: ledger-new,", "with: &off {unit: ledger-new, sate: x,")
    text += "          - {id: again, title: Again, uses: unit, with: *off, budget: 5s}\n"
    assert wrong(text, tmp_path) == [(*place_of(text, "sate"), "unknown key “sate”; did you mean state?")]


@pytest.mark.parametrize(("person", "said"), [("U0456", []), ("U0999", ["U0999 is in no role"])])
def test_an_account_of_somebody_without_a_role_is_found_where_every_role_lists_its_people(
    tmp_path: Path, person: str, said: list[str]
) -> None:
    known = PLAYBOOK.replace("environments:", f"people: {{sam: {person}}}\nenvironments:")
    assert load(write_playbook(tmp_path, known), step_kinds=STEP_KINDS).playbook.people == {"sam": person}
    listed = known.replace("usergroup: ledger-oncall", "users: [U0123]")
    try:
        load(write_playbook(tmp_path, listed), step_kinds=STEP_KINDS)
        found = []
    except PlaybookError as error:
        found = [finding.message for finding in error.findings]
    assert found == said
