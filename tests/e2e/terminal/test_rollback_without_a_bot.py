"""`switchback rollback --drive`: Slack and the bot are both away, and the way back is taken all the same."""

import signal
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from bot.sandbox.json_values import as_object, objects_in
from bot.store.tables import previews
from tests.e2e import rollback
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import STEPS
from tests.e2e.program import SWITCHBACK, Program
from tests.e2e.terminal.alone import DECIDED, Alone
from tests.e2e.terminal.conftest import Switchback, printed
from tests.e2e.terminal.person import sitting
from tests.e2e.workspace import Person

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


def test_the_values_beside_a_question_are_measured_here(switchback: Switchback) -> None:
    switchback("reconcile", "planwise")
    asked = switchback("rollback", "planwise")
    assert asked.ended() == 1
    (variance,) = [line for line in asked.stdout.splitlines() if "Largest variance" in line]
    assert variance.startswith("  ❌ Largest variance of a critical check: 7.2%")
    assert "It waits for an answer: --answer severity=p1|p2|p3|p4|unknown" in asked.stdout


async def test_a_preview_that_is_too_old_is_made_again_before_anything_is_confirmed(alone: Alone) -> None:
    await alone.run("rollback", "ledger", "--answer", "wrong=yes")
    engine = sa.create_engine(alone.env["SWITCHBACK_DATABASE_URL"], poolclass=sa.NullPool)
    with engine.begin() as connection:
        body = connection.execute(sa.select(previews.c.body)).scalar_one()
        connection.execute(previews.update().values(body={**body, "made_at": "2026-01-01T00:00:00Z"}))
    assert (await alone.run("rollback", "ledger", "--confirm", "ledger", "--drive")).ended() == 0
    with engine.begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(previews)).scalar_one() == 2
    engine.dispose()


async def test_the_same_is_done_on_postgresql(tmp_path: Path, postgres_database: str) -> None:
    alone = Alone(tmp_path, by_hand=True, url=postgres_database)
    rests = await alone.run(*DECIDED, "--drive")
    assert (rests.ended(), rests.stderr) == (1, "")
    assert (await alone.run("runs", "done", "ledger", "by-hand")).ended() == 0
    driven = await alone.run("runs", "watch", "ledger", "--drive")
    assert (driven.ended(), driven.stderr, alone.ledger.lines()) == (0, "", list(STEPS))


async def test_what_a_terminal_was_driving_when_it_was_killed_another_ends_and_nothing_is_done_twice(
    alone: Alone,
) -> None:
    with Program([SWITCHBACK, *DECIDED, "--drive"], env=alone.env) as driving:
        await driving.line("Leave line two · running")
        driving.kill()
    driven = await alone.run("runs", "watch", "ledger", "--drive")
    assert (driven.ended(), alone.ledger.lines()) == (0, list(STEPS))


async def test_who_leaves_a_question_of_a_run_is_told_the_command_that_answers_it(by_hand: Alone) -> None:
    with sitting(*DECIDED, "--drive", env=by_hand.env, cwd=by_hand.folder) as person:
        await person.types("q", when="Enter when it is done")
        assert await person.program.end() == 1
        assert " by-hand\n" in person.program.stdout
    assert by_hand.records.run_statuses() == ["waiting"]


async def test_ctrl_c_ends_the_driving_and_not_the_run(by_hand: Alone) -> None:
    with sitting(*DECIDED, "--drive", env=by_hand.env, cwd=by_hand.folder) as person:
        await person.program.line("Enter when it is done")
        person.program.signal(signal.SIGINT)
        assert await person.program.end() == 1
        assert "This terminal drives it no more" in person.program.stdout
    assert by_hand.records.run_statuses() == ["waiting"]
