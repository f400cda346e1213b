"""A discrepancy from the reconciliation that finds it to its return, pressed for real."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from bot.sandbox.json_values import JsonObject, as_list, as_object
from bot.sandbox.server import RunningWorkspace
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.planwise_example import Example
from tests.e2e.until import until
from tests.e2e.workspace import Person, signed_in

SUMMARIES = "#planwise-parallel-run"
EXPLAIN, LIST = f"{ids.DISCREPANCIES}:explain", f"{ids.DISCREPANCY_LIST}:open"


@pytest.fixture
async def ana(workspace: RunningWorkspace) -> AsyncIterator[Person]:
    """The data lead."""
    async with signed_in(workspace.url, "U0DATA") as person:
        yield person


async def test_one_is_explained_carried_over_fixed_and_comes_back(
    bot: Bot, sam: Person, ana: Person, example: Example
) -> None:
    message = await reconciled(ana, number=1, containing="Employee count")
    assert "open since" in lines_of(message, "Employee count")[1]
    assert await told_under_the_input(sam, message) == (
        "You may not explain, accept, assign or reopen this discrepancy of planwise"
    )
    await explain(ana, message, "Employee count", text="One test account")
    shown = await sam.wait_for_message(SUMMARIES, containing="explained by ana.ruiz")
    assert shown["ts"] == message["ts"]
    said = "ana.ruiz: explains “the check as a whole” of Employee count: data mapping: One test account"
    await sam.wait_for_message(SUMMARIES, thread_ts=str(message["ts"]), containing=said)

    second = await reconciled(ana, number=2, containing="Employee count")
    known = lines_of(second, "Employee count")[1]
    assert known.startswith("↳ explained by ana.ruiz")
    assert "data mapping: One test account" in known

    deactivate_one(example)
    third = await reconciled(ana, number=3, containing="Total compensation")
    await ana.wait_for_message(SUMMARIES, thread_ts=str(third["ts"]), containing="✅ Employee count is fixed")
    deactivate_one(example)
    fourth = await reconciled(ana, number=4, containing="came back")
    back = lines_of(fourth, "Employee count")[1]
    assert back.startswith("↳ came back")
    assert "earlier explained by ana.ruiz" in back
    assert "it was fixed since" in back
    await until(lambda: bot.records.unsent() == 0, "sent outbox")
    assert len(bot.records.audited("discrepancy.explained")) == 1
    assert bot.records.audit_problems() == []


async def test_the_list_has_everything_in_pages_and_each_can_be_accepted_assigned_commented_and_reopened(
    bot: Bot, ana: Person
) -> None:
    message = await reconciled(ana, number=1, containing="Employee count")
    await ana.press(message, action_id=LIST)
    page = await listed(ana, "discrepancies, ")
    row = as_object(as_list(page["blocks"])[1])
    assert "Employee count: the check as a whole" in rollback.read(row)

    await say(ana, page, "accept", {"until": "2099-01-01", "text": "The vendor mends it"}, refused="365 days")
    await ana.wait_for_no_view()
    await say(ana, page, "comment", {"text": "See OPS-1"})
    await say(ana, page, "assign", {"to": "operator", "person": "U0ONCALL"})
    called = await ana.wait_for_message(SUMMARIES, thread_ts=str(message["ts"]), containing="to U0ONCALL")
    assert "<@U0ONCALL>" in rollback.read(called)

    await ana.command(SUMMARIES, "/switchback discrepancies planwise")
    fresh = await listed(ana, "owner <@U0ONCALL>")
    await say(ana, fresh, "explain", {"text": "A test account", "category": "bug"})
    await ana.wait_for_message(SUMMARIES, containing="explained by ana.ruiz")
    await say(ana, fresh, "assign", {"to": "me"}, stale="ana.ruiz came first")
    assert [entry.kind for entry in bot.records.audited() if entry.kind.startswith("discrepancy.")] == [
        "discrepancy.commented",
        "discrepancy.assigned",
        "discrepancy.explained",
    ]


async def test_who_has_no_role_sees_no_list(bot: Bot, robin: Person) -> None:
    await robin.command(SUMMARIES, "/switchback discrepancies planwise")
    told = await robin.wait_for_message(SUMMARIES, containing="You may not see and comment discrepancies")
    assert told["ephemeral"] is True
    assert bot.records.audited("refused") != []


async def reconciled(person: Person, *, number: int, containing: str) -> JsonObject:
    """The message of a reconciliation that is done, the `number`th of the channel."""
    await person.command(SUMMARIES, "/reconcile planwise")

    def messages() -> list[JsonObject]:
        return [one for one in person.messages(SUMMARIES) if ids.RECONCILE_AGAIN in rollback.buttons(one)]

    await person.wait_until(lambda: len(messages()) == number, f"{number} reconciliations")
    return await person.wait_for_message(
        SUMMARIES, lambda one: one["ts"] == messages()[-1]["ts"], containing=containing
    )


def lines_of(message: JsonObject, title: str) -> list[str]:
    """The line of a check that failed, and what stands below it."""
    lines = rollback.read(message).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"❌ *{title}*"))
    return lines[start : start + 2]


async def opened(person: Person, message: JsonObject) -> JsonObject:
    await person.press(message, action_id=EXPLAIN)
    return await person.wait_for_view(
        lambda view: view.get("callback_id") == f"{ids.DISCREPANCY_MODAL}:explain"
    )


async def explain(person: Person, message: JsonObject, title: str, *, text: str) -> None:
    """Choose the one of a check in the modal, and explain it."""
    view = await opened(person, message)
    receipt = await person.submit(
        view, {"which": which(view, title), "category": "data_mapping", "text": text}
    )
    assert receipt["acknowledged"] is True, receipt
    await person.wait_for_no_view()


def which(view: JsonObject, title: str) -> str:
    """The value of the option that begins with a check's title."""
    (block,) = [one for one in map(as_object, as_list(view["blocks"])) if one.get("block_id") == "which"]
    options = [as_object(one) for one in as_list(as_object(block["element"])["options"])]
    return next(str(one["value"]) for one in options if title in str(as_object(one["text"])["text"]))


