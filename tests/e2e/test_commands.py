"""What a command answers when it is not the usual one."""

import json

from bot.sandbox.json_values import as_object
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.program import SWITCHBACK, completed
from tests.e2e.workspace import Person


async def answered(person: Person, command: str, *, containing: str) -> str:
    """The ephemeral answer of a command."""
    assert (await person.command(rollback.INCIDENTS, command))["acknowledged"] is True
    message = await person.wait_for_message(
        rollback.INCIDENTS,
        lambda found: found.get("ephemeral") is True and containing in rollback.read(found),
    )
    return rollback.read(message)


async def test_what_a_command_does_not_know_is_answered_with_what_there_is(bot: Bot, sam: Person) -> None:
    for command in ("/rollback", "/reconcile"):
        answer = await answered(sam, f"{command} planwize", containing="planwize")
        assert "Did you mean planwise?" in answer
    answer = await answered(sam, "/rollback planwise now please", containing="`/rollback <migration>`")
    assert "Migrations: planwise" in answer
    answer = await answered(sam, "/reconcile planwise now please", containing="no check “now”")
    assert "Known: employee-count, employees," in answer
    answer = await answered(sam, "/switchback dance", containing="“dance” is not known here")
    assert "`/switchback status`" in answer
    assert bot.records.walks() == []


async def test_a_command_without_a_migration_opens_a_choice_and_goes_on_with_what_is_chosen(
    bot: Bot, sam: Person
) -> None:
    await sam.command(rollback.INCIDENTS, "/rollback")
    view = await sam.wait_for_view(containing="Migration for /rollback")
    assert bot.records.walks() == []
    await sam.submit(view, {"migration": "planwise"})
    await sam.wait_for_no_view()
    await sam.wait_for_message(rollback.INCIDENTS, containing=rollback.SEVERITY)
    assert len(bot.records.walks()) == 1


async def test_the_status_tells_of_the_last_reconciliation_and_of_an_open_walk(bot: Bot, sam: Person) -> None:
    assert "never reconciled" in await answered(sam, "/switchback status", containing="Workforce planning")
    await sam.command(rollback.INCIDENTS, "/reconcile planwise")
    await sam.wait_for_message(rollback.INCIDENTS, containing="❌ planwise: 4 of 6 checks outside tolerance")
    await rollback.open_rollback(sam)
    answer = await answered(sam, "/switchback status", containing="a rollback is being decided")
    assert "4 of 6 checks outside tolerance, worst Total compensation +7.2% (limit 0.1%)" in answer
    assert "`/rollback <migration>`" in await answered(sam, "/switchback help", containing="*Switchback*")
    where = await answered(sam, "/switchback phase planwise", containing="is in phase “Parallel run”, day 1")
    assert "Rollback: one person who is operator" in where
    await answered(sam, "/switchback phase planwize", containing="Did you mean planwise?")
    await sam.command(rollback.INCIDENTS, "/switchback phase planwise back")
    await sam.submit(await sam.wait_for_view(containing="goes back from"), {"name": "planwise"})
    await sam.wait_for_no_view()
    await answered(sam, "/switchback phase planwise", containing="is in phase “Pilot”, day 1")


async def test_somebody_without_a_role_is_refused_and_told_who_can_and_that_is_audited(
    bot: Bot, sam: Person, robin: Person
) -> None:
    for command, doing in (("/rollback planwise", "roll back"), ("/reconcile planwise", "reconcile")):
        answer = await answered(robin, command, containing=f"You may not {doing} planwise")
        assert "@planwise-oncall" in answer
    message = await rollback.open_rollback(sam)
    seen = await robin.wait_for_message(rollback.INCIDENTS, lambda found: found["ts"] == message["ts"])
    await robin.press(seen, action_id="walk.answer:p1")
    await robin.wait_for_message(
        rollback.INCIDENTS,
        lambda found: found.get("ephemeral") is True and str(found["ts"]) > str(message["ts"]),
    )
    assert [walk.version for walk in bot.records.walks()] == [1]
    refused = bot.records.audited("refused")
    assert {entry.actor for entry in refused} == {"U0GUEST (robin.vale)"}
    assert [entry.facts["doing"] for entry in refused] == ["roll back", "reconcile", "roll back"]
    verified = await completed([SWITCHBACK, "audit", "verify", "--json"], env=bot.env)
    told = as_object(json.loads(verified.stdout))
    assert (verified.ended(), told["whole"], told["entries"]) == (0, True, len(bot.records.audited()))


async def test_a_reconciliation_that_runs_already_is_not_started_again(bot: Bot, sam: Person) -> None:
    first, second = (
        await sam.command(rollback.INCIDENTS, "/reconcile planwise"),
        await sam.command(rollback.INCIDENTS, "/reconcile planwise"),
    )
    assert first["acknowledged"] is second["acknowledged"] is True
    await sam.wait_for_message(rollback.INCIDENTS, containing="❌ planwise: 4 of 6 checks")
    done = len(bot.records.audited("reconciliation.asked"))
    answers = [str(message["text"]) for message in sam.ephemerals(rollback.INCIDENTS)]
    assert done + sum("already; it is running" in text for text in answers) == 2
