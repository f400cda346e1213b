"""Steering from the terminal a run that Slack sees: its live message shows what was done, and by whom."""

import asyncio

import pytest

from bot.sandbox.json_values import as_list, as_object
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.planwise_example import Example
from tests.e2e.program import SWITCHBACK, Program, completed
from tests.e2e.terminal.conftest import printed
from tests.e2e.workspace import Person

ANSWERS = ("--answer", "severity=p2", "--answer", "data-wrong=yes")
BY_HAND = "confirm-with-payroll"


async def steered(bot: Bot, *arguments: str) -> Program:
    return await completed([SWITCHBACK, "runs", *arguments], env=bot.env)


@pytest.fixture
async def waiting(bot: Bot, sam: Person) -> Bot:
    """A bot with a run that waits for the call to payroll, started at the terminal."""
    started = await completed(
        [SWITCHBACK, "rollback", "planwise", *ANSWERS, "--confirm", "planwise"], env=bot.env
    )
    assert (started.ended(), started.stderr) == (0, "")
    assert "Follow it: switchback runs watch " in started.stdout
    await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    return bot


async def test_the_questions_stand_beside_what_the_bot_measured_in_slack_and_at_the_terminal(
    bot: Bot, sam: Person
) -> None:
    asked = await completed([SWITCHBACK, "rollback", "planwise", "--json"], env=bot.env)
    question = as_object(as_object(printed(asked))["question"])
    assert asked.ended() == 1
    titles = [as_object(one)["title"] for one in as_list(question["measured"])]
    assert titles == ["Largest variance of a critical check", "New system"]
    message = await rollback.with_button(sam, f"{ids.ANSWER}:unknown", containing="New system")
    assert "started by " in rollback.read(message)
    # What one began the other goes on with.
    await rollback.answer(sam, rollback.SEVERITY, "p2")
    await rollback.with_button(sam, f"{ids.ANSWER}:yes", containing=rollback.DATA_WRONG)
    otherwise = await completed([SWITCHBACK, "rollback", "planwise", "--answer", "severity=p1"], env=bot.env)
    assert otherwise.ended() == 1
    assert f"sam.okafor answered “{rollback.SEVERITY}” otherwise: P2" in otherwise.stderr


async def test_what_is_steered_at_the_terminal_is_seen_in_slack(waiting: Bot, sam: Person) -> None:
    paused = await steered(waiting, "pause", "planwise", "--json")
    assert (paused.ended(), as_object(printed(paused))["status"]) == (0, "paused")
    await rollback.with_button(sam, f"{ids.RUN}:resume", containing="(terminal)")
    noted = await steered(waiting, "note", "planwise", "Payroll is at lunch")
    assert noted.ended() == 0
    await sam.wait_for_message(rollback.INCIDENTS, containing="(terminal): notes: Payroll is at lunch")
    watched = await steered(waiting, "watch", "planwise")
    assert watched.ended() == 1
    assert "It is paused. Go on: switchback runs resume " in watched.stdout
    resumed = await steered(waiting, "resume", "planwise", "--json")
    assert (resumed.ended(), as_object(printed(resumed))["status"]) == (0, "waiting")
    done = await steered(waiting, "done", "planwise", BY_HAND)
    assert (done.ended(), done.stdout.count("No bot is running")) == (0, 0)
    await rollback.see_end(sam)
    ended = await steered(waiting, "watch", "planwise", "--json")
    assert (ended.ended(), as_object(printed(ended))["status"]) == (0, "done")


async def test_of_those_who_pause_in_one_moment_one_does_and_the_others_are_told_who(
    waiting: Bot, sam: Person, kim: Person
) -> None:
    message = await rollback.with_button(sam, f"{ids.RUN}:pause")
    first, second, _ = await asyncio.gather(
        steered(waiting, "pause", "planwise"),
        steered(waiting, "pause", "planwise"),
        kim.press(message, action_id=f"{ids.RUN}:pause"),
    )
    (who,) = [line.partition(": pauses")[0] for line in waiting.records.timeline() if ": pauses" in line]
    told = f"{who} paused this run already"
    losers = [one.stderr for one in (first, second) if one.ended() == 1]
    assert losers == [f"switchback: {told}\n"] * (2 if who == "kim.larsen" else 1)
    if who != "kim.larsen":
        await kim.wait_for_message(rollback.INCIDENTS, containing=told)
    assert len(waiting.records.audited("run.paused")) == 1


async def test_of_two_terminals_that_settle_a_step_in_one_moment_one_does(waiting: Bot, sam: Person) -> None:
    both = await asyncio.gather(*(steered(waiting, "done", "planwise", BY_HAND) for _ in range(2)))
    assert sorted(one.ended() for one in both) == [0, 1]
    (told,) = [one.stderr for one in both if one.ended() == 1]
    assert "(terminal)" in told or "This run is over" in told
    await rollback.see_end(sam)
    assert len(waiting.records.audited("step.manual-done")) == 1


async def test_an_aborted_run_is_taken_back_only_after_its_steps_were_shown(
    waiting: Bot, sam: Person, example: Example
) -> None:
    aborted = await steered(waiting, "abort", "planwise", "--reason", "It was the network")
    assert aborted.ended() == 0
    await rollback.with_button(sam, f"{ids.RUN}:undo", containing="It was the network")
    shown = await steered(waiting, "undo", "planwise")
    assert (shown.ended(), shown.stderr) == (
        1,
        "switchback: Nothing was done. Repeat it with --yes to take it as it is shown\n",
    )
    assert "✅ 1. Route everybody to the new system again" in shown.stdout
    assert (await example.look("router"))[1]["system"] == "legacy"
    taken = await steered(waiting, "undo", "planwise", "--yes", "--json")
    assert (taken.ended(), as_object(printed(taken))["plan_id"]) == (0, "undo")
    await sam.wait_for_message(rollback.INCIDENTS, containing="“Undo of “Back to legacy at once”” is done")
    assert (await example.look("router"))[1]["system"] == "new"
    (aborted_run,) = waiting.records.audited("run.aborted")
    again = await steered(waiting, "undo", aborted_run.subject.removeprefix("run:"), "--yes")
    assert again.ended() == 1
    assert "is being taken back already" in again.stderr


async def test_what_does_not_fit_the_run_is_refused_in_a_sentence_and_changes_nothing(waiting: Bot) -> None:
    for arguments, status, told in (
        (["done", "planwise", "nothing"], 2, "There is no step “nothing”"),
        (["done", "planwise", BY_HAND, "--attempt", "7"], 1, "was decided already"),
        (["retry", "planwise", BY_HAND], 1, "A step that is waiting cannot be decided by “retry”"),
        (["skip", "planwise", BY_HAND, "--reason", " "], 1, "This decision takes a reason"),
        (["resume", "planwise"], 1, "This run is not paused any more"),
        (["note", "planwise", " "], 1, "A note has a text"),
        (["emergency", "planwise", "--reason", "x", "--yes"], 1, "This playbook has no emergency plan"),
    ):
        refused = await steered(waiting, *arguments)
        assert (refused.ended(), refused.stdout) == (status, "")
        assert told in refused.stderr
    assert waiting.records.run_statuses() == ["waiting"]
