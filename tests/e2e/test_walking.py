"""The walk of the decision tree: left and taken up, answered by two, stepped back, overruled."""

import asyncio

from bot.sandbox.json_values import as_object
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.until import until
from tests.e2e.workspace import Person


async def told(person: Person, containing: str) -> None:
    """Until only this person is shown these words."""
    await person.wait_for_message(
        rollback.INCIDENTS, lambda message: message.get("ephemeral") is True, containing=containing
    )


async def test_a_walk_that_sam_left_is_taken_up_by_kim(bot: Bot, sam: Person, kim: Person) -> None:
    await rollback.open_rollback(sam)
    await rollback.answer(sam, rollback.SEVERITY, "p1")
    await rollback.with_button(sam, f"{ids.ANSWER}:yes", containing=rollback.DATA_WRONG)
    await kim.command(rollback.INCIDENTS, "/rollback planwise")
    await told(kim, "You go on with the rollback of planwise")
    await rollback.answer(kim, rollback.DATA_WRONG, "yes")
    receipt = await rollback.confirm(kim)
    assert receipt["acknowledged"] is True
    await rollback.with_button(kim, f"{ids.STEP}:manual-done")
    assert len(bot.records.walks()) == 1
    assert bot.records.timeline()[:5] == [
        "sam.okafor: opened the rollback of Workforce planning",
        bot.records.timeline()[1],
        "kim.larsen: takes up the walk",
        bot.records.timeline()[3],
        "kim.larsen: confirmed the rollback: plan “Back to legacy at once”, 9 steps",
    ]
    assert [entry.actor for entry in bot.records.audited("run.confirmed")] == ["U0SECOND (kim.larsen)"]


async def test_of_two_who_answer_at_once_one_is_heard_and_the_other_is_told(
    bot: Bot, sam: Person, kim: Person
) -> None:
    await rollback.open_rollback(sam)
    await asyncio.gather(
        rollback.answer(sam, rollback.SEVERITY, "p1"), rollback.answer(kim, rollback.SEVERITY, "p4")
    )
    await rollback.with_button(sam, f"{ids.ANSWER}:yes", containing=rollback.DATA_WRONG)
    walk = bot.records.walks()[0]
    assert (walk.version, len(walk.answers)) == (2, 1)
    first, second = (sam, kim) if walk.answers[0].answer == "p1" else (kim, sam)
    assert walk.answers[0].by.id == first.user
    await told(second, f"{walk.answers[0].by.name} answered “{rollback.SEVERITY}” already")
    assert len(bot.records.audited("walk.answered")) == 1
    assert len(bot.records.timeline()) == 2


async def test_of_two_who_open_a_rollback_at_once_both_have_the_same_one(
    bot: Bot, sam: Person, kim: Person
) -> None:
    await asyncio.gather(rollback.open_rollback(sam), rollback.open_rollback(kim))
    assert len(bot.records.walks()) == 1
    shown = [rollback.buttons(message) for message in sam.messages(rollback.INCIDENTS)]
    assert sum(f"{ids.ANSWER}:p1" in each for each in shown) == 1


async def test_a_button_that_was_shown_earlier_changes_nothing_and_says_what_happened(
    bot: Bot, sam: Person, kim: Person
) -> None:
    message = await rollback.open_rollback(sam)
    stale = rollback.buttons(message)[f"{ids.ANSWER}:p4"]
    await rollback.answer(sam, rollback.SEVERITY, "p1")
    await rollback.with_button(sam, f"{ids.ANSWER}:yes", containing=rollback.DATA_WRONG)
    receipt = await kim.press(message, action_id=f"{ids.ANSWER}:p4", value=stale)
    assert receipt["acknowledged"] is True
    await told(kim, f"sam.okafor answered “{rollback.SEVERITY}” already")
    assert bot.records.walks()[0].version == 2
    assert len(bot.records.audited("walk.answered")) == 1


async def test_stepping_back_takes_the_last_answer_back_and_asks_again(bot: Bot, sam: Person) -> None:
    await rollback.to_verdict(sam)
    await sam.press(await rollback.with_button(sam, ids.CONFIRM), action_id=ids.BACK)
    asked = await rollback.with_button(sam, f"{ids.ANSWER}:yes", containing=rollback.DATA_WRONG)
    await sam.press(asked, action_id=ids.BACK)
    await rollback.with_button(sam, f"{ids.ANSWER}:p1", containing=rollback.SEVERITY)
    walk = bot.records.walks()[0]
    assert (walk.answers, walk.status, walk.version) == ((), "asking", 5)


async def test_not_to_roll_back_against_the_verdict_takes_a_reason(bot: Bot, sam: Person) -> None:
    message = await rollback.to_verdict(sam)
    await sam.press(message, action_id=ids.KEEP_WATCHING)
    view = await sam.wait_for_view(lambda view: view.get("callback_id") == ids.KEEP_WATCHING_MODAL)
    receipt = await sam.submit(view, {"reason": "   "})
    assert list(as_object(receipt["errors"])) == ["reason"]
    await sam.submit(view, {"reason": "Payroll is known to lag today"})
    await sam.wait_for_no_view()
    await until(lambda: bot.records.audited("walk.overruled"), "overruling")
    assert bot.records.audited("walk.overruled")[0].facts["reason"] == "Payroll is known to lag today"
    assert bot.records.timeline()[-1].endswith("Reason: Payroll is known to lag today")
    assert bot.records.run_statuses() == []


async def test_to_roll_back_against_the_verdict_takes_a_plan_and_a_reason_and_is_previewed(
    bot: Bot, sam: Person
) -> None:
    message = await rollback.to_keep_watching(sam)
    await sam.press(message, action_id=ids.OVERRULE)
    view = await sam.wait_for_view(lambda view: view.get("callback_id") == ids.OVERRULE_MODAL)
    await sam.submit(view, {"plan": "access-only", "reason": "Auditors asked"})
    await sam.wait_for_no_view()
    await rollback.with_button(sam, ids.CONFIRM, containing="Take people off the new system")
    assert bot.records.run_statuses() == []
    assert (await rollback.confirm(sam))["acknowledged"] is True
    await rollback.see_end(sam)
    assert "Reason: Auditors asked" in "\n".join(bot.records.timeline())


async def test_a_walk_that_ends_with_keep_watching_is_closed_by_its_button(bot: Bot, sam: Person) -> None:
    message = await rollback.to_keep_watching(sam)
    await sam.press(message, action_id=ids.CLOSE)
    again = "Type `/rollback planwise` to look again"
    closed = await sam.wait_for_message(rollback.INCIDENTS, containing=again)
    assert rollback.buttons(closed) == {}
    assert bot.records.walks()[0].status == "watching"
