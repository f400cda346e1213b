"""People sign, vote and withdraw in real windows; and a rollback is approved with a code of a device."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from cryptography.fernet import Fernet

from bot.sandbox.json_values import JsonObject, as_object
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import STEPS, Ledger
from tests.e2e.program import SWITCHBACK, completed, environment
from tests.e2e.workspace import Person

RIGHT = {"sign_off": "operator", "statement": "The books agree", "people": 2}
GO = {"vote": "operator", "statement": "We go on the 28th", "quorum": 2}
GATE = {"id": "people", "title": "People", "owner": "operator", "criteria": [RIGHT, GO]}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A migration with a gate that people settle, in which an approval of a rollback takes a code."""
    made = Ledger(tmp_path / "playbooks", quorum=1)
    made.edit("quorum: 1}", "quorum: 1, second_factor: true}")
    made.edit("phases:\n", f"gates: {json.dumps([GATE])}\nphases:\n")
    return made


@pytest.fixture
def with_key(settings: Mapping[str, str], ledger: Ledger) -> dict[str, str]:
    key = Fernet.generate_key().decode()
    return {**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks), "SWITCHBACK_FACTOR_KEY": key}


@pytest.fixture
async def bot(running: Running, with_key: Mapping[str, str]) -> AsyncIterator[Bot]:
    async with running(with_key) as one:
        yield one


async def _ask(settings: Mapping[str, str], criterion: str) -> None:
    """Have people asked at the terminal."""
    asking = [SWITCHBACK, "gates", "ledger", "--ask", f"people/{criterion}"]
    program = await completed(asking, env=environment(**settings))
    assert program.ended() == 0, program.stderr


async def _opened(person: Person, message: JsonObject, action_id: str, modal: str) -> JsonObject:
    receipt = await person.press(message, action_id=action_id)
    assert receipt["acknowledged"] is True, receipt
    return await person.wait_for_view(lambda view: view.get("callback_id") == modal)


async def _told(person: Person, containing: str) -> JsonObject:
    return await person.wait_for_message(rollback.INCIDENTS, containing=containing)


async def test_people_sign_vote_and_withdraw(
    bot: Bot, with_key: Mapping[str, str], sam: Person, kim: Person, robin: Person
) -> None:
    await _ask(with_key, "sign-off-operator")
    message = await _told(sam, "0 of 2 signed")
    view = await _opened(sam, message, ids.STATEMENT, ids.STATEMENT_MODAL)
    assert "You sign this as operator" in rollback.read(view)
    assert "The books agree" in rollback.read(view)
    await sam.submit(view, {"comment": "Looked at all of them"})
    message = await _told(kim, "1 of 2 signed")
    assert "sam.okafor signed" in rollback.read(message)
    assert "Looked at all of them" in rollback.read(message)
    assert "<@U0SECOND>" in str(message["blocks"])
    await sam.press(message, action_id=ids.STATEMENT)
    await _told(sam, "You signed this already")
    await robin.press(message, action_id=ids.STATEMENT)
    await _told(robin, "You may not sign as operator for ledger")
    view = await _opened(sam, message, ids.STATEMENT_WITHDRAW, ids.STATEMENT_WITHDRAW_MODAL)
    await sam.submit(view, {"reason": "One does not"})
    message = await _told(kim, "0 of 2 signed")
    assert "One does not" in rollback.read(message)

    await _ask(with_key, "vote-operator")
    message = await _told(kim, "0 of 2 voted")
    view = await _opened(kim, message, ids.STATEMENT, ids.STATEMENT_MODAL)
    assert "have not been evaluated yet" in rollback.read(view)
    await kim.submit(view, {"choice": "abstain"})
    message = await _told(sam, "1 of 2 voted: 0 for, 0 against, 1 abstained")
    assert "kim.larsen abstained" in rollback.read(message)
    kinds = ["statement.signed", "statement.withdrawn", "statement.voted"]
    assert [len(bot.records.audited(kind)) for kind in kinds] == [1, 1, 1]
    assert bot.records.audit_problems() == []


async def test_a_rollback_is_approved_with_a_code_of_the_persons_device(
    bot: Bot, with_key: Mapping[str, str], ledger: Ledger, sam: Person, kim: Person
) -> None:
    enrol = [SWITCHBACK, "factors", "enrol", "U0SECOND", "--name", "Kim", "--vouch", "U0SECOND", "--json"]
    enrolled = await completed(enrol, env=environment(**with_key))
    device = pyotp.TOTP(json.loads(enrolled.stdout)["secret"])
    await rollback.open_rollback(sam, "ledger")
    await rollback.answer(sam, "Is it wrong?", "yes")
    assert (await rollback.confirm(sam, "ledger"))["acknowledged"] is True
    message = await rollback.with_button(kim, ids.APPROVE)
    view = await _opened(kim, message, ids.APPROVE, ids.APPROVE_MODAL)
    assert "Six-digit code" in rollback.read(view)
    wrong = f"{(int(device.at(datetime.now(UTC))) + 1) % 1_000_000:06}"
    receipt = await kim.submit(view, {"name": "ledger", "code": wrong})
    assert "code" in as_object(receipt["errors"])
    assert bot.records.run_statuses() == []
    await kim.submit(view, {"name": "ledger", "code": device.at(datetime.now(UTC))})
    assert "approved by kim.larsen" in rollback.read(await rollback.see_end(sam))
    assert ledger.lines() == list(STEPS)
    assert len(bot.records.audited("second_factor.used")) == 1
