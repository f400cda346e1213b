"""A message with a button and a modal with two inputs, for trying out interactions."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_values import JsonObject
from tests.e2e.workspace import Person

BUTTON = {
    "type": "button",
    "action_id": "go",
    "value": "first",
    "style": "danger",
    "text": {"type": "plain_text", "text": "Go"},
}


def title(text: str) -> JsonObject:
    return {"type": "plain_text", "text": text}


def actions(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


def modal(name: str = "Ask", **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "ask",
        "title": title(name),
        "submit": title("Send"),
        "private_metadata": "kept",
        "blocks": [
            {
                "type": "input",
                "block_id": "why",
                "label": title("Why?"),
                "element": {"type": "plain_text_input", "action_id": "reason"},
            },
            {
                "type": "input",
                "block_id": "how",
                "label": title("How bad?"),
                "element": {
                    "type": "static_select",
                    "action_id": "severity",
                    "options": [
                        {"text": title("One"), "value": "P1"},
                        {"text": title("Two"), "value": "P2"},
                    ],
                },
            },
        ],
        **more,
    }


async def post_button(client: AsyncWebClient, sam: Person) -> JsonObject:
    metadata = {"event_type": "sent", "event_payload": {"outbox": "7"}}
    await client.chat_postMessage(
        channel="C0INCIDENTS", text="ready", blocks=actions(BUTTON), metadata=metadata
    )
    return await sam.wait_for_message("incidents", containing="ready")


def opens_modal(bolt: AsyncApp, view: dict[str, Any]) -> None:
    @bolt.action("go")
    async def go(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()
