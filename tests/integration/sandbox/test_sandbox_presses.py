"""Presses, shortcuts and the home with a real Bolt app."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_values import as_object
from tests.e2e.workspace import Person
from tests.integration.sandbox.conftest import socket_connection
from tests.integration.sandbox.trial_views import BUTTON, actions, post_button


async def test_a_press_carries_the_message_and_the_button_as_slack_sends_them(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    got: list[dict[str, Any]] = []

    @bolt.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        got.append(body)
        await ack()

    message = await post_button(client, sam)
    async with socket_connection(bolt):
        answer = await sam.press(message, action_id="go")
        assert answer["acknowledged"] is True
    body = got[0]
    assert body["type"] == "block_actions"
    assert body["container"] == {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": "C0INCIDENTS",
        "is_ephemeral": False,
    }
    assert body["user"]["username"] == "sam.okafor"
    assert body["channel"] == {"id": "C0INCIDENTS", "name": "incidents"}
    assert body["message"]["metadata"]["event_payload"] == {"outbox": "7"}
    action = body["actions"][0]
    assert float(action.pop("action_ts")) > 0
    assert action.pop("text") == BUTTON["text"]
    assert action == {
        "action_id": "go",
        "block_id": "row",
        "value": "first",
        "type": "button",
        "style": "danger",
    }


async def test_a_press_of_a_button_that_is_gone_is_delivered_as_it_was_rendered(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    got: list[dict[str, Any]] = []

    @bolt.action("go")
    async def go(ack: Any, action: dict[str, Any]) -> None:
        got.append(action)
        await ack()

    message = await post_button(client, sam)
    ts = str(message["ts"])
    async with socket_connection(bolt):
        blocks = actions({**BUTTON, "value": "second"})
        await client.chat_update(channel="C0INCIDENTS", ts=ts, text="x", blocks=blocks)
        await sam.press(message, action_id="go", value="first", block_id="row")
        await client.chat_update(channel="C0INCIDENTS", ts=ts, text="x", blocks=[])
        await sam.press(message, action_id="go", value="first", block_id="row")
    assert [(each["value"], each["block_id"]) for each in got] == [("first", "row")] * 2


async def test_shortcuts_reach_the_app_with_the_message_they_are_on(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    got: list[dict[str, Any]] = []

    @bolt.shortcut("trial_global")
    async def everywhere(ack: Any, body: dict[str, Any]) -> None:
        got.append(body)
        await ack()

    @bolt.shortcut("trial_message")
    async def on_message(ack: Any, body: dict[str, Any]) -> None:
        got.append(body)
        await ack()

    message = await post_button(client, sam)
    async with socket_connection(bolt):
        await sam.shortcut("trial_global")
        await sam.shortcut("trial_message", message=message)
    assert [body["type"] for body in got] == ["shortcut", "message_action"]
    assert got[1]["message"]["text"] == "ready"


async def test_the_home_is_published_when_it_is_opened(bolt: AsyncApp, sam: Person) -> None:
    @bolt.event("app_home_opened")
    async def opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": actions(BUTTON)}
        await client.views_publish(user_id=event["user"], view=view)
        await client.chat_postMessage(channel="incidents", text="published")

    pressed: list[dict[str, Any]] = []

    @bolt.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        pressed.append(body)
        await ack()

    async with socket_connection(bolt):
        await sam.open_home()
        await sam.wait_for_message("incidents", containing="published")
        home = as_object((await sam.state())["home"])
        await sam.press(home, action_id="go")
    assert pressed[0]["container"] == {"type": "view", "view_id": home["id"]}
    assert pressed[0]["view"]["type"] == "home"
