"""Modals: opened, filled in, updated and closed, with a real Bolt app."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_values import as_object
from tests.e2e.workspace import Person
from tests.integration.sandbox.conftest import SettableClock, socket_connection
from tests.integration.sandbox.trial_views import modal, opens_modal, post_button, title


async def test_a_modal_is_opened_filled_in_and_submitted(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    got: list[dict[str, Any]] = []
    opens_modal(bolt, modal())

    @bolt.view("ask")
    async def ask(ack: Any, body: dict[str, Any]) -> None:
        got.append(body)
        await ack()

    message = await post_button(client, sam)
    async with socket_connection(bolt):
        await sam.press(message, action_id="go")
        view = await sam.wait_for_view(containing="Why?")
        answer = await sam.submit(view, {"reason": "slow", "severity": "P2"})
        assert answer["acknowledged"] is True
        await sam.wait_for_no_view()
    view = got[0]["view"]
    assert got[0]["type"] == "view_submission"
    assert view["private_metadata"] == "kept"
    values = as_object(as_object(view["state"])["values"])
    assert values["why"] == {"reason": {"type": "plain_text_input", "value": "slow"}}
    chosen = as_object(as_object(values["how"])["severity"])
    assert as_object(chosen["selected_option"])["value"] == "P2"


async def test_a_modal_with_an_empty_required_input_is_not_sent_to_the_app(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    opens_modal(bolt, modal())
    message = await post_button(client, sam)
    async with socket_connection(bolt):
        await sam.press(message, action_id="go")
        answer = await sam.submit(await sam.wait_for_view(), {"reason": "slow"})
    assert answer["delivered"] is False
    assert answer["errors"] == {"how": "Please complete this required field."}


async def test_closing_a_modal_is_told_to_an_app_that_asked_for_it(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    closed: list[dict[str, Any]] = []
    opens_modal(bolt, modal(notify_on_close=True))

    @bolt.view_closed("ask")
    async def ask(ack: Any, body: dict[str, Any]) -> None:
        closed.append(body)
        await ack()

    message = await post_button(client, sam)
    async with socket_connection(bolt):
        await sam.press(message, action_id="go")
        await sam.close(await sam.wait_for_view())
        await sam.wait_for_no_view()
    assert closed[0]["type"] == "view_closed"
    assert closed[0]["is_cleared"] is False


async def test_a_trigger_opens_one_modal_and_only_while_it_lives(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person, clock: SettableClock
) -> None:
    errors: list[str] = []

    async def try_open(trigger_id: str) -> None:
        try:
            await client.views_open(trigger_id=trigger_id, view=modal())
        except SlackApiError as error:
            errors.append(error.response["error"])

    @bolt.command("/trial")
    async def trial(ack: Any, command: dict[str, Any]) -> None:
        if command["text"] == "late":
            clock.time += 3.1
        await try_open(command["trigger_id"])
        await try_open(command["trigger_id"])
        await try_open("1.made.up")
        await ack()

    async with socket_connection(bolt):
        await sam.command("incidents", "/trial now")
        assert errors == ["exchanged_trigger_id", "invalid_trigger_id"]
        errors.clear()
        await sam.command("incidents", "/trial late")
        assert errors == ["expired_trigger_id", "expired_trigger_id", "invalid_trigger_id"]


async def test_views_are_updated_by_id_by_external_id_and_only_with_the_right_hash(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    opens_modal(bolt, modal(external_id="mine"))
    message = await post_button(client, sam)
    async with socket_connection(bolt):
        await sam.press(message, action_id="go")
        view = await sam.wait_for_view()
        await client.views_update(view_id=str(view["id"]), view=modal("Two", external_id="mine"))
        await sam.wait_for_view(containing="Two")
        await client.views_update(external_id="mine", view=modal("Three"))
        await sam.wait_for_view(containing="Three")
        with pytest.raises(SlackApiError, match="hash_conflict"):
            await client.views_update(view_id=str(view["id"]), hash=str(view["hash"]), view=modal("Four"))
        with pytest.raises(SlackApiError, match="not_found"):
            await client.views_update(view_id="V0NONE", view=modal())


async def test_a_view_that_slack_refuses_is_refused_with_its_code(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    codes: list[str] = []

    @bolt.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        too_large = modal(blocks=[{"type": "section", "text": title("x" * 2990)}] * 90)
        for view in (too_large, modal(submit=None), modal("x" * 25)):
            try:
                await client.views_open(trigger_id=body["trigger_id"], view=view)
            except SlackApiError as error:
                codes.append(error.response["error"])
        await ack()

    message = await post_button(client, sam)
    async with socket_connection(bolt):
        await sam.press(message, action_id="go")
    assert codes == ["view_too_large", "invalid_arguments", "invalid_arguments"]
