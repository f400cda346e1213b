"""Answers at response URLs, by Slack's own webhook client."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.e2e.workspace import Person
from tests.integration.sandbox.conftest import SettableClock, socket_connection

BLOCKS = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
    }
]


async def command_url(bolt: AsyncApp, sam: Person) -> AsyncWebhookClient:
    """The response URL of a command that Sam ran in incidents."""
    urls: list[str] = []

    @bolt.command("/trial")
    async def trial(ack: Any, command: dict[str, Any]) -> None:
        urls.append(command["response_url"])
        await ack()

    async with socket_connection(bolt):
        await sam.command("incidents", "/trial")
    return AsyncWebhookClient(urls[0])


async def press_url(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person, *, ephemeral: bool
) -> AsyncWebhookClient:
    """The response URL of a press of Sam's on a message that says `original`."""
    urls: list[str] = []

    @bolt.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack()

    content: dict[str, Any] = {"channel": "C0INCIDENTS", "text": "original", "blocks": BLOCKS}
    if ephemeral:
        await client.chat_postEphemeral(user="U0ONCALL", **content)
    else:
        await client.chat_postMessage(**content)
    message = await sam.wait_for_message("incidents", containing="original")
    async with socket_connection(bolt):
        await sam.press(message, action_id="go")
    return AsyncWebhookClient(urls[0])


async def test_an_answer_is_seen_by_the_person_alone_or_by_the_channel(bolt: AsyncApp, sam: Person) -> None:
    url = await command_url(bolt, sam)
    await url.send(text="quietly")
    assert (await sam.wait_for_message("incidents", containing="quietly"))["ephemeral"] is True
    await url.send(text="aloud", response_type="in_channel")
    assert "ephemeral" not in await sam.wait_for_message("incidents", containing="aloud")


async def test_a_response_url_takes_five_answers(bolt: AsyncApp, sam: Person) -> None:
    url = await command_url(bolt, sam)
    for number in range(5):
        assert (await url.send(text=f"answer {number}")).status_code == 200
    refused = await url.send(text="one more")
    assert refused.status_code == 404
    assert "used_url" in refused.body


async def test_a_response_url_is_over_after_thirty_minutes(
    bolt: AsyncApp, sam: Person, clock: SettableClock
) -> None:
    url = await command_url(bolt, sam)
    clock.time += 1801
    refused = await url.send(text="too late")
    assert refused.status_code == 404
    assert "expired_url" in refused.body


async def test_an_original_is_replaced_and_deleted(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    url = await press_url(bolt, client, sam, ephemeral=False)
    await url.send(text="replaced", blocks=[], replace_original=True)
    await sam.wait_for_message("incidents", containing="replaced")
    assert len(sam.messages("incidents")) == 1
    await url.send(text="", delete_original=True)
    await sam.wait_until(lambda: sam.messages("incidents") == [], "empty channel")


async def test_an_ephemeral_original_is_replaced_and_deleted(
    bolt: AsyncApp, client: AsyncWebClient, sam: Person
) -> None:
    url = await press_url(bolt, client, sam, ephemeral=True)
    await url.send(text="replaced", replace_original=True)
    replaced = await sam.wait_for_message("incidents", containing="replaced")
    assert replaced["ephemeral"] is True
    await url.send(delete_original=True)
    await sam.wait_until(lambda: sam.ephemerals("incidents") == [], "no ephemeral message")


async def test_an_answer_can_go_to_a_thread(bolt: AsyncApp, client: AsyncWebClient, sam: Person) -> None:
    root = (await client.chat_postMessage(channel="C0INCIDENTS", text="root"))["ts"]
    url = await command_url(bolt, sam)
    answer = {"text": "inside", "response_type": "in_channel", "thread_ts": root}
    await url.send_dict(answer)
    inside = await sam.wait_for_message("incidents", containing="inside")
    assert inside["thread_ts"] == root


async def test_an_answer_that_slack_refuses_is_refused(bolt: AsyncApp, sam: Person) -> None:
    url = await command_url(bolt, sam)
    refused = await url.send(text="x", blocks=[{"type": "section"}])
    assert refused.status_code == 400
    assert "invalid_blocks" in refused.body
    unknown = await AsyncWebhookClient(f"{url.url}x").send(text="x")
    assert unknown.status_code == 404
