"""People decide: whether a phase is left, through the real command, buttons and modals."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.json_values import as_object, parse
from bot.sandbox.server import RunningWorkspace
from bot.slack import action_ids as ids
from tests.e2e import deciding, rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.program import SWITCHBACK, completed
from tests.e2e.until import until
from tests.e2e.workspace import Person, signed_in


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A migration whose managers decide."""
    made = Ledger(tmp_path / "playbooks")
    deciding.to_be_decided(made, phase="pilot")
    return made


@pytest.fixture
async def bot(running: Running, settings: Mapping[str, str], ledger: Ledger) -> AsyncIterator[Bot]:
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as one:
        yield one


@pytest.fixture
async def lee(workspace: RunningWorkspace) -> AsyncIterator[Person]:
    """A manager."""
    async with signed_in(workspace.url, "U0MGRA") as person:
        yield person


async def test_a_manager_asks_looks_at_the_evidence_says_no_and_another_day_go(
    bot: Bot, sam: Person, lee: Person
) -> None:
    await sam.command(deciding.APPROVALS, "/cutover ledger phase")
    message = await deciding.with_button(sam, ids.DECISION_APPROVE)
    assert "Approve the move of ledger from pilot to parallel? Asked by sam.okafor" in rollback.read(message)
    called = await lee.wait_for_message(deciding.APPROVALS, containing="asks for your decision")
    assert "<@U0MGRA>" in str(called["blocks"])
    await deciding.press(sam, ids.DECISION_APPROVE)
    await sam.wait_for_message(
        deciding.APPROVALS, lambda one: one.get("ephemeral") is True, containing="who asks does not decide"
    )
    view = await deciding.opened(lee, ids.DECISION_QUESTION, ids.DECISION_QUESTION_MODAL)
    await lee.submit(view, {"question": "Who trains them?"})
    asked = await sam.wait_for_message(deciding.APPROVALS, containing="asks: Who trains them?")
    assert "<@U0ONCALL>" in str(asked["blocks"])
    view = await deciding.opened(lee, ids.DECISION_EVIDENCE, "evidence")
    assert "Evidence for the move of ledger" in rollback.read(view)
    await lee.close(view)
    view = await deciding.opened(lee, ids.DECISION_REJECT, ids.DECISION_REJECT_MODAL)
    day = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()
    receipt = await lee.submit(view, {"reason": "Two weeks more", "day": day})
    assert receipt["acknowledged"] is True, receipt
    end = await sam.wait_for_message(deciding.APPROVALS, containing="❌ NO-GO: move of ledger")
    assert "Two weeks more" in rollback.read(end)
    assert rollback.buttons(end) == {}
    (entry,) = bot.records.audited("decision.no-go")
    assert (entry.actor, entry.facts["new_day"]) == ("U0MGRA (lee.chen)", day)
    assert bot.records.audit_problems() == []
    # Asked for anew, it is GO, and the phase is another one.
    await sam.command(deciding.APPROVALS, "/cutover ledger phase")
    receipt = await deciding.approve(lee)
    assert receipt["acknowledged"] is True, receipt
    await sam.wait_for_message(deciding.APPROVALS, containing="✅ GO: move of ledger", timeout=20)
    await until(lambda: bool(bot.records.audited("phase.moved")), "a move of the phase")
    told = await completed([SWITCHBACK, "phase", "ledger", "--json"], env=bot.env)
    assert as_object(parse(told.stdout))["phase"] == "parallel"
    # Approvals are not given at the terminal; what was decided is told there.
    told = await completed([SWITCHBACK, "cutover", "ledger", "approve"], env=bot.env)
    assert told.ended() == 2
