"""The examples' playbooks, with the adapters that come with the product."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.engine.own_steps import OWN_STEPS
from bot.engine.registry import ActionRegistry
from bot.playbooks.loader import load, load_all
from bot.playbooks.schema import playbook_schema
from bot.playbooks.steps import inside_step
from bot.playbooks.yaml_document import read_yaml

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = sorted(EXAMPLES.glob("*/playbook.yml"))
KINDS = {**OWN_STEPS, **ActionRegistry.installed().parameters()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_an_example_is_without_errors(path: Path) -> None:
    assert load(path, step_kinds=KINDS).folder == path.parent


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_an_example_validates_by_the_schema(path: Path) -> None:
    document = read_yaml(path.read_bytes(), file=str(path), is_json=inside_step)
    found = Draft202012Validator(playbook_schema(KINDS)).iter_errors(document.data)
    assert [f"{error.json_path}: {error.message}" for error in found] == []


def test_the_examples_are_of_different_migrations() -> None:
    assert {one.folder for one in load_all(EXAMPLES, step_kinds=KINDS).values()} == {p.parent for p in FILES}
