"""A step that fails stops the run and asks; a manual one waits for its button."""

import pytest

from bot.sandbox.json_values import as_object
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.planwise_example import Example
from tests.e2e.workspace import Person


@pytest.fixture
async def stopped(bot: Bot, sam: Person, example: Example) -> Bot:
    """A bot with a run whose first step has failed, because the new system is gone."""
    await rollback.to_verdict(sam)
    example.kill("new")
    await rollback.confirm(sam)
    await rollback.with_button(sam, f"{ids.STEP}:retry", containing="Switch off access to the new system")
    return bot


async def test_a_step_that_fails_stops_the_run_and_nothing_behind_it_is_done(
    stopped: Bot, example: Example
) -> None:
    assert stopped.records.run_statuses() == ["asking"]
    statuses = list(stopped.records.steps().values())
    assert statuses[0] in ("failed", "unknown")
    assert set(statuses[1:]) == {"pending"}
    assert (await example.look("router"))[1]["error"] == "new does not answer"


async def test_a_step_that_failed_is_retried_when_its_cause_is_gone_and_the_run_goes_on(
    stopped: Bot, sam: Person, kim: Person, example: Example
) -> None:
    example.start("new")
    await rollback.decide(kim, "retry")
    await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    await rollback.decide(sam, "manual-done")
    await rollback.see_end(sam)
    assert set(stopped.records.steps().values()) == {"done"}
    assert [entry.facts["attempt"] for entry in stopped.records.audited("step.intent")][:2] == [1, 2]
    assert any("kim.larsen: runs again" in line for line in stopped.records.timeline())
    assert (await example.look("new"))[0] == 503


async def test_a_step_is_skipped_with_a_reason_only_and_the_reason_is_kept(
    stopped: Bot, sam: Person, example: Example
) -> None:
    receipt = await rollback.decide(sam, "skip", reason="  ")
    assert list(as_object(receipt["errors"])) == ["reason"]
    assert stopped.records.run_statuses() == ["asking"]
    view = sam.view()
    assert view is not None
    await sam.submit(view, {"reason": "It is switched off at the mains"})
    # The one behind it asks the same service, which is still away.
    await rollback.with_button(sam, f"{ids.STEP}:retry", containing="It is switched off at the mains")
    await rollback.decide(sam, "skip", reason="So it answers nobody")
    await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    assert list(stopped.records.steps().values())[:3] == ["skipped", "skipped", "done"]
    assert [entry.facts["reason"] for entry in stopped.records.audited("step.skip")] == [
        "It is switched off at the mains",
        "So it answers nobody",
    ]
    assert (await example.look("router"))[1]["system"] == "legacy"


async def test_an_aborted_run_is_over_and_says_who_and_why(stopped: Bot, sam: Person, kim: Person) -> None:
    message = await rollback.with_button(sam, f"{ids.STEP}:retry")
    stale = rollback.buttons(message)[f"{ids.STEP}:retry"]
    await rollback.steer(kim, "abort", {"reason": "Wrong system"})
    aborted = await sam.wait_for_message(rollback.INCIDENTS, containing="aborted by kim.larsen")
    assert "Wrong system" in rollback.read(aborted)
    assert rollback.buttons(aborted) == {}
    assert stopped.records.run_statuses() == ["aborted"]
    await sam.press(message, action_id=f"{ids.STEP}:retry", value=stale)
    await sam.wait_for_message(
        rollback.INCIDENTS, containing="This run is over: it was aborted by kim.larsen"
    )
    assert stopped.records.run_statuses() == ["aborted"]
    await rollback.open_rollback(sam)


async def test_a_manual_step_waits_for_its_button_and_a_second_press_is_told_who_did_it(
    bot: Bot, sam: Person, kim: Person
) -> None:
    await rollback.to_verdict(sam)
    await rollback.confirm(sam)
    message = await rollback.with_button(kim, f"{ids.STEP}:manual-done")
    assert bot.records.run_statuses() == ["waiting"]
    await rollback.decide(sam, "manual-done")
    await rollback.see_end(sam)
    value = rollback.buttons(message)[f"{ids.STEP}:manual-done"]
    await kim.press(message, action_id=f"{ids.STEP}:manual-done", value=value)
    told = await kim.wait_for_message(
        rollback.INCIDENTS, lambda found: found.get("ephemeral") is True and "⚠️" in rollback.read(found)
    )
    assert "Step “Confirm with payroll” was done already by sam.okafor" in rollback.read(told)
    assert len(bot.records.audited("step.manual-done")) == 1
