"""`make demo` as it is used: begun, ended by Ctrl-C, begun again, forgotten."""

import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from tests.e2e import rollback
from tests.e2e.program import ROOT, Program, environment, finished
from tests.e2e.workspace import signed_in

DEMO = [sys.executable, str(ROOT / "examples" / "demo.py")]
PORTS = (
    "SWITCHBACK_SANDBOX_PORT",
    "SWITCHBACK_PORT",
    "PLANWISE_LEGACY_PORT",
    "PLANWISE_NEW_PORT",
    "PLANWISE_ROUTER_PORT",
)


@pytest.fixture
def folder(tmp_path: Path, planwise_data: Path) -> Path:
    """A demo's folder in which the small data are already: the demo leaves what it finds."""
    shutil.copytree(planwise_data, tmp_path / "demo" / "playbooks" / "planwise" / "data")
    return tmp_path / "demo"


@pytest.fixture
def env(folder: Path) -> dict[str, str]:
    ports = {name: str(unused_port()) for name in PORTS}
    return environment(SWITCHBACK_DEMO_FOLDER=str(folder), **ports)


@pytest.fixture
def demo(env: dict[str, str]) -> Iterator[Program]:
    """A demo that is up."""
    with Program(DEMO, env=env) as program:
        try:
            program.wait_for_line("Open  http://", timeout=60)
            yield program
        finally:
            end(program)


def end(program: Program) -> int:
    """Ctrl-C, and its exit status."""
    program.signal(signal.SIGINT)
    return program.ended()


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_a_demo_is_ended_by_ctrl_c_with_all_it_started_and_goes_on_when_begun_again(
    demo: Program, env: dict[str, str]
) -> None:
    url = f"http://127.0.0.1:{env['SWITCHBACK_SANDBOX_PORT']}"
    assert [line.split()[1] for line in demo.stdout.splitlines() if "Open " in line] == [f"{url}/"]
    async with signed_in(url, "U0ONCALL") as sam:
        await rollback.open_rollback(sam)
        await rollback.answer(sam, rollback.SEVERITY, "p1")
        await rollback.with_button(sam, "walk.answer:yes", containing=rollback.DATA_WRONG)
    started = children(demo.pid)
    assert len(started) == 5
    assert end(demo) == 0
    assert demo.stderr == ""
    assert not any(alive(pid) for pid in started)
    with Program(DEMO, env=env) as again:
        again.wait_for_line("Open  http://", timeout=60)
        async with signed_in(url, "U0ONCALL") as sam:
            await rollback.answer(sam, rollback.DATA_WRONG, "yes")
            await rollback.with_button(sam, "walk.confirm")
        assert end(again) == 0


def test_a_reset_forgets_everything(env: dict[str, str], folder: Path) -> None:
    reset = finished([*DEMO, "--reset"], env=env)
    assert reset.ended() == 0
    assert "make demo" in reset.stdout
    assert not folder.exists()


@pytest.mark.parametrize("name", PORTS)
def test_a_port_in_use_is_named_with_its_setting_and_nothing_is_started(
    env: dict[str, str], name: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        refused = finished(DEMO, env={**env, name: str(port)})
    assert refused.ended() == 2
    assert refused.stderr.splitlines() == [
        f"Port {port} is in use. Stop what listens there (an earlier demo?), or set {name}."
    ]
    assert refused.stdout == ""
