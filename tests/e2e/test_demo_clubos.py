"""`make demo EXAMPLE=clubos`: the club's systems, its people and the bot, begun and ended as one."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.clubos.demo import CLUBOS
from examples.clubos.generate import main as generate
from examples.demo_ports import SHARED
from tests.e2e.ports import unused_ports
from tests.e2e.program import ROOT, Program, children, environment, finished
from tests.e2e.rollback import read
from tests.e2e.test_demo import alive, end
from tests.e2e.workspace import signed_in

DEMO = [sys.executable, str(ROOT / "examples" / "demo.py"), "--example", "clubos"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A demo's folder in which small data are already: the demo leaves what it finds."""
    data = tmp_path / "demo" / "playbooks" / "clubos" / "data"
    assert generate([*CLUBOS.data["data"], "--members", "240", "--out", str(data)]) == 0
    return tmp_path / "demo"


@pytest.fixture
def env(folder: Path) -> dict[str, str]:
    ports = unused_ports((*SHARED, *CLUBOS.ports))
    return environment(SWITCHBACK_DEMO_FOLDER=str(folder), **ports)


@pytest.fixture
def demo(env: dict[str, str]) -> Iterator[Program]:
    """A demo that is up."""
    with Program(DEMO, env=env) as program:
        program.wait_for_line("Open  http://", timeout=60)
        yield program


async def test_the_club_is_reconciled_by_one_of_its_operators_and_ctrl_c_ends_everything(
    demo: Program, env: dict[str, str]
) -> None:
    url = f"http://127.0.0.1:{env['SWITCHBACK_SANDBOX_PORT']}"
    assert [line.split()[1] for line in demo.stdout.splitlines() if "Open " in line] == [f"{url}/"]
    started = children(demo.pid)
    assert len(started) == 5
    async with signed_in(url, "U0THIRD") as mina:
        await mina.command("#clubos-parallel-run", "/reconcile clubos")
        told = await mina.wait_for_message(
            "#clubos-parallel-run", lambda message: "8 of 9 checks outside" in read(message), timeout=30
        )
    assert "Registrations of active events" in read(told)
    assert end(demo) == 0
    assert demo.stdout.splitlines()[-1] == "ending …"
    assert demo.stderr == ""
    assert not any(alive(pid) for pid in started)


def test_a_reset_forgets_the_club_alone(env: dict[str, str], folder: Path) -> None:
    reset = finished([*DEMO, "--reset"], env=env)
    assert reset.ended() == 0
    assert reset.stdout.splitlines() == [
        "The demo has forgotten everything. Begin again with: make demo EXAMPLE=clubos"
    ]
    assert not folder.exists()


@pytest.mark.parametrize("ending", [(), ("--reset",)], ids=["demo", "reset"])
def test_the_folder_of_another_examples_demo_is_left_to_it(
    env: dict[str, str], folder: Path, ending: tuple[str, ...]
) -> None:
    refused = finished([*DEMO[:2], "--example", "planwise", *ending], env=env)
    assert refused.ended() == 2
    assert refused.stderr.splitlines() == [
        f"{folder} holds the demo of clubos. Set SWITCHBACK_DEMO_FOLDER to another folder."
    ]
    assert (folder / "playbooks" / "clubos" / "data" / "new.db").exists()


def test_without_a_demo_there_are_no_codes(env: dict[str, str]) -> None:
    refused = finished([*DEMO, "--codes"], env=env)
    assert refused.ended() == 2
    assert refused.stderr.splitlines() == ["There are no codes. Begin with: make demo EXAMPLE=clubos"]
