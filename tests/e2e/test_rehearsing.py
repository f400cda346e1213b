"""A dry run, and a rehearsal from the command to its signature, pressed for real."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bot.sandbox.json_values import as_object, objects_in
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import STEPS, Ledger
from tests.e2e.program import SWITCHBACK, completed
from tests.e2e.terminal.conftest import printed
from tests.e2e.workspace import Person


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "playbooks", rehearsed=True)


@pytest.fixture
async def ledger_bot(running: Running, settings: Mapping[str, str], ledger: Ledger) -> AsyncIterator[Bot]:
    """A bot with a ledger that can be rehearsed."""
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        yield bot


def rehearsed(ledger: Ledger) -> list[str]:
    """What was done in staging."""
    return (ledger.staging / "ledger.txt").read_text().split()


async def told(person: Person, command: str, containing: str) -> str:
    """What a command answers to the person alone."""
    assert (await person.command(rollback.INCIDENTS, command))["acknowledged"] is True
    message = await person.wait_for_message(
        rollback.INCIDENTS,
        lambda found: found.get("ephemeral") is True and containing in rollback.read(found),
    )
    return rollback.read(message)


async def test_the_button_below_a_question_shows_the_first_plan_to_who_pressed_it(
    ledger_bot: Bot, ledger: Ledger, sam: Person
) -> None:
    message = await rollback.open_rollback(sam, "ledger")
    receipt = await sam.press(message, action_id=ids.DRY_RUN)
    assert receipt["acknowledged"] is True, receipt
    shown = await sam.wait_for_message(rollback.INCIDENTS, containing="Dry run of ledger, plan back")
    assert shown.get("ephemeral") is True
    assert "Nothing was changed" in rollback.read(shown)
    assert (ledger.lines(), ledger_bot.records.run_statuses()) == ([], [])


async def test_a_dry_run_shows_one_person_what_would_be_done_and_changes_nothing(
    ledger_bot: Bot, ledger: Ledger, sam: Person, robin: Person
) -> None:
    shown = await told(sam, "/rollback ledger dry-run back", "every step is ready")
    assert "Leave line three" in shown
    assert "Work in legacy, please: {input.ticket}" in shown
    assert "Nothing was changed" in shown
    assert "There is no plan “bakc”" in await told(sam, "/rollback ledger dry-run bakc", "bakc")
    assert "You may not preview" in await told(robin, "/rollback ledger dry-run", "may not")
    assert (ledger.lines(), ledger_bot.records.run_statuses()) == ([], [])


async def test_a_rehearsal_runs_in_staging_alone_and_its_record_is_signed(
    ledger_bot: Bot, ledger: Ledger, sam: Person, robin: Person
) -> None:
    assert "You may not roll back ledger" in await told(robin, "/rollback ledger rehearse", "may not")
    assert (await sam.command(rollback.INCIDENTS, "/rollback ledger rehearse back"))["acknowledged"] is True
    view = await sam.wait_for_view(lambda view: view.get("callback_id") == ids.REHEARSE_MODAL)
    assert "REHEARSAL of ledger in staging" in rollback.read(view)
    wrong = await sam.submit(view, {"name": "ledger", "input:ticket": "x; reboot"})
    assert list(as_object(wrong["errors"])) == ["input:ticket"]
    await sam.submit(view, {"name": "ledger", "input:ticket": "ABC-1"})
    await sam.wait_for_no_view()
    record = await rollback.with_button(sam, f"{ids.REHEARSAL_SIGN}:operator")
    shown = rollback.read(record)
    assert "✅ Rehearsal in staging: ledger, plan back went as it should" in shown
    assert "nothing lost: 1 table compared" in shown
    assert (rehearsed(ledger), ledger.lines()) == ([*STEPS, "onward"], [])
    await sam.wait_for_message(
        rollback.INCIDENTS, containing="Rehearsal in staging: Work in legacy, please: ABC-1"
    )
    lines = ledger_bot.records.timeline()
    assert [line for line in lines if ": Rehearsal in staging: " not in line] == []
    await sam.press(record, action_id=f"{ids.REHEARSAL_SIGN}:operator")
    modal = await sam.wait_for_view(containing="You sign it as operator")
    await sam.submit(modal, {"comment": "Fine with me"})
    await sam.wait_for_message(rollback.INCIDENTS, containing="Fine with me")
    assert ledger_bot.records.audit_problems() == []


async def test_a_rehearsal_from_the_terminal_waits_for_its_end_and_is_listed(
    ledger_bot: Bot, ledger: Ledger
) -> None:
    ran = await completed(
        [SWITCHBACK, "rehearse", "ledger", "--plan", "back", "--input", "ticket=ABC-2", "--yes", "--wait"],
        env=ledger_bot.env,
    )
    assert (ran.ended(), ran.stderr) == (0, "")
    assert "✅ nothing lost, 1 tables compared" in ran.stdout
    assert rehearsed(ledger) == [*STEPS, "onward"]
    listed = await completed([SWITCHBACK, "rehearsals", "--json"], env=ledger_bot.env)
    (one,) = objects_in(printed(listed))
    assert (one["environment"], as_object(one["evidence"])["holds"]) == ("staging", True)
    assert one["inputs"] == {"ticket": "ABC-2"}
    shown = await completed([SWITCHBACK, "rehearsals", "show", str(one["id"])], env=ledger_bot.env)
    assert (shown.ended(), "not signed yet: operator" in shown.stdout) == (0, True)
    (run, _) = objects_in(printed(await completed([SWITCHBACK, "runs", "--json"], env=ledger_bot.env)))
    assert (run["rehearsal"], run["environment"]) == (one["id"], "staging")


async def test_production_is_never_rehearsed_in_from_the_terminal(ledger_bot: Bot, ledger: Ledger) -> None:
    ran = await completed(
        [SWITCHBACK, "rehearse", "ledger", "--environment", "production", "--yes"], env=ledger_bot.env
    )
    assert (ran.ended(), ran.stdout) == (1, "")
    assert "A rehearsal is never in production" in ran.stderr
    planned = await completed(
        [SWITCHBACK, "plan", "ledger", "--environment", "staging", "--input", "ticket=ABC-3"],
        env=ledger_bot.env,
    )
    assert (planned.ended(), "Work in legacy, please: ABC-3" in planned.stdout) == (0, True)
    assert rehearsed(ledger) == []
