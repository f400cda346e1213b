"""The JSON Schema of a playbook."""

import re
from collections.abc import Callable
from typing import Annotated

import pytest
from jsonschema import Draft202012Validator
from pydantic import BeforeValidator

from bot.playbooks.schema import playbook_schema
from bot.playbooks.yaml_document import read_yaml
from bot.ports.action import Parameters
from tests.playbook_text import PLAYBOOK, STEP_KINDS

VALIDATOR = Draft202012Validator(playbook_schema(STEP_KINDS))


def errors(text: str) -> list[str]:
    """The places that the schema does not take, as JSON paths."""
    document = read_yaml(text.encode(), file="a.yml", is_json=lambda path: False)
    return sorted(error.json_path for error in VALIDATOR.iter_errors(document.data))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(VALIDATOR.schema)


def test_a_playbook_without_errors_validates() -> None:
    assert errors(PLAYBOOK) == []


@pytest.mark.parametrize(
    ("right", "written", "place"),
    [
        ("title: General", "tilte: General", "$"),
        ("critical: true", "critcal: true", "$.reconcile.checks[0]"),
        ("tolerance: 0.1%", "tolerance: a lot", "$.reconcile.checks[0].tolerance"),
        ("  operator: {", "  Operator: {", "$.roles"),
        ("uses: unit", "uses: unti", "$.plans.immediate.stages[0].steps[0].uses"),
        ("state: stopped", "state: stoped", "$.plans.immediate.stages[0].steps[0].with.state"),
        ("{unit: ledger-new,", "{unt: ledger-new,", "$.plans.immediate.stages[0].steps[0].with"),
        ("{unit: ledger-new, state: stopped}", "{}", "$.plans.immediate.stages[0].steps[0].with"),
        (
            "            with: {unit: ledger-new, state: stopped}\n",
            "",
            "$.plans.immediate.stages[0].steps[0]",
        ),
        ("from: x", "from_: x", "$.plans.immediate.stages[0].steps[1].with"),
        ("budget: 5m", "budget: 5", "$.plans.immediate.budget"),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(right: str, written: str, place: str) -> None:
    text = PLAYBOOK.replace("              expect:", "              from: x\n              expect:")
    assert errors(text) == []
    assert right in text
    assert set(errors(text.replace(right, written, 1))) == {place}


class Converted(Parameters):
    """Parameters that are not written as they are held."""

    expect: Annotated[tuple[int, ...], BeforeValidator(lambda value: (value,))] = ()
    pattern: re.Pattern[str] = re.compile("")
    check: Callable[[], None] | None = None


def test_what_a_schema_cannot_say_of_an_adapter_is_left_to_the_loader() -> None:
    validator = Draft202012Validator(playbook_schema({"unit": Converted, "call": Converted}))
    text = PLAYBOOK.replace("{unit: ledger-new, state: stopped}", "{expect: 200, check: x}")
    document = read_yaml(text.encode(), file="a.yml", is_json=lambda path: False)
    assert {error.json_path for error in validator.iter_errors(document.data)} == {
        "$.plans.immediate.stages[0].steps[1].with"
    }
