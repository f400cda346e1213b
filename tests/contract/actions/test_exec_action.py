"""What the exec adapter promises beyond the contract."""

import asyncio
import os
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from actions.exec_parameters import ExecParameters
from actions.process_search import marked
from bot.ports.outcome import Outcome, Probe
from tests.contract.actions.case import Case, until
from tests.contract.actions.cases import sh


def evidence(of: Outcome | Probe, name: str) -> str:
    return next(piece.text for piece in of.evidence if piece.name == name)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


def whole(path: Path) -> bool:
    return path.exists() and path.read_text().endswith("\n")


STUBBORN_FAMILY = "trap '' TERM; sh -c \"trap '' TERM; echo \\$\\$ > grandchild; sleep 600 & wait\" & wait"


async def test_grandchildren_that_ignore_the_first_signal_are_ended_too(commands: Case) -> None:
    cancelled = asyncio.Event()
    context = commands.context(seconds=2, cancelled=cancelled)
    running = asyncio.create_task(commands.act({"argv": sh(STUBBORN_FAMILY)}, context))
    grandchild = commands.folder / "grandchild"
    await until(lambda: whole(grandchild))
    cancelled.set()
    outcome = await running
    assert outcome.status == "failed"
    assert evidence(outcome, "exit status") == "ended by signal 9"
    assert not lives(int(grandchild.read_text()))


async def test_when_the_task_is_ended_the_command_is_too(commands: Case) -> None:
    running = asyncio.create_task(commands.act({"argv": sh("echo $$ > child; exec sleep 600")}))
    child = commands.folder / "child"
    await until(lambda: whole(child))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until(lambda: not lives(int(child.read_text())))


async def test_a_descendant_that_got_away_makes_a_time_out_unknown(commands: Case) -> None:
    script = "setsid sh -c 'echo $$ > daemon; exec sleep 600' & sleep 600"
    outcome = await commands.act({"argv": sh(script)}, commands.context(seconds=1))
    daemon = int((commands.folder / "daemon").read_text())
    assert outcome.status == "unknown"
    assert str(daemon) in outcome.summary


async def test_a_command_that_leaves_a_process_behind_does_not_wait_for_it(commands: Case) -> None:
    outcome = await commands.act({"argv": sh("sleep 600 & echo $!")})
    assert outcome.status == "succeeded"
    assert "goes on" in outcome.summary
    assert lives(int(evidence(outcome, "stdout")))


async def test_a_hundred_megabytes_of_output_are_read_and_a_few_kilobytes_kept(commands: Case) -> None:
    script = "echo first; head -c 100000000 /dev/zero; echo last; head -c 100000000 /dev/zero >&2"
    outcome = await commands.act({"argv": sh(script)}, commands.context(seconds=60))
    assert outcome.status == "succeeded"
    said = evidence(outcome, "stdout")
    assert said.startswith("first\n")
    assert said.endswith("last\n")
    assert "99,995,915 bytes left out" in said
    assert max(len(piece.text) for piece in outcome.evidence) < 5000


@pytest.mark.parametrize("before", range(2020, 2060, 3))
async def test_no_half_of_a_secret_is_left_where_the_output_is_cut(commands: Case, before: int) -> None:
    script = f'head -c {before} /dev/zero | tr "\\0" .; printf %s "$T"; head -c 9000 /dev/zero | tr "\\0" .'
    commands.secrets["TOKEN"] = "abcdefghijklmnopqrstuvwxyz"
    given = {"argv": sh(script), "env": {"T": {"env": "TOKEN"}}}
    said = evidence(await commands.act(given), "stdout")
    assert not set(said.partition("\n")[0].replace("$TOKEN", "")) & set("abcdefghijklmnopqrstuvwxyz")


async def test_arguments_are_never_read_by_a_shell(commands: Case) -> None:
    outcome = await commands.act({"argv": ["echo", "$(touch hacked); touch hacked `touch hacked`"]})
    assert evidence(outcome, "stdout") == "$(touch hacked); touch hacked `touch hacked`\n"
    assert not (commands.folder / "hacked").exists()


async def test_a_command_gets_nothing_of_the_bots_own_variables(
    commands: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-bot")
    outcome = await commands.act({"argv": ["env"], "env": {"MODE": "legacy"}})
    lines = evidence(outcome, "stdout").splitlines()
    assert {line.partition("=")[0] for line in lines} <= {
        "PATH", "LANG", "HOME", "USER", "LOGNAME", "MODE", "SWITCHBACK_RUN_ID", "SWITCHBACK_STEP_ID",
        "SWITCHBACK_NONCE", "SWITCHBACK_PURPOSE", "PWD",
    }  # fmt: skip
    assert "MODE=legacy" in lines


async def test_an_exit_status_that_is_not_declared_is_a_failure(commands: Case) -> None:
    assert (await commands.act({"argv": sh("exit 3")})).status == "failed"
    assert (await commands.act({"argv": sh("exit 3"), "success_exit": [0, 3]})).status == "succeeded"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"argv": ["no-such-program"]}, "there is no program no-such-program"),
        ({"argv": ["./plain"]}, "may not be run"),
        ({"argv": ["./absent"]}, "is not a file"),
        ({"argv": ["true"], "cwd": "absent"}, "is not a folder"),
        ({"argv": ["true"], "probe": {"argv": ["no-such-probe"]}}, "there is no program no-such-probe"),
    ],
)
async def test_what_cannot_be_started_is_seen_in_the_preview(
    commands: Case, given: dict[str, object], problem: str
) -> None:
    (commands.folder / "plain").write_text("")
    parameters = ExecParameters.model_validate(given)
    preview = await commands.action.preview(parameters, commands.context())
    assert not preview.ready
    assert problem in preview.problem


