"""`make demo` as it is used: begun, ended by Ctrl-C, begun again, forgotten."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.json_values import JsonObject, as_object, objects_in
from bot.slack import action_ids as ids
from examples.demo_ports import SHARED, with_ports
from examples.planwise.demo import PLANWISE
from tests.e2e import rollback
from tests.e2e.ports import unused_ports
from tests.e2e.program import ROOT, SWITCHBACK, Program, children, completed, environment, finished
from tests.e2e.terminal.conftest import printed
from tests.e2e.workspace import Person, signed_in

DEMO = [sys.executable, str(ROOT / "examples" / "demo.py")]
PORTS = (
    "SWITCHBACK_SANDBOX_PORT",
    "SWITCHBACK_PORT",
    "PLANWISE_LEGACY_PORT",
    "PLANWISE_NEW_PORT",
    "PLANWISE_ROUTER_PORT",
    "PLANWISE_STAGING_LEGACY_PORT",
    "PLANWISE_STAGING_NEW_PORT",
    "PLANWISE_STAGING_ROUTER_PORT",
)


@pytest.fixture
def folder(tmp_path: Path, planwise_data: Path) -> Path:
    """A demo's folder in which the small data are already: the demo leaves what it finds."""
    shutil.copytree(planwise_data, tmp_path / "demo" / "playbooks" / "planwise" / "data")
    return tmp_path / "demo"


@pytest.fixture
def env(folder: Path) -> dict[str, str]:
    ports = unused_ports(PORTS)
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
    assert len(started) == 6
    assert end(demo) == 0
    assert demo.stdout.splitlines()[-1] == "ending …"
    assert demo.stderr == ""
    assert not any(alive(pid) for pid in started)
    with Program(DEMO, env=env) as again:
        again.wait_for_line("Open  http://", timeout=60)
        async with signed_in(url, "U0ONCALL") as sam:
            await rollback.answer(sam, rollback.DATA_WRONG, "yes")
            await rollback.with_button(sam, "walk.confirm")
        assert end(again) == 0


async def rehearsed(sam: Person, count: int) -> JsonObject:
    """Do by hand what a rehearsal asks for; the record of the one that is the `count`th to end."""
    await rollback.decide(sam, "manual-done")
    sign = f"{ids.REHEARSAL_SIGN}:operator"

    def records() -> list[JsonObject]:
        return [one for one in sam.messages(rollback.INCIDENTS) if sign in rollback.buttons(one)]

    await sam.wait_until(lambda: len(records()) == count, "a record to be signed", 60)
    return records()[-1]


async def test_a_rollback_is_rehearsed_in_staging_from_slack_and_from_a_second_terminal(
    demo: Program, env: dict[str, str], folder: Path
) -> None:
    production = folder / "playbooks" / "planwise" / "data" / "routing.json"
    staging = folder / "playbooks" / "planwise" / "staging"
    beside = settings_for_a_second_terminal(demo)
    async with signed_in(f"http://127.0.0.1:{env['SWITCHBACK_SANDBOX_PORT']}", "U0ONCALL") as sam:
        await sam.command(rollback.INCIDENTS, "/rollback planwise rehearse")
        view = await sam.wait_for_view(lambda view: view.get("callback_id") == ids.REHEARSE_MODAL)
        await sam.submit(view, {"name": "planwise"})
        record = rollback.read(await rehearsed(sam, 1))
        assert "✅ Rehearsal in staging: planwise, plan immediate went as it should" in record
        assert "nothing lost: 7 tables compared" in record
        assert len(list((staging / "preserved").glob("new-access-*.json"))) == 1
        started = await completed([SWITCHBACK, "rehearse", "planwise", "--yes"], env=beside)
        assert (started.ended(), started.stderr) == (0, "")
        await rehearsed(sam, 2)
    listed = await completed([SWITCHBACK, "rehearsals", "--json"], env=beside)
    assert [as_object(one["evidence"])["holds"] for one in objects_in(printed(listed))] == [True, True]
    assert json.loads((staging / "routing.json").read_text()) == {"primary": "new"}
    assert json.loads(production.read_text()) == {"primary": "new"}
    assert end(demo) == 0


def settings_for_a_second_terminal(demo: Program) -> dict[str, str]:
    """What the demo says is to be exported there, and an environment with it."""
    line = demo.wait_for_line("export SWITCHBACK_PLAYBOOKS")
    return environment(**dict(pair.split("=", 1) for pair in shlex.split(line)[1:]))


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


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "87 01"])
def test_a_setting_that_is_no_port_is_named_in_one_line(env: dict[str, str], text: str) -> None:
    refused = finished(DEMO, env={**env, "PLANWISE_NEW_PORT": text})
    assert refused.ended() == 2
    assert refused.stderr.splitlines() == [
        f"PLANWISE_NEW_PORT is {text!r}: a port is a number from 1 to 65535."
    ]
    assert refused.stdout == ""


