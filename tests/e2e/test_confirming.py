"""The confirmation: the name typed, bound to what was previewed, once."""

from bot.sandbox.json_values import as_object
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.until import until
from tests.e2e.workspace import Person


async def test_a_wrong_name_is_an_error_under_the_input_and_starts_nothing(bot: Bot, sam: Person) -> None:
    await rollback.to_verdict(sam)
    view = await rollback.open_confirmation(sam)
    receipt = await sam.submit(view, {"name": "planwize"})
    assert as_object(receipt["errors"]) == {"name": "Type planwise, exactly so"}
    assert sam.view() is not None
    assert bot.records.run_statuses() == []
    await sam.submit(view, {"name": "planwise"})
    await sam.wait_for_no_view()
    assert len(bot.records.audited("run.confirmed")) == 1


async def test_a_second_confirmation_starts_nothing_and_says_who_was_first(
    bot: Bot, sam: Person, kim: Person
) -> None:
    await rollback.to_verdict(sam)
    view = await rollback.open_confirmation(sam)
    assert (await rollback.confirm(kim))["acknowledged"] is True
    receipt = await sam.submit(view, {"name": "planwise"})
    assert as_object(receipt["errors"]) == {"name": "kim.larsen started this rollback already"}
    assert len(bot.records.run_statuses()) == 1
    assert len(bot.records.audited("run.confirmed")) == 1


async def test_a_confirmation_of_an_earlier_preview_is_refused(bot: Bot, sam: Person, kim: Person) -> None:
    await rollback.to_verdict(sam)
    view = await rollback.open_confirmation(sam)
    before = bot.records.walks()[0].preview
    await kim.press(await rollback.with_button(kim, ids.PREVIEW_AGAIN), action_id=ids.PREVIEW_AGAIN)
    await until(lambda: bot.records.walks()[0].preview != before, "fresh preview")
    receipt = await sam.submit(view, {"name": "planwise"})
    assert "has changed since you were shown it" in str(as_object(receipt["errors"])["name"])
    assert bot.records.run_statuses() == []


async def test_while_a_rollback_runs_another_cannot_be_opened(bot: Bot, sam: Person, kim: Person) -> None:
    await rollback.to_verdict(sam)
    await rollback.confirm(sam)
    await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    await kim.command(rollback.INCIDENTS, "/rollback planwise")
    await kim.wait_for_message(
        rollback.INCIDENTS,
        lambda message: message.get("ephemeral") is True,
        containing="confirmed by sam.okafor",
    )
    assert len(bot.records.walks()) == 1
