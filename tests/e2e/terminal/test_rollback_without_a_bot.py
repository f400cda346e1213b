"""`switchback rollback --drive`: Slack and the bot are both away, and the way back is taken all the same."""

import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.sandbox.json_values import as_list, as_object, objects_in
from tests.e2e import rollback
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import STEPS, Ledger
from tests.e2e.program import SWITCHBACK, Program, completed, environment
from tests.e2e.records import Records
from tests.e2e.terminal.conftest import printed
from tests.e2e.terminal.person import sitting
from tests.e2e.workspace import Person

DECIDED = ("rollback", "ledger", "--answer", "wrong=yes", "--confirm", "ledger")
EMERGENCY = """
  out:
    title: Out
    budget: 1m
    stages:
      - id: all
        title: All
        budget: 1m
        steps:
          - {id: sure, title: Be sure, uses: manual, with: {instructions: sure that nobody is in}}
emergency: out
"""
FAILED = "r run it again · s skip · d mark it as done"


class Alone:
    """A host with the ledger and a database on which no bot has ever run."""

    def __init__(self, folder: Path, *, by_hand: bool = False, url: str = "") -> None:
        self.folder = folder
        self.ledger = Ledger(folder / "playbooks", by_hand=by_hand)
        self.script = folder / "playbooks" / "ledger" / "leave_line.py"
        url = url or f"sqlite:///{folder / 'switchback.db'}"
        self.settings = {"SWITCHBACK_PLAYBOOKS": str(self.ledger.playbooks), "SWITCHBACK_DATABASE_URL": url}
        self.records = Records(url)
        self.env = environment(**self.settings)

    async def run(self, *arguments: str) -> Program:
        return await completed([SWITCHBACK, *arguments], env=self.env)


@pytest.fixture
def alone(tmp_path: Path) -> Alone:
    return Alone(tmp_path)


@pytest.fixture
def by_hand(tmp_path: Path) -> Alone:
    return Alone(tmp_path, by_hand=True)


async def test_a_script_is_asked_then_decides_and_drives_and_slack_is_told_when_a_bot_comes(
    alone: Alone, running: Running, settings: Mapping[str, str], sam: Person
) -> None:
    asked = await alone.run("rollback", "ledger", "--json")
    body = as_object(printed(asked))
    assert (asked.ended(), body["status"], body["run"]) == (1, "asking", None)
    question = as_object(body["question"])
    assert (question["id"], [one["id"] for one in objects_in(question["answers"])]) == (
        "wrong",
        ["yes", "unknown"],
    )
    undriven = await alone.run(*DECIDED)
    assert (undriven.ended(), alone.records.run_statuses()) == (1, [])
    assert "No bot is running, so nothing would drive the rollback. Start one, or repeat" in undriven.stderr
    wrongly = await alone.run("rollback", "ledger", "--confirm", "Ledger", "--drive")
    assert (wrongly.ended(), alone.records.run_statuses()) == (1, [])
    assert "Type ledger, exactly so" in wrongly.stderr
    done = await alone.run(*DECIDED, "--drive", "--json")
    body = as_object(printed(done))
    assert (done.ended(), done.stderr, body["run_status"]) == (0, "", "done")
    assert alone.ledger.lines() == list(STEPS)
    assert (alone.records.run_statuses(), alone.records.audit_problems()) == (["done"], [])
    async with running({**settings, **alone.settings}):
        message = await rollback.see_end(sam, "ledger")
        assert "(terminal)" in rollback.read(message)


async def test_a_person_goes_back_answers_confirms_and_does_a_step_by_hand(by_hand: Alone) -> None:
    with sitting("rollback", "ledger", env=by_hand.env, cwd=by_hand.folder) as person:
        await person.types("9", when="1-2 · b back")
        await person.types("2", when="1-2 · b back", times=2)
        assert "“9” is none of the answers" in person.program.stdout
        await person.types("b", when="type ledger to roll back")
        await person.types("1", when="1-2 · b back", times=3)
        await person.types("ledgr", when="type ledger to roll back", times=2)
        await person.types("y", when="No bot is running. Drive the rollback from this terminal")
        await person.types("ledger", when="type ledger to roll back", times=3)
        assert "Type ledger, exactly so" in person.program.stdout
        assert by_hand.ledger.lines() == []
        await person.types("", when="Enter when it is done")
        assert (await person.program.end(), person.program.stderr) == (0, "")
        assert "⏳ by hand: By hand: Look" in person.program.stdout
    assert by_hand.ledger.lines() == list(STEPS)
    assert by_hand.records.run_statuses() == ["done"]


async def test_a_walk_that_is_left_is_taken_up_and_decided_otherwise_with_a_reason(alone: Alone) -> None:
    with sitting("rollback", "ledger", env=alone.env, cwd=alone.folder) as person:
        await person.types("1", when="1-2 · b back")
        await person.types("q", when="type ledger to roll back")
        assert await person.program.end() == 1
        assert "Take it up in Slack, or here: switchback rollback ledger" in person.program.stdout
    with sitting("rollback", "ledger", env=alone.env, cwd=alone.folder) as person:
        await person.types("o", when="type ledger to roll back")
        await person.types("0", when="0-1 · anything else")
        await person.types("It was the network", when="Reason (q: do nothing)")
        assert await person.program.end() == 0
    (walk,) = alone.records.walks()
    assert (walk.status, walk.overruling and walk.overruling.reason) == ("watching", "It was the network")


