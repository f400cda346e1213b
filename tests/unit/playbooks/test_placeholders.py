"""Environments, inputs and rehearsals in a playbook: what is wrong with them, and where."""

from pathlib import Path
from typing import ClassVar

import pytest

from bot.domain.errors import PlaybookError
from bot.playbooks.loader import load
from tests.playbook_text import PLAYBOOK, STEP_KINDS, UnitParameters, place_of, write_playbook


class OpenUnit(UnitParameters):
    """A service whose name may be typed."""

    open_to_inputs: ClassVar[frozenset[str]] = frozenset({"unit"})


KINDS = {**STEP_KINDS, "unit": OpenUnit}
RIGHT = (
    PLAYBOOK.replace(
        "{production: {}, staging: {}}",
        '{production: {host: "127.0.0.1:9", db: a.db}, staging: {host: "127.0.0.1:8", db: b.db}}',
    )
    .replace("url: http://127.0.0.1:9/route", 'url: "http://{environment.host}/route"')
    .replace("{unit: ledger-new, state", '{unit: "ledger-{input.unit}", state')
    .replace(
        "    budget: 5m\n",
        "    budget: 5m\n    inputs:\n      - {id: unit, title: Unit, pattern: '[a-z]+'}\n",
    )
    + "rehearsal:\n"
    "  environment: staging\n"
    '  compare: [{id: books, title: Books, url: "sqlite:///{environment.db}", tables: [accounts]}]\n'
    "  forward: immediate\n"
    "  within: 5m\n"
    "  sign_off: [operator, board]\n"
)

Wrong = tuple[str, str, str, str]
ENVIRONMENTS: list[Wrong] = [
    (
        "{environment.host}/route",
        "{environment.hots}/route",
        '"http://{env',
        "environment “production” has no “hots”, which {environment.hots} stands for; did you mean host?",
    ),
    (
        'host: "127.0.0.1:8", db: b.db',
        "db: b.db",
        '"http://{env',
        "environment “staging” has no “host”, which {environment.host} stands for",
    ),
    (
        "db: a.db",
        'db: "{input.unit}"',
        '"{input',
        "{input.unit} is not filled in here; write the value itself",
    ),
    (
        "{environment.db}",
        "{environment.bd}",
        '"sqlite:///{env',
        "environment “staging” has no “bd”, which {environment.bd} stands for; did you mean db?",
    ),
]
INPUTS: list[Wrong] = [
    ("{input.unit}", "{input.unti}", '"ledger-{', "no input “unti” of this plan; did you mean unit?"),
    (
        "state: stopped",
        'state: "{input.unit}"',
        '"{input',
        "{input.unit} may not stand here: what is typed may only stand in: unit",
    ),
    (
        "pattern: '[a-z]+'",
        "pattern: '('",
        "'('",
        "not a regular expression: missing ), unterminated subpattern at position 0",
    ),
    (
        "pattern: '[a-z]+'",
        "pattern: '[a-z]+', default: Q",
        "{id: unit, t",
        "the default is not taken: Unit is a text like [a-z]+",
    ),
    (
        "pattern: '[a-z]+'",
        "range: [5, 1]",
        "{id: unit, t",
        "the range's first number is more than its second",
    ),
    (
        "      - {id: unit, t",
        "      - {id: unit, title: One, choice: [a]}\n      - {id: unit, t",
        "unit, title: Unit",
        "id “unit” is used twice",
    ),
]
REHEARSALS: list[Wrong] = [
    (
        "environment: staging",
        "environment: stagign",
        "stagign",
        "no environment “stagign”; did you mean staging?",
    ),
    (
        "environment: staging",
        "environment: production",
        "production\n  compare",
        "a rehearsal is never in production; name another environment",
    ),
    ("forward: immediate", "forward: onward", "onward", "no plan “onward”; known: immediate"),
    (
        "sign_off: [operator, b",
        "sign_off: [operater, b",
        "operater",
        "no role “operater”; did you mean operator?",
    ),
    (
        "tables: [accounts]",
        'tables: ["a; drop"]',
        '"a; drop"',
        "expected a table, or schema.table, found “a; drop”",
    ),
    (
        'url: "sqlite:///{environment.db}", t',
        "t",
        "{id: books",
        "the tables are in exactly one of url, source",
    ),
]


def test_a_playbook_with_all_of_it_is_right(tmp_path: Path) -> None:
    playbook = load(write_playbook(tmp_path, RIGHT), step_kinds=KINDS).playbook
    plan = playbook.plans["immediate"]
    assert playbook.in_environment(plan, "staging").steps[1].with_["url"] == "http://127.0.0.1:8/route"
    assert [one.id for one in playbook.inputs(plan)] == ["unit"]


@pytest.mark.parametrize(("right", "written", "where", "message"), [*ENVIRONMENTS, *INPUTS, *REHEARSALS])
def test_one_mistake_is_one_finding_at_its_place(
    tmp_path: Path, right: str, written: str, where: str, message: str
) -> None:
    assert right in RIGHT
    text = RIGHT.replace(right, written, 1)
    found = findings(tmp_path, text)
    assert found[0] == (*place_of(text, where), message)


def findings(folder: Path, text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(PlaybookError) as caught:
        load(write_playbook(folder, text), step_kinds=KINDS)
    return [(one.line, one.column, one.message) for one in caught.value.findings]


def test_a_key_that_no_environment_has_is_told_of_each(tmp_path: Path) -> None:
    text = RIGHT.replace("{environment.host}/route", "{environment.x}/route")
    assert [message for *_, message in findings(tmp_path, text)] == [
        f"environment “{name}” has no “x”, which {{environment.x}} stands for"
        for name in ("production", "staging")
    ]


def test_two_plans_do_not_mean_two_things_by_one_input(tmp_path: Path) -> None:
    plan = RIGHT.partition("  immediate:\n")[2].partition("rehearsal:")[0]
    other = "  hard:\n" + plan.replace("'[a-z]+'", "'[0-9]+'")
    text = RIGHT.replace("rehearsal:\n", f"{other}rehearsal:\n", 1)
    (found,) = findings(tmp_path, text)
    assert found[2] == "plan “immediate” declares input “unit” otherwise; give one of them another id"
