"""The documentation names everything that the code has."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from bot.engine.own_steps import OWN_STEPS
from bot.settings import Settings
from bot.terminal.main import app
from tests.unit.handlers.listeners import registered

ROOT = Path(__file__).parents[2]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def terminal_commands() -> list[str]:
    """Every command with its group: `reconcile`, `audit verify`."""
    return sorted(_paths(typer.main.get_command(app), ""))


def _paths(command: object, path: str) -> Iterator[str]:
    if not isinstance(command, TyperGroup):
        yield path
        return
    if path and command.invoke_without_command:
        yield path
    for name, inner in command.commands.items():
        yield from _paths(inner, f"{path} {name}".strip())


@pytest.mark.parametrize("name", sorted(field.alias or "" for field in Settings.model_fields.values()))
def test_every_setting_is_in_the_page_of_settings(name: str) -> None:
    assert f"`{name}`" in page("docs/settings.md")


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_has_a_name_in_the_environment(field: str) -> None:
    alias = Settings.model_fields[field].alias
    assert alias
    assert alias == alias.upper()


def test_every_slash_command_is_in_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    readme = page("README.md")
    commands = registered(monkeypatch).commands
    assert [command for command in commands if command not in readme] == []
    assert len(commands) >= 3


@pytest.mark.parametrize("command", terminal_commands())
def test_every_terminal_command_is_in_the_page_of_the_terminal(command: str) -> None:
    assert f"switchback {command}" in page("docs/terminal.md")


def kinds() -> list[str]:
    return sorted({*OWN_STEPS, *(point.name for point in entry_points(group="switchback.actions"))})


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_of_step_is_in_the_page_of_the_playbook(kind: str) -> None:
    assert f"`{kind}`" in page("docs/playbook.md")


def test_the_kinds_and_commands_are_found() -> None:
    assert {"exec", "http", "sql", "file", "manual", "wait", "message"} <= set(kinds())
    assert {"run", "lint", "reconcile", "doctor"} <= set(terminal_commands())