async def test_a_step_that_failed_is_asked_about_and_run_again_at_the_keyboard(alone: Alone) -> None:
    kept = alone.script.rename(alone.script.with_suffix(".away"))
    with sitting(*DECIDED, "--drive", env=alone.env, cwd=alone.folder) as person:
        await person.types("s", when=FAILED)
        await person.types("q", when="Reason (q: do nothing)")
        await person.program.line(FAILED, count=2)
        kept.rename(alone.script)
        await person.types("r", when=FAILED, times=2)
        assert await person.program.end() == 0
    assert alone.ledger.lines() == list(STEPS)


async def test_a_script_leaves_a_step_by_hand_to_a_command_and_drives_on(by_hand: Alone) -> None:
    rests = await by_hand.run(*DECIDED, "--drive")
    (run,) = objects_in(printed(await by_hand.run("runs", "--json")))
    assert (rests.ended(), run["status"]) == (1, "waiting")
    assert f"     switchback runs done {run['id']} by-hand\n" in rests.stdout
    done = await by_hand.run("runs", "done", "ledger", "by-hand")
    assert done.ended() == 0
    assert "No bot is running, so nothing drives it." in done.stdout
    with Program([SWITCHBACK, "runs", "watch", "ledger"], env=by_hand.env) as watcher:
        await watcher.line(str(run["id"]))
        watcher.signal(signal.SIGINT)
        assert await watcher.end() == 1
        assert watcher.stderr.endswith("left by Ctrl-C; nothing was aborted by that\n")
    nobody = await by_hand.run("runs", "watch", "ledger")
    assert nobody.ended() == 1
    assert f"switchback runs watch {run['id']} --drive" in nobody.stdout
    assert by_hand.ledger.lines() == ["one"]
    driven = await by_hand.run("runs", "watch", "ledger", "--drive")
    assert (driven.ended(), by_hand.ledger.lines()) == (0, list(STEPS))


async def test_the_emergency_plan_goes_on_in_place_of_a_run_and_who_watches_the_first_follows_it(
    by_hand: Alone,
) -> None:
    with (by_hand.ledger.playbooks / "ledger" / "playbook.yml").open("a") as playbook:
        playbook.write(EMERGENCY)
    await by_hand.run(*DECIDED, "--drive")
    first = by_hand.records.audited("run.confirmed")[0].subject.removeprefix("run:")
    unsure = await by_hand.run("runs", "emergency", first, "--reason", "Nobody is there")
    assert (unsure.ended(), "     sure that nobody is" in unsure.stdout) == (1, True)
    taken = await by_hand.run("runs", "emergency", first, "--reason", "Nobody is there", "--yes")
    assert (taken.ended(), f"switchback runs watch {first}.2" in taken.stdout) == (0, True)
    driven = await by_hand.run("runs", "watch", first, "--drive")
    assert f"given up for run {first}.2: Nobody is there" in driven.stdout
    assert f"     switchback runs done {first}.2 sure\n" in driven.stdout
    await by_hand.run("runs", "done", "ledger", "sure")
    assert (await by_hand.run("runs", "watch", first, "--drive")).ended() == 0
    assert by_hand.records.run_statuses() == ["replaced", "done"]


async def test_the_same_is_done_on_postgresql(tmp_path: Path, postgres_database: str) -> None:
    alone = Alone(tmp_path, by_hand=True, url=postgres_database)
    rests = await alone.run(*DECIDED, "--drive")
    assert (rests.ended(), rests.stderr) == (1, "")
    assert (await alone.run("runs", "done", "ledger", "by-hand")).ended() == 0
    driven = await alone.run("runs", "watch", "ledger", "--drive")
    assert (driven.ended(), driven.stderr, alone.ledger.lines()) == (0, "", list(STEPS))


async def test_a_run_is_named_by_its_id_its_beginning_or_its_migration_and_never_by_chance(
    alone: Alone,
) -> None:
    for _ in range(2):
        assert (await alone.run(*DECIDED, "--drive")).ended() == 0
    later, earlier = (str(one["id"]) for one in objects_in(printed(await alone.run("runs", "--json"))))
    shared = next(n for n in range(len(later)) if later[n] != earlier[n])
    for name, meant in ((later, later), ("ledger", later), (earlier[: shared + 1].lower(), earlier)):
        shown = await alone.run("runs", "show", name, "--json")
        assert (shown.ended(), as_object(printed(shown))["id"]) == (0, meant)
    ambiguous = await alone.run("runs", "pause", later[:shared], "--json")
    error = as_object(printed(ambiguous))
    assert ambiguous.ended() == 2
    assert error["do"] == f"Write one of: {later}, {earlier}"
    over = await alone.run("runs", "pause", later)
    assert (over.ended(), over.stderr) == (1, "switchback: This run is over: it was done by Switchback\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rollback", "ledgr"], "There is no migration “ledgr”. Did you mean ledger?"),
        (["rollback", "ledger", "--answer", "wrog=yes"], "There is no question “wrog”. Did you mean wrong?"),
        (["rollback", "ledger", "--answer", "wrong=maybe"], "There is no answer of “wrong” “maybe”"),
        (["rollback", "ledger", "--answer", "wrong"], "is not QUESTION=ANSWER"),
        (["runs", "pause", "01NOTHING"], "There is no run “01NOTHING”"),
        (["runs", "abort", "01NOTHING"], "Missing option '--reason'"),
    ],
)
async def test_bad_input_is_one_error_and_opens_nothing(
    alone: Alone, arguments: list[str], told: str
) -> None:
    refused = await alone.run(*arguments)
    assert (refused.ended(), refused.stdout) == (2, "")
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not as_list(printed(await alone.run("runs", "--json")))
    assert alone.records.walks() == []
