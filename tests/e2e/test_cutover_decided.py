"""The cutover is asked for, its tree is walked, two managers make it GO, its run is done and assessed."""

import asyncio
import getpass
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.json_values import JsonObject, as_object, parse
from bot.sandbox.server import RunningWorkspace
from bot.slack import action_ids as ids
from tests.e2e import deciding, rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.program import SWITCHBACK, completed
from tests.e2e.workspace import Person, signed_in


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A migration in the phase before its cutover."""
    made = Ledger(tmp_path / "playbooks")
    deciding.to_be_decided(made, phase="parallel")
    return made


@pytest.fixture
async def bot(running: Running, settings: Mapping[str, str], ledger: Ledger) -> AsyncIterator[Bot]:
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as one:
        yield one


@pytest.fixture
async def managers(workspace: RunningWorkspace) -> AsyncIterator[tuple[Person, Person]]:
    """Lee and Priya."""
    async with signed_in(workspace.url, "U0MGRA") as lee, signed_in(workspace.url, "U0MGRB") as priya:
        yield lee, priya


async def home_with(person: Person, action_id: str) -> JsonObject:
    """The person's Home, once it has that button."""
    await person.open_home()
    async with asyncio.timeout(20):
        while True:
            home = as_object((await person.state())["home"])
            if action_id in rollback.buttons(home):
                return home
            await person.open_home()


async def test_a_cutover_is_asked_for_walked_approved_by_two_done_and_assessed(
    bot: Bot, sam: Person, managers: tuple[Person, Person], ledger: Ledger
) -> None:
    lee, priya = managers
    await sam.command(deciding.APPROVALS, f"/cutover ledger request {datetime.now(UTC).date()}")
    message = await deciding.with_button(sam, f"{ids.DECISION_ANSWER}:yes", containing="in no freeze")
    told = rollback.read(message)
    assert "✅ Gates: 1 of 1 pass (evidence " in told
    assert "✅ managers: 2 may approve (2 listed people, without who asks), 2 needed" in told
    await sam.press(message, action_id=f"{ids.DECISION_ANSWER}:yes")
    await deciding.press(sam, ids.DECISION_ASK)
    called = await lee.wait_for_message(deciding.APPROVALS, containing="asks for your decision")
    assert "<@U0MGRA> <@U0MGRB>" in str(called["blocks"])

    assert "cutover of ledger, asked for by sam.okafor" in rollback.read(
        await home_with(lee, ids.DECISION_APPROVE)
    )
    view = await deciding.opened(lee, ids.DECISION_APPROVE, ids.DECISION_APPROVE_MODAL)
    assert "1 of 1 gate pass" in rollback.read(view)
    receipt = await lee.submit(view, {"name": "ledgr"})
    assert as_object(receipt["errors"]) == {"name": "Type ledger, exactly so"}
    receipt = await lee.submit(view, {"name": "ledger", "comment": "fine"})
    assert receipt["acknowledged"] is True, receipt
    await deciding.with_button(priya, ids.DECISION_APPROVE, containing="1 of 2 approvals")
    # A process that dies loses no approval.
    await bot.restart()
    receipt = await deciding.approve(priya)
    assert receipt["acknowledged"] is True, receipt
    end = await sam.wait_for_message(deciding.APPROVALS, containing="✅ GO: cutover of ledger", timeout=20)
    assert "approved by lee.chen" in rollback.read(end)
    (entry,) = bot.records.audited("decision.go")
    assert entry.facts["approved_by"] == ["U0MGRA (lee.chen)", "U0MGRB (priya.nair)"]
    assert bot.records.audit_problems() == []
    program = await completed([SWITCHBACK, "cutover", "ledger", "--json"], env=bot.env)
    last = as_object(as_object(parse(program.stdout))["last"])
    assert (program.ended(), last["status"], last["needed"]) == (0, "go", 2)
    # Nobody who could approve in Slack asks here under another name.
    program = await completed([SWITCHBACK, "cutover", "ledger", "phase"], env=bot.env)
    assert (program.ended(), "left by the cutover alone" in program.stderr) == (1, True)
    program = await completed([SWITCHBACK, "cutover", "ledger", "request"], env=bot.env)
    assert (program.ended(), "does not say who the account" in program.stderr) == (1, True)
    # Its day is today: the run begins at once, and when it is done somebody says how the day went.
    await sam.wait_for_message(deciding.APPROVALS, containing="is done in", timeout=30)
    assert ledger.lines() == ["one", "two", "three"]
    home = await home_with(sam, ids.ASSESS)
    await sam.press(home, action_id=ids.ASSESS)
    view = await sam.wait_for_view(lambda found: found.get("callback_id") == ids.ASSESS_MODAL)
    receipt = await sam.submit(view, {"went": "well", "reason": "Everybody works in the new system"})
    assert receipt["acknowledged"] is True, receipt
    shown = ids.Shown.parse(rollback.buttons(home)[ids.ASSESS])
    again = [SWITCHBACK, "follow-ups", "assess", shown.subject, "--outcome", "Fine"]
    program = await completed(again, env=bot.env)
    assert (program.ended(), "already" in program.stderr) == (1, True), program.stderr
    program = await completed([SWITCHBACK, "phase", "ledger", "--json"], env=bot.env)
    assert (program.ended(), as_object(parse(program.stdout))["phase"]) == (0, "grace")
    program = await completed(
        [SWITCHBACK, "export", "ledger", "--cutover", "--out", str(ledger.playbooks)], env=bot.env
    )
    assert program.ended() == 0, program.stderr
    assert bot.records.audit_problems() == []


