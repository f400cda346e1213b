"""What people do in a rollback, each step waited for as a person would: by what the page shows."""

from html import unescape

from bot.sandbox.block_ids import elements_in
from bot.sandbox.json_values import JsonObject
from bot.slack import action_ids as ids
from tests.e2e.workspace import Person
from tests.e2e.workspace_state import plain_text_of

INCIDENTS = "#incidents"
SEVERITY = "How bad is it?"
DATA_WRONG = "Is the data that the new system writes wrong?"
SECURITY = "Has somebody got at the new system who should not have?"
VARIANCE = "Is a critical check more than 5% off?"


def read(message: JsonObject) -> str:
    """Everything that a person reads in a message or view, a line each."""
    return unescape(plain_text_of(message))


def buttons(message: JsonObject) -> dict[str, str]:
    """The action ids of a message's buttons, with their values."""
    return {
        placed.action_id: str(placed.element.get("value")) for placed in elements_in(message.get("blocks"))
    }


async def with_button(person: Person, action_id: str, *, containing: str = "") -> JsonObject:
    """The incident's message, once it has this button and these words."""
    return await person.wait_for_message(
        INCIDENTS,
        lambda message: action_id in buttons(message) and containing in read(message),
        timeout=20,
    )


async def open_rollback(person: Person, migration: str = "planwise") -> JsonObject:
    """Type the command; the question's message."""
    receipt = await person.command(INCIDENTS, f"/rollback {migration}")
    assert receipt["acknowledged"] is True, receipt
    return await with_button(person, f"{ids.ANSWER}:unknown")


async def answer(person: Person, ask: str, given: str) -> JsonObject:
    """Answer a question; how the press was received."""
    message = await with_button(person, f"{ids.ANSWER}:{given}", containing=ask)
    return await person.press(message, action_id=f"{ids.ANSWER}:{given}")


async def measured(person: Person, ask: str, value: str) -> JsonObject:
    """The question's message with this measured value."""
    return await person.wait_for_message(
        INCIDENTS, lambda message: value in read(message), containing=ask, timeout=20
    )


async def to_verdict(person: Person) -> JsonObject:
    """From the command to the verdict “roll back”, previewed."""
    await open_rollback(person)
    await answer(person, SEVERITY, "p2")
    await answer(person, DATA_WRONG, "yes")
    return await with_button(person, ids.CONFIRM)


async def to_keep_watching(person: Person) -> JsonObject:
    """From the command to the verdict “keep watching”."""
    await open_rollback(person)
    for ask, given in ((SEVERITY, "p3"), (DATA_WRONG, "no"), (SECURITY, "no"), (VARIANCE, "no")):
        await answer(person, ask, given)
    await answer(person, "slower than 1.5 times", "no")
    return await with_button(person, ids.CLOSE)


async def open_confirmation(person: Person) -> JsonObject:
    """Press the button of the verdict; the modal."""
    message = await with_button(person, ids.CONFIRM)
    receipt = await person.press(message, action_id=ids.CONFIRM)
    assert receipt["acknowledged"] is True, receipt
    return await person.wait_for_view(lambda view: view.get("callback_id") == ids.CONFIRM_MODAL)


async def confirm(person: Person, typed: str = "planwise") -> JsonObject:
    """Confirm the rollback; how the submission was received."""
    return await person.submit(await open_confirmation(person), {"name": typed})


async def confirm_ledger(sam: Person) -> None:
    """From the command to the running rollback of the ledger."""
    await open_rollback(sam, "ledger")
    await answer(sam, "Is it wrong?", "yes")
    receipt = await confirm(sam, "ledger")
    assert receipt["acknowledged"] is True, receipt


async def decide(person: Person, decision: str, *, reason: str = "") -> JsonObject:
    """Decide about the step that the run waits for."""
    action_id = f"{ids.STEP}:{decision}"
    receipt = await person.press(await with_button(person, action_id), action_id=action_id)
    assert receipt["acknowledged"] is True, receipt
    if not reason:
        return receipt
    modal = f"{ids.STEP_MODAL}:{decision}"
    view = await person.wait_for_view(lambda view: view.get("callback_id") == modal)
    return await person.submit(view, {"reason": reason})


async def steer(person: Person, what: str, typed: dict[str, str] | None = None) -> JsonObject:
    """Pause, resume, note, abort, emergency or undo; `typed` is for the modal that it opens."""
    action_id = f"{ids.RUN}:{what}"
    receipt = await person.press(await with_button(person, action_id), action_id=action_id)
    assert receipt["acknowledged"] is True, receipt
    if typed is None:
        return receipt
    view = await person.wait_for_view(lambda view: view.get("callback_id") == f"{ids.RUN_MODAL}:{what}")
    return await person.submit(view, typed)


async def see_end(person: Person, migration: str = "planwise", *, timeout: float = 20) -> JsonObject:
    """The run's message once it has ended well."""
    return await person.wait_for_message(INCIDENTS, containing="” is done · ", timeout=timeout)


def thread_lines(person: Person, message: JsonObject) -> list[str]:
    """The lines of a message's thread as they are read: in the order of their posts."""
    thread = person.messages(INCIDENTS, thread_ts=str(message["ts"]))
    replies = [one for one in thread if one["ts"] != message["ts"]]
    return [line for reply in replies for line in unescape(str(reply["text"])).splitlines()]


def lines(timeline: list[str]) -> list[str]:
    """The lines of a timeline's entries."""
    return [line for entry in timeline for line in entry.splitlines()]
