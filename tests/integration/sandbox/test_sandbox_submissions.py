"""What an app answers to a submitted modal."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.e2e.workspace import Person
from tests.integration.sandbox.conftest import socket_connection
from tests.integration.sandbox.trial_views import modal, opens_modal, post_button


@pytest.mark.parametrize(
    ("response", "shown"),
    [
        ({"response_action": "update", "view": modal("Changed")}, "Changed"),
        ({"response_action": "push", "view": modal("Pushed")}, "Pushed"),
        ({"response_action": "clear"}, None),
    ],
)
async def test_a_submission_is_answered_with_another_view_or_none(
    bolt: AsyncApp,
    client: AsyncWebClient,
    sam: Person,
    response: dict[str, Any],
    shown: str | None,
) -> None:
    opens_modal(bolt, modal())

    @bolt.view("ask")
    async def ask(ack: Any) -> None:
        await ack(**response)

    message = await post_button(client, sam)
    async with socket_connection(bolt):
        await sam.press(message, action_id="go")
        view = await sam.wait_for_view(containing="Ask")
        await sam.submit(view, {"reason": "slow", "severity": "P1"})
        if shown is None:
            await sam.wait_for_no_view()
            return
        second = await sam.wait_for_view(containing=shown)
        if shown == "Pushed":
            assert second["previous_view_id"] == view["id"]
            await sam.close(second)
            await sam.wait_for_view(lambda top: top["id"] == view["id"])
        else:
            assert second["id"] == view["id"]


async def test_errors_of_a_submission_are_shown_at_the_inputs(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    opens_modal(bolt, modal())

    @bolt.view("ask")
    async def ask(ack: Any) -> None:
        await ack(response_action="errors", errors={"why": "Too short"})

    message = await post_button(client, sam)
    async with socket_connection(bolt):
        await sam.press(message, action_id="go")
        answer = await sam.submit(await sam.wait_for_view(), {"reason": "x", "severity": "P1"})
        assert answer["errors"] == {"why": "Too short"}
        view = await sam.wait_for_view(lambda top: "errors" in top)
        assert view["errors"] == {"why": "Too short"}


async def test_an_answer_with_an_error_for_no_input_is_refused_and_the_person_told(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    opens_modal(bolt, modal())

    @bolt.view("ask")
    async def ask(ack: Any) -> None:
        await ack(response_action="errors", errors={"nowhere": "x"})

    message = await post_button(client, sam)
    async with socket_connection(bolt):
        await sam.press(message, action_id="go")
        answer = await sam.submit(await sam.wait_for_view(), {"reason": "x", "severity": "P1"})
        assert answer["error"] == "invalid_response"
        await sam.wait_for_notice("The submission failed")