async def test_people_go_back_to_legacy_from_a_running_cutover_beyond_its_point_of_no_return(
    running: Running,
    settings: Mapping[str, str],
    tmp_path: Path,
    sam: Person,
    managers: tuple[Person, Person],
) -> None:
    ledger = Ledger(tmp_path / "playbooks", by_hand=True)
    deciding.to_be_decided(ledger, phase="parallel")
    ledger.edit("managers, quorum: 2}", "managers, quorum: 1}\n  point_of_no_return: one")
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        await sam.command(deciding.APPROVALS, f"/cutover ledger request {datetime.now(UTC).date()}")
        await deciding.press(sam, f"{ids.DECISION_ANSWER}:yes", containing="in no freeze")
        await deciding.press(sam, ids.DECISION_ASK)
        await deciding.approve(managers[0])
        held = await rollback.with_button(sam, f"{ids.STEP}:manual-done")
        assert "Back to legacy, beyond the point of no return…" in str(held["blocks"])
        at_the_terminal = [SWITCHBACK, "runs", "back", "ledger", "--confirm", "ledger", "--yes"]
        refused = await completed(at_the_terminal, env=bot.env)
        assert (refused.ended(), "is past" in refused.stdout) == (1, True)
        assert "beyond the point of no return takes a reason" in refused.stderr
        receipt = await rollback.steer(sam, "back", {"name": "ledger", "reason": " "})
        assert "takes a reason" in str(receipt["errors"])
        view = await sam.wait_for_view(containing="The point of no return, “Leave line one”, is past.")
        receipt = await sam.submit(view, {"name": "ledger", "reason": "The books do not agree"})
        assert receipt["acknowledged"] is True, receipt
        told = await sam.wait_for_message(rollback.INCIDENTS, containing="(beyond the point of no return)")
        assert "The books do not agree" in rollback.read(told)
        done = f"{ids.STEP}:manual-done"
        before = rollback.buttons(held)[done]
        back = await sam.wait_for_message(
            rollback.INCIDENTS,
            lambda message: rollback.buttons(message).get(done, before) != before,
            timeout=20,
        )
        receipt = await sam.press(back, action_id=done)
        assert receipt["acknowledged"] is True, receipt
        await sam.wait_for_message(rollback.INCIDENTS, containing="” is done in", timeout=30)
        program = await completed([SWITCHBACK, "phase", "ledger", "--json"], env=bot.env)
        assert (program.ended(), as_object(parse(program.stdout))["phase"]) == (0, "parallel")
        assert bot.records.run_statuses() == ["replaced", "done"]
        way_back = [SWITCHBACK, "phase", "ledger", "--back"]
        program = await completed(way_back, env=bot.env)
        assert (program.ended(), "goes back from parallel to pilot" in program.stdout) == (1, True)
        program = await completed([*way_back, "--confirm", "ledger", "--json"], env=bot.env)
        assert (program.ended(), as_object(parse(program.stdout))["phase"]) == (0, "pilot")
        assert bot.records.audit_problems() == []


async def test_after_a_no_go_a_cutover_is_planned_put_off_and_called_off(
    running: Running,
    settings: Mapping[str, str],
    tmp_path: Path,
    sam: Person,
    managers: tuple[Person, Person],
) -> None:
    ledger = Ledger(tmp_path / "playbooks")
    deciding.to_be_decided(ledger, phase="parallel")
    ledger.edit("managers, quorum: 2}", "managers, quorum: 1}")
    ledger.edit("\nenvironments:", f"\npeople: {{{getpass.getuser()}: U0ONCALL}}\nenvironments:")
    first, second = (datetime.now(UTC).date() + timedelta(days=days) for days in (10, 20))
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        await sam.command(deciding.APPROVALS, f"/cutover ledger request {first}")
        await deciding.press(sam, f"{ids.DECISION_ANSWER}:unknown", containing="in no freeze")
        view = await deciding.opened(sam, ids.DECISION_NO_GO, ids.DECISION_NO_GO_MODAL)
        receipt = await sam.submit(view, {"reason": "Nobody knows", "day": str(first)})
        assert receipt["acknowledged"] is True, receipt
        no_go = await sam.wait_for_message(deciding.APPROVALS, containing="❌ NO-GO: cutover of ledger")
        assert "Nobody knows" in rollback.read(no_go)

        async def at_the_terminal(*words: str) -> str:
            program = await completed([SWITCHBACK, "cutover", "ledger", *words], env=bot.env)
            assert program.ended() == 0, program.stderr
            return program.stdout

        await at_the_terminal("request", "--day", str(first))
        await deciding.with_button(sam, f"{ids.DECISION_ANSWER}:yes", containing="in no freeze")
        asked = await at_the_terminal()
        assert "Is everything ready?" in asked
        assert "answer --answer yes: Yes, all of it" in asked
        await at_the_terminal("answer", "--answer", "yes")
        await deciding.with_button(sam, ids.DECISION_ASK)
        await at_the_terminal("approvers")
        await deciding.approve(managers[0])
        for what, typed, told in (
            ("put_off", {"day": str(second), "reason": "The hall is let"}, f"ledger cutover on {second}"),
            ("call_off", {"reason": "Not this year"}, "ledger cutover was called off by"),
        ):
            modal = f"{ids.CUTOVER_DAY_MODAL}:{what}"
            view = await deciding.opened(sam, f"{ids.CUTOVER_DAY}:{what}", modal)
            if what == "put_off":
                receipt = await sam.submit(view, typed)
                assert receipt["acknowledged"] is True, receipt
            else:
                off = await at_the_terminal("call-off", "--reason", typed["reason"])
                assert "Cutover of ledger was called off by" in off
            shown = await sam.wait_for_message(deciding.APPROVALS, containing=told, timeout=20)
            assert typed["reason"] in rollback.read(shown)
        assert ledger.lines() == []
        assert bot.records.audit_problems() == []
