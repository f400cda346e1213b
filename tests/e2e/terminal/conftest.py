"""The command line as a process, in a folder with the examples and their data."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.sandbox.json_values import Json, as_object, parse
from tests.e2e.planwise_example import EXAMPLE
from tests.e2e.program import SWITCHBACK, Program, environment, finished
from tests.e2e.terminal.alone import Alone

Switchback = Callable[..., Program]


def printed(program: Program) -> Json:
    """The JSON on its stdout, which holds nothing else."""
    return as_object({"value": parse(program.stdout)})["value"]


@pytest.fixture
def folder(tmp_path: Path, planwise_data: Path) -> Path:
    """A checkout: examples/planwise with its data."""
    planwise = tmp_path / "examples" / "planwise"
    planwise.mkdir(parents=True)
    shutil.copy(EXAMPLE / "playbook.yml", planwise)
    shutil.copytree(planwise_data, planwise / "data")
    return tmp_path


@pytest.fixture
def switchback(folder: Path) -> Switchback:
    """Run a command to its end, with SWITCHBACK_PLAYBOOKS alone, or with these settings."""

    def run(*arguments: str, **settings: str) -> Program:
        env = environment(**{"SWITCHBACK_PLAYBOOKS": "examples", **settings})
        return finished([SWITCHBACK, *arguments], env=env, cwd=folder)

    return run


@pytest.fixture
def alone(tmp_path: Path) -> Alone:
    return Alone(tmp_path)


@pytest.fixture
def by_hand(tmp_path: Path) -> Alone:
    return Alone(tmp_path, by_hand=True)