def test_two_settings_with_the_same_port_are_named_in_one_line(env: dict[str, str]) -> None:
    port = env["SWITCHBACK_PORT"]
    refused = finished(DEMO, env={**env, "PLANWISE_NEW_PORT": port})
    assert refused.ended() == 2
    assert refused.stderr.splitlines() == [
        f"SWITCHBACK_PORT and PLANWISE_NEW_PORT are both {port}: each needs a port of its own."
    ]
    assert refused.stdout == ""


def test_ports_that_are_the_default_ones_of_other_parts_stay_apart_in_the_playbook() -> None:
    ports = dict(zip(PORTS, (8701, 8700, 8712, 8713, 8714, 8722, 8723, 8711), strict=True))
    playbook = (
        "http://127.0.0.1:8711/a http://127.0.0.1:8712/b http://127.0.0.1:8713/c http://127.0.0.1:87120"
        " http://127.0.0.1:8721/d http://127.0.0.1:8722/e http://127.0.0.1:8723/f"
    )
    assert with_ports(playbook, {**SHARED, **PLANWISE.ports}, ports) == (
        "http://127.0.0.1:8712/a http://127.0.0.1:8713/b http://127.0.0.1:8714/c http://127.0.0.1:87120"
        " http://127.0.0.1:8722/d http://127.0.0.1:8723/e http://127.0.0.1:8711/f"
    )


@pytest.mark.parametrize("argv", [DEMO, [*DEMO, "--reset"]], ids=["second demo", "reset"])
def test_a_folder_in_which_a_demo_runs_is_left_to_it(
    demo: Program, env: dict[str, str], folder: Path, argv: list[str]
) -> None:
    others = unused_ports(PORTS)
    refused = finished(argv, env={**env, **others})
    assert refused.ended() == 2
    assert refused.stderr.splitlines() == [
        f"A demo, or what is left of one, runs in {folder}. End it first, with Ctrl-C in its terminal."
    ]
    assert refused.stdout == ""
    assert (folder / "switchback.db").exists()
    assert end(demo) == 0


def test_what_a_killed_demo_left_running_keeps_its_folder(env: dict[str, str], folder: Path) -> None:
    with Program(DEMO, env=env) as demo:
        demo.wait_for_line("Open  http://", timeout=60)
        left = children(demo.pid)
    try:
        refused = finished([*DEMO, "--reset"], env=env)
        assert refused.ended() == 2
        assert "what is left of one" in refused.stderr
        assert (folder / "switchback.db").exists()
    finally:
        for pid in left:
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def terminal_can_close() -> Iterator[None]:
    """SIGHUP is not ignored, even where the tests run under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("terminal_can_close")
def test_closing_the_terminal_ends_all_it_started(env: dict[str, str]) -> None:
    with Program(DEMO, env=env) as demo:
        demo.wait_for_line("Open  http://", timeout=60)
        started = children(demo.pid)
        demo.signal(signal.SIGHUP)
        assert demo.ended() == 0
    assert len(started) == 6
    assert not any(alive(pid) for pid in started)


def test_a_part_of_the_example_may_end_and_the_demo_goes_on(demo: Program) -> None:
    line = demo.wait_for_line("Break the new system:  kill ")
    os.kill(int(line.split()[-1]), signal.SIGTERM)
    said = "new ended; the bot will notice. Ctrl-C ends the demo, `make demo` starts it again."
    demo.wait_for_line(said)
    assert len(children(demo.pid)) == 5
    assert end(demo) == 0
    assert demo.stdout.count(said) == 1
    assert demo.stderr == ""


def test_the_demo_ends_with_the_bot_and_says_how_to_go_on(demo: Program) -> None:
    *rest, bot = children(demo.pid)
    os.kill(bot, signal.SIGKILL)
    assert demo.ended() == 2
    assert "bot ended with status -9:" in demo.stderr
    assert demo.stderr.splitlines()[-1] == "Start it again with `make demo`: it goes on where it was."
    assert not any(alive(pid) for pid in rest)


def test_the_commands_for_a_second_terminal_show_the_demos_runs(demo: Program) -> None:
    demo.wait_for_line("begins again.")
    commands = re.search(r"^ +export .*\n.* runs$", demo.stdout, re.MULTILINE)
    assert commands is not None
    beside = finished(["sh", "-ec", commands.group()], env=environment())
    assert beside.ended() == 0, beside.stderr
    assert beside.stdout == "No rollback has run yet.\n"
    assert end(demo) == 0
