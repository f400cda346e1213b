"""Two people: one asks, another one approves; or one goes on alone, and another one reviews it."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bot.sandbox.json_values import JsonObject, as_object
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import STEPS, Ledger
from tests.e2e.until import until
from tests.e2e.workspace import Person


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A migration in which one other person has to approve a rollback."""
    return Ledger(tmp_path / "playbooks", quorum=1)


@pytest.fixture
async def bot(running: Running, settings: Mapping[str, str], ledger: Ledger) -> AsyncIterator[Bot]:
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as one:
        yield one


async def ask(person: Person) -> JsonObject:
    """From the command to the request; its message."""
    await rollback.open_rollback(person, "ledger")
    await rollback.answer(person, "Is it wrong?", "yes")
    receipt = await rollback.confirm(person, "ledger")
    assert receipt["acknowledged"] is True, receipt
    return await rollback.with_button(person, ids.APPROVE)


async def opened(person: Person, action_id: str, modal: str) -> JsonObject:
    """Press the button; the modal."""
    message = await rollback.with_button(person, action_id)
    receipt = await person.press(message, action_id=action_id)
    assert receipt["acknowledged"] is True, receipt
    return await person.wait_for_view(lambda view: view.get("callback_id") == modal)


async def told(person: Person, containing: str) -> None:
    """Until only this person is shown these words."""
    await person.wait_for_message(
        rollback.INCIDENTS, lambda message: message.get("ephemeral") is True, containing=containing
    )


async def test_one_asks_and_another_one_approves(bot: Bot, ledger: Ledger, sam: Person, kim: Person) -> None:
    message = await ask(sam)
    assert "rollback asked for by sam.okafor · 0 of 1 approvals" in rollback.read(message)
    assert set(rollback.buttons(message)) == {ids.APPROVE, ids.WITHDRAW, ids.GO_ON_ALONE}
    called = await kim.wait_for_message(rollback.INCIDENTS, containing="asks for your approval")
    assert "<@U0SECOND>" in str(called["blocks"])
    assert "U0ONCALL" not in str(called["blocks"])
    await sam.press(message, action_id=ids.APPROVE)
    await told(sam, "You asked for this rollback")
    assert bot.records.run_statuses() == []
    view = await opened(kim, ids.APPROVE, ids.APPROVE_MODAL)
    assert "Leave line one" in rollback.read(view)
    receipt = await kim.submit(view, {"name": "ledgr"})
    assert as_object(receipt["errors"]) == {"name": "Type ledger, exactly so"}
    receipt = await kim.submit(view, {"name": "ledger"})
    assert receipt["acknowledged"] is True, receipt
    end = await rollback.see_end(sam)
    assert "confirmed by sam.okafor" in rollback.read(end)
    assert "approved by kim.larsen" in rollback.read(end)
    assert ledger.lines() == list(STEPS)
    assert [entry.actor for entry in bot.records.audited("start.approved")] == ["U0SECOND (kim.larsen)"]
    assert bot.records.audit_problems() == []


async def test_who_has_no_role_approves_nothing(bot: Bot, sam: Person, robin: Person) -> None:
    await ask(sam)
    message = await rollback.with_button(robin, ids.APPROVE)
    await robin.press(message, action_id=ids.APPROVE)
    await told(robin, "You may not approve the rollback of ledger")
    assert [entry.actor for entry in bot.records.audited("refused")] == ["U0GUEST (robin.vale)"]
    assert bot.records.run_statuses() == []


async def test_what_was_withdrawn_leads_back_to_the_verdict_and_is_not_approved(
    bot: Bot, sam: Person, kim: Person
) -> None:
    message = await ask(sam)
    view = await opened(kim, ids.APPROVE, ids.APPROVE_MODAL)
    await sam.press(message, action_id=ids.WITHDRAW)
    await rollback.with_button(sam, ids.CONFIRM)
    receipt = await kim.submit(view, {"name": "ledger"})
    assert as_object(receipt["errors"]) == {"name": "sam.okafor withdrew this already"}
    assert bot.records.run_statuses() == []


async def test_a_request_outlives_a_killed_bot(bot: Bot, ledger: Ledger, sam: Person, kim: Person) -> None:
    await ask(sam)
    await bot.restart()
    view = await opened(kim, ids.APPROVE, ids.APPROVE_MODAL)
    await kim.submit(view, {"name": "ledger"})
    await rollback.see_end(sam)
    assert ledger.lines() == list(STEPS)


async def test_one_goes_on_alone_and_another_one_reviews_it(
    bot: Bot, ledger: Ledger, sam: Person, kim: Person
) -> None:
    await ask(sam)
    view = await opened(sam, ids.GO_ON_ALONE, ids.GO_ON_ALONE_MODAL)
    receipt = await sam.submit(view, {"reason": "  "})
    assert as_object(receipt["errors"]) == {"reason": "Going on alone takes a reason"}
    await sam.submit(view, {"reason": "Kim does not answer"})
    end = await rollback.see_end(sam)
    assert "went on alone: Kim does not answer" in rollback.read(end)
    assert ledger.lines() == list(STEPS)
    paged = await kim.wait_for_message(rollback.INCIDENTS, containing="alone: Kim does not answer")
    assert "<@U0SECOND>" in str(paged["blocks"])
    assert len(bot.records.audited("run.broke_glass")) == 1
    review = await rollback.with_button(sam, ids.REVIEW_DONE)
    await sam.press(review, action_id=ids.REVIEW_DONE)
    await told(sam, "You went on alone, and somebody else has to review it")
    view = await opened(kim, ids.REVIEW_DONE, ids.REVIEW_MODAL)
    await kim.submit(view, {"note": "It was right"})
    closed = await kim.wait_for_message(rollback.INCIDENTS, containing="reviewed by kim.larsen")
    assert rollback.buttons(closed) == {}
    await until(lambda: bot.records.unsent() == 0, "sent outbox")
    assert bot.records.timeline()[-1] == "kim.larsen: reviewed that sam.okafor went on alone: It was right"
