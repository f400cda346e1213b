"""A follow-up from the end of the rollback to its “Done”, pressed for real."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bot.sandbox.json_values import JsonObject, as_object
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import FOLLOW_UP, Ledger
from tests.e2e.until import until
from tests.e2e.workspace import Person


@pytest.fixture
async def ledger_bot(running: Running, settings: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot with the ledger, whose follow-up is due two seconds after a run."""
    ledger = Ledger(tmp_path / "playbooks", follow_up_after="2s")
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        yield bot


async def test_a_follow_up_is_reminded_of_after_a_restart_moved_and_done_by_who_may(
    ledger_bot: Bot, sam: Person, kim: Person, robin: Person
) -> None:
    await rollback.confirm_ledger(sam)
    incident = await rollback.see_end(sam, "ledger")
    await ledger_bot.restart()
    message = await rollback.with_button(sam, ids.FOLLOW_UP_DONE)
    assert rollback.read(message).startswith(f"⏳ ledger: {FOLLOW_UP} is due since ")
    assert await pressed_as(robin, message) == "⚠️ You may not settle this follow-up of ledger"
    await move(kim, message, reason="The vendor is away")
    moved = await rollback.with_button(sam, ids.FOLLOW_UP_DONE, containing="Moved by kim.larsen")
    assert f"{FOLLOW_UP}* is due <" in rollback.read(moved)
    await sam.press(moved, action_id=ids.FOLLOW_UP_DONE)
    await sam.wait_for_message(rollback.INCIDENTS, containing="was done by sam.okafor")
    assert await pressed_as(kim, moved) == f"⚠️ sam.okafor marked “{FOLLOW_UP}” as done already"
    await until(lambda: ledger_bot.records.unsent() == 0, "sent outbox")
    lines = rollback.thread_lines(sam, incident)
    assert lines == rollback.lines(ledger_bot.records.timeline())
    assert [line.partition(" 20")[0] for line in lines[-4:]] == [
        f"Switchback: Next: {FOLLOW_UP} by",
        "Switchback: ⏳ Due since",
        f"kim.larsen: moves “{FOLLOW_UP}” to",
        f"sam.okafor: marks “{FOLLOW_UP}” as done",
    ]
    assert called(sam, incident) == ["<@U0ONCALL> <@U0SECOND>"]
    assert [entry.kind for entry in ledger_bot.records.audited() if entry.kind.startswith("follow_up.")] == [
        "follow_up.planned",
        "follow_up.reminded",
        "follow_up.moved",
        "follow_up.done",
    ]
    assert ledger_bot.records.audit_problems() == []


async def pressed_as(person: Person, message: JsonObject) -> str:
    """What a person is told who presses “Done” in vain, up to its first full stop."""
    seen = await person.wait_for_message(rollback.INCIDENTS, lambda found: found["ts"] == message["ts"])
    value = rollback.buttons(message)[ids.FOLLOW_UP_DONE]
    await person.press(seen, action_id=ids.FOLLOW_UP_DONE, value=value)
    told = await person.wait_for_message(
        rollback.INCIDENTS, lambda found: found.get("ephemeral") is True, containing="⚠️"
    )
    return str(told["text"]).partition(". ")[0]


async def move(person: Person, message: JsonObject, *, reason: str) -> None:
    """Move it by an hour; without a reason it is refused under the input."""
    await person.press(message, action_id=ids.FOLLOW_UP_MOVE)
    view = await person.wait_for_view(lambda view: view.get("callback_id") == ids.FOLLOW_UP_MOVE_MODAL)
    receipt = await person.submit(view, {"by": "1h", "reason": " "})
    assert as_object(receipt["errors"]) == {"reason": "Moving a follow-up takes a reason"}
    await person.submit(view, {"by": "1h", "reason": reason})
    await person.wait_for_no_view()


def called(person: Person, incident: JsonObject) -> list[str]:
    """Who is mentioned in an incident's thread: the end of each line that mentions somebody."""
    thread = person.messages(rollback.INCIDENTS, thread_ts=str(incident["ts"]))
    shown = [line for one in thread for line in rollback.read(one).splitlines()]
    return ["<@" + line.partition("<@")[2] for line in shown if "<@" in line]
