"""The entry points of the adapters lead to them."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from bot.ports.action import Action, Parameters

PROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
REGISTERED: dict[str, str] = PROJECT["entry-points"]["switchback.actions"]


@pytest.mark.parametrize("name", REGISTERED)
def test_an_entry_point_leads_to_an_adapter_of_its_name(name: str) -> None:
    module, _, attribute = REGISTERED[name].partition(":")
    made = getattr(import_module(module), attribute)()
    assert isinstance(made, Action)
    assert made.kind == name
    assert issubclass(made.parameters, Parameters)
    assert made.parameters.model_json_schema()["additionalProperties"] is False


def test_every_adapter_of_the_bot_is_registered() -> None:
    assert set(REGISTERED) == {"exec", "http", "sql", "file", "export-since"}