async def told_under_the_input(person: Person, message: JsonObject) -> str:
    """Why a person may not, up to the first full stop."""
    seen = await person.wait_for_message(SUMMARIES, lambda one: one["ts"] == message["ts"])
    view = await opened(person, seen)
    filled = {"which": which(view, "Employee count"), "category": "bug", "text": "x"}
    receipt = await person.submit(view, filled)
    await person.close(view)
    return str(as_object(receipt["errors"])["text"]).partition(". ")[0]


async def listed(person: Person, containing: str) -> JsonObject:
    """The newest page of the list."""
    return await person.wait_for_message(
        SUMMARIES, lambda one: one.get("ephemeral") is True, containing=containing
    )


async def say(
    person: Person,
    page: JsonObject,
    what: str,
    filled: dict[str, str],
    *,
    refused: str = "",
    stale: str = "",
) -> None:
    """Say something of the first one of a page."""
    action_id = f"{ids.DISCREPANCY}:{what}"
    await person.press(page, action_id=action_id, value=rollback.buttons(page)[action_id])
    if stale:
        await person.wait_for_message(SUMMARIES, lambda one: one.get("ephemeral") is True, containing=stale)
        return
    view = await person.wait_for_view(
        lambda view: view.get("callback_id") == f"{ids.DISCREPANCY_MODAL}:{what}"
    )
    receipt = await person.submit(view, {**filled})
    if refused:
        assert refused in str(receipt["errors"])
        await person.close(view)
    await person.wait_for_no_view()


def deactivate_one(example: Example) -> None:
    """One active employee less in the new system."""
    with closing(sqlite3.connect(example.data / "new.db")) as new:
        new.execute(
            "UPDATE employees SET active_flag = 0 WHERE rowid = "
            "(SELECT min(rowid) FROM employees WHERE active_flag)"
        )
        new.commit()
