"""Messages by the Web API: posted, read back, changed, refused."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_values import as_object
from bot.sandbox.server import RunningWorkspace
from tests.e2e.workspace import Person, signed_in
from tests.integration.sandbox.refused_calls import refused


async def test_a_message_is_posted_by_id_and_by_name_and_read_back(client: AsyncWebClient) -> None:
    first = await client.chat_postMessage(channel="C0INCIDENTS", text="one")
    second = await client.chat_postMessage(channel="#incidents", text="two")
    third = await client.chat_postMessage(channel="incidents", text="three")
    assert float(first["ts"]) < float(second["ts"]) < float(third["ts"])
    history = await client.conversations_history(channel="C0INCIDENTS")
    assert [m["text"] for m in history["messages"]] == ["three", "two", "one"]
    assert history["has_more"] is False
    assert history["messages"][0]["bot_id"] == "B0BOT"


async def test_history_is_cut_by_time_and_paged_by_cursor(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="C0INCIDENTS", text=str(n)))["ts"] for n in range(5)]
    between = await client.conversations_history(channel="C0INCIDENTS", oldest=stamps[1], latest=stamps[3])
    assert [m["ts"] for m in between["messages"]] == [stamps[2]]
    inclusive = await client.conversations_history(
        channel="C0INCIDENTS", oldest=stamps[1], latest=stamps[3], inclusive=True
    )
    assert len(inclusive["messages"]) == 3
    seen: list[str] = []
    async for page in await client.conversations_history(channel="C0INCIDENTS", limit=2):
        assert len(page["messages"]) <= 2
        seen += [m["ts"] for m in page["messages"]]
    assert seen == stamps[::-1]


async def test_metadata_comes_back_when_all_of_it_is_asked_for(client: AsyncWebClient) -> None:
    metadata = {"event_type": "sent", "event_payload": {"outbox": "42"}}
    await client.chat_postMessage(channel="C0INCIDENTS", text="x", metadata=metadata)
    plain = await client.conversations_history(channel="C0INCIDENTS")
    assert "event_payload" not in plain["messages"][0]["metadata"]
    full = await client.conversations_history(channel="C0INCIDENTS", include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata


async def test_replies_are_in_the_thread_and_only_broadcasts_in_the_channel(
    client: AsyncWebClient,
) -> None:
    root = (await client.chat_postMessage(channel="C0INCIDENTS", text="root"))["ts"]
    await client.chat_postMessage(channel="C0INCIDENTS", text="quiet", thread_ts=root)
    await client.chat_postMessage(channel="C0INCIDENTS", text="loud", thread_ts=root, reply_broadcast=True)
    thread = await client.conversations_replies(channel="C0INCIDENTS", ts=root)
    assert [m["text"] for m in thread["messages"]] == ["root", "quiet", "loud"]
    history = await client.conversations_history(channel="C0INCIDENTS")
    assert [m["text"] for m in history["messages"]] == ["loud", "root"]
    assert history["messages"][1]["reply_count"] == 2
    answer = await refused(client.chat_postMessage(channel="C0INCIDENTS", text="x", thread_ts="1.000000"))
    assert answer["error"] == "thread_not_found"


async def test_a_message_is_changed_and_deleted_by_its_app_alone(client: AsyncWebClient, sam: Person) -> None:
    ts = (await client.chat_postMessage(channel="C0INCIDENTS", text="old"))["ts"]
    await client.chat_update(channel="C0INCIDENTS", ts=ts, text="new")
    shown = await sam.wait_for_message("incidents", containing="new")
    assert shown["ts"] == ts
    assert "edited" in shown
    await client.chat_delete(channel="C0INCIDENTS", ts=ts)
    update = client.chat_update(channel="C0INCIDENTS", ts=ts, text="x")
    assert (await refused(update))["error"] == "message_not_found"
    said = str((await sam.say("incidents", "mine"))["ts"])
    update = client.chat_update(channel="C0INCIDENTS", ts=said, text="x")
    assert (await refused(update))["error"] == "cant_update_message"
    delete = client.chat_delete(channel="C0INCIDENTS", ts=said)
    assert (await refused(delete))["error"] == "cant_delete_message"


async def test_an_update_without_blocks_leaves_them_and_an_empty_list_takes_them_away(
    client: AsyncWebClient,
) -> None:
    blocks = [{"type": "divider"}]
    metadata = {"event_type": "sent", "event_payload": {"outbox": "42"}}
    ts = (await client.chat_postMessage(channel="C0INCIDENTS", text="old", blocks=blocks, metadata=metadata))[
        "ts"
    ]
    kept = await client.chat_update(channel="C0INCIDENTS", ts=ts, text="new")
    assert kept["message"]["blocks"][0]["type"] == "divider"
    taken = await client.chat_update(channel="C0INCIDENTS", ts=ts, text="new", blocks=[])
    assert "blocks" not in taken["message"]
    assert taken["message"]["metadata"] == metadata


async def test_a_time_that_is_none_is_refused(client: AsyncWebClient) -> None:
    answer = await refused(client.conversations_history(channel="C0INCIDENTS", oldest="yesterday"))
    assert answer["error"] == "invalid_ts_oldest"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0INCIDENTS"}, "no_text"),
        ({"channel": "C0INCIDENTS", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0INCIDENTS", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ({"text": "x"}, "invalid_arguments"),
    ],
)
async def test_a_message_that_cannot_be_posted_is_refused_with_slacks_code(
    client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    answer = await refused(client.api_call("chat.postMessage", json=arguments))
    assert answer["error"] == error


async def test_blocks_that_slack_refuses_are_refused_with_the_place(client: AsyncWebClient) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    answer = await refused(client.chat_postMessage(channel="C0INCIDENTS", text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    ]


async def test_an_ephemeral_message_is_shown_to_its_person_and_is_no_history(
    client: AsyncWebClient, sam: Person
) -> None:
    await client.chat_postEphemeral(channel="C0INCIDENTS", user="U0ONCALL", text="for Sam")
    await sam.wait_for_message("incidents", containing="for Sam")
    assert [m["text"] for m in sam.ephemerals("incidents")] == ["for Sam"]
    assert (await client.conversations_history(channel="C0INCIDENTS"))["messages"] == []


async def test_a_direct_message_is_opened_and_seen_by_its_person_alone(
    client: AsyncWebClient, workspace: RunningWorkspace, sam: Person
) -> None:
    channel = (await client.conversations_open(users="U0ONCALL"))["channel"]["id"]
    await client.chat_postMessage(channel=channel, text="between us")
    await sam.wait_for_message(channel, containing="between us")
    async with signed_in(workspace.url, "U0GUEST") as robin:
        assert channel not in as_object((await robin.state())["messages"])


async def test_a_permalink_leads_to_the_message(client: AsyncWebClient, workspace: RunningWorkspace) -> None:
    ts = (await client.chat_postMessage(channel="C0INCIDENTS", text="x"))["ts"]
    link = (await client.chat_getPermalink(channel="C0INCIDENTS", message_ts=ts))["permalink"]
    assert link == f"{workspace.url}/archives/C0INCIDENTS/p{ts.replace('.', '')}"