async def test_a_program_that_cannot_be_loaded_is_a_failure_not_an_error(commands: Case) -> None:
    program = commands.folder / "broken"
    program.write_text("#!/no/such/interpreter\n")
    program.chmod(0o755)
    outcome = await commands.act({"argv": ["./broken"]})
    assert outcome.status == "failed"
    assert "could not be started" in outcome.summary


async def test_a_program_with_a_slash_counts_from_the_playbooks_folder(commands: Case) -> None:
    (commands.folder / "elsewhere").mkdir()
    program = commands.folder / "where"
    program.write_text("#!/bin/sh\npwd\n")
    program.chmod(0o755)
    outcome = await commands.act({"argv": ["./where"], "cwd": "elsewhere"})
    assert evidence(outcome, "stdout").strip().endswith("/elsewhere")


@pytest.mark.parametrize(
    ("script", "words", "done"),
    [
        ("exit 0", {}, "yes"),
        ("exit 1", {}, "no"),
        ("exit 2", {}, "unknown"),
        ("kill -9 $$", {}, "unknown"),
        ("exit 3", {"done_when": "exit 3", "not_done_when": "exit 0"}, "yes"),
        ("exit 0", {"done_when": "exit 3", "not_done_when": "exit 0"}, "no"),
        ("exit 1", {"done_when": "exit 3", "not_done_when": "exit 0"}, "unknown"),
    ],
)
async def test_the_exit_status_of_the_probe_answers(
    commands: Case, script: str, words: dict[str, str], done: str
) -> None:
    answer = await commands.probe({"argv": ["true"], "probe": {"argv": sh(script), **words}})
    assert answer.done == done


async def test_a_probe_that_does_not_end_is_unknown(commands: Case) -> None:
    given = {"argv": ["true"], "probe": {"argv": ["sleep", "600"]}}
    assert (await commands.probe(given, commands.context(seconds=0.3))).done == "unknown"


async def test_a_step_without_a_probe_is_unknown(commands: Case) -> None:
    assert (await commands.probe({"argv": ["true"]})).done == "unknown"


def test_a_command_line_in_one_text_is_refused() -> None:
    with pytest.raises(ValidationError):
        ExecParameters.model_validate({"argv": "systemctl stop ledger"})


BOT = """
    import asyncio, sys
    from pathlib import Path
    import aiohttp
    from actions.exec import ExecAction, ExecParameters
    from bot.ports.action import ActionContext

    async def main() -> None:
        async with aiohttp.ClientSession() as session:
            context = ActionContext(
                run_id=sys.argv[2], step_id="step-1", nonce="n0", folder=Path(sys.argv[1]), seconds=600,
                cancelled=asyncio.Event(), secret=str, session=session,
            )
            script = "echo $$ > child; read _ < gate; echo done >> effects"
            await ExecAction().act(ExecParameters(argv=("sh", "-c", script)), context)

    asyncio.run(main())
"""


async def test_a_command_that_outlived_a_killed_bot_is_seen_and_not_doubled(commands: Case) -> None:
    os.mkfifo(commands.folder / "gate")
    argv = (sys.executable, "-c", textwrap.dedent(BOT), str(commands.folder), commands.run_id)
    bot = await asyncio.create_subprocess_exec(*argv, cwd=Path(__file__).parents[3])
    child = commands.folder / "child"
    await until(lambda: whole(child), seconds=30)
    bot.kill()
    await bot.wait()
    given = {
        "argv": sh("echo $$ > child; read _ < gate; echo done >> effects"),
        "probe": {"argv": ["test", "-e", "effects"]},
    }
    answer = await commands.probe(given)
    again = await commands.act(given, commands.context(nonce="n2", attempt=2))
    assert (answer.done, again.status) == ("unknown", "unknown")
    assert child.read_text().strip() in answer.summary

    (commands.folder / "gate").write_text("go\n")
    await until(lambda: not lives(int(child.read_text())))
    assert (await commands.probe(given)).done == "yes"
    assert commands.effects() == 1


async def test_a_daemon_of_an_earlier_attempt_does_not_stop_the_next_one(commands: Case) -> None:
    await commands.act({"argv": sh("setsid sleep 600 > daemon 2>&1 & exit 1")})
    daemon = marked({"SWITCHBACK_RUN_ID": commands.run_id})
    assert len(daemon) == 1
    outcome = await commands.act({"argv": sh("true")}, replace(commands.context(), nonce="n2"))
    assert lives(daemon[0].pid)
    assert outcome.status == "succeeded"
