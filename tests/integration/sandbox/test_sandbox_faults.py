"""Faults that are switched on: failing, limited, cut and hanging calls."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_values import JsonObject
from bot.sandbox.server import RunningWorkspace
from bot.sandbox.settings import LOCAL_BOT
from tests.e2e.workspace import Person
from tests.e2e.workspace_control import call_log, control
from tests.integration.sandbox.conftest import SettableClock


def post(client: AsyncWebClient, text: str = "x") -> Any:
    return client.chat_postMessage(channel="C0INCIDENTS", text=text)


async def test_posts_are_limited_by_channel_when_limits_are_on(
    client: AsyncWebClient, workspace: RunningWorkspace, clock: SettableClock
) -> None:
    await control(workspace.url, "faults", {"rate_limits": True})
    for _ in range(3):
        await post(client)
    with pytest.raises(SlackApiError) as error:
        await post(client)
    assert error.value.response.status_code == 429
    assert error.value.response["error"] == "ratelimited"
    assert error.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel="#planwise-cutover", text="x")
    clock.time += 1
    await post(client)
    await control(workspace.url, "faults", {"rate_limits": False})
    for _ in range(5):
        await post(client)


async def test_the_sdks_own_retry_gets_through_after_a_429(workspace: RunningWorkspace) -> None:
    client = AsyncWebClient(
        token=LOCAL_BOT,
        base_url=workspace.api_url,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)],
    )
    fault: JsonObject = {"method": "chat.postMessage", "count": 1, "mode": "429"}
    await control(workspace.url, "faults", {"fail_next": fault})
    await post(client)
    calls = await call_log(workspace.url, "chat.postMessage")
    assert [call["ok"] for call in calls] == [False, True]
    assert calls[0]["error"] == "ratelimited"


async def test_a_call_that_is_dropped_after_its_effect_has_had_it(
    client: AsyncWebClient, workspace: RunningWorkspace, sam: Person
) -> None:
    fault: JsonObject = {"method": "chat.postMessage", "count": 1, "mode": "drop_after"}
    await control(workspace.url, "faults", {"fail_next": fault})
    with pytest.raises(aiohttp.ClientError):
        await post(client, "it is there")
    await sam.wait_for_message("incidents", containing="it is there")
    history = await client.conversations_history(channel="C0INCIDENTS")
    assert [m["text"] for m in history["messages"]] == ["it is there"]


async def test_the_api_answers_500_until_it_is_well_again(
    client: AsyncWebClient, workspace: RunningWorkspace
) -> None:
    await control(workspace.url, "faults", {"api": "500"})
    with pytest.raises(SlackApiError) as error:
        await client.auth_test()
    assert error.value.response.status_code == 500
    await control(workspace.url, "faults", {"api": "ok"})
    await client.auth_test()


async def test_a_hanging_call_ends_without_an_answer_when_the_fault_is_taken_away(
    client: AsyncWebClient, workspace: RunningWorkspace
) -> None:
    await control(workspace.url, "faults", {"api": "hang"})
    calling = asyncio.create_task(client.auth_test())
    async with asyncio.timeout(5):
        while not await call_log(workspace.url, "auth.test"):
            await asyncio.wait([calling], timeout=0.01)
    assert not calling.done()
    await control(workspace.url, "faults", {"api": "ok"})
    with pytest.raises(aiohttp.ClientError):
        await calling


async def test_a_reset_empties_the_workspace_and_tells_the_pages(
    client: AsyncWebClient, workspace: RunningWorkspace, sam: Person
) -> None:
    await post(client, "soon gone")
    await sam.wait_for_message("incidents", containing="soon gone")
    await control(workspace.url, "faults", {"api": "500"})
    await control(workspace.url, "reset")
    await sam.wait_until(lambda: sam.messages("incidents") == [], "empty channel")
    assert await call_log(workspace.url) == []
    await client.auth_test()


async def test_a_fault_that_does_not_exist_is_refused(workspace: RunningWorkspace) -> None:
    with pytest.raises(AssertionError, match="api"):
        await control(workspace.url, "faults", {"api": "wobbly"})
