"""Signed HTTP delivery to a real Bolt app behind aiohttp."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import RequestUrlError, RunningWorkspace, running_workspace
from bot.sandbox.settings import LOCAL_BOT, LOCAL_SIGNING, WorkspaceSettings
from tests.e2e.workspace import Person, signed_in
from tests.integration.member_seed import MEMBER_SEED
from tests.integration.sandbox.conftest import MANIFEST


@asynccontextmanager
async def listening(handler: Any) -> AsyncIterator[str]:
    """A request URL that this handler answers."""
    app = web.Application()
    app.router.add_post("/slack/events", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def workspace_for(request_url: str, **more: Any) -> AsyncIterator[tuple[RunningWorkspace, Person]]:
    settings = WorkspaceSettings(
        port=0,
        manifest_path=MANIFEST,
        request_url=request_url,
        ack_timeout=0.5,
        event_retry_delays=(0.0, 0.0, 0.0),
        seed=MEMBER_SEED,
        **more,
    )
    async with running_workspace(settings) as workspace, signed_in(workspace.url, "U0ONCALL") as sam:
        yield workspace, sam


@asynccontextmanager
async def bolt_over_http() -> AsyncIterator[tuple[AsyncApp, Person]]:
    """A Bolt app that checks signatures, and a person in its workspace."""
    apps: list[AsyncApp] = []

    async def handle(request: web.Request) -> web.Response:
        answer = await apps[0].async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async with listening(handle) as url, workspace_for(url) as (workspace, sam):
        client = AsyncWebClient(token=LOCAL_BOT, base_url=workspace.api_url)
        apps.append(AsyncApp(client=client, token=LOCAL_BOT, signing_secret=LOCAL_SIGNING))
        yield apps[0], sam


async def test_commands_presses_and_events_arrive_signed() -> None:
    async with bolt_over_http() as (bolt, sam):
        heard: list[str] = []
        button = {
            "type": "button",
            "action_id": "go",
            "text": {"type": "plain_text", "text": "Go"},
        }

        @bolt.command("/trial")
        async def trial(ack: Any, say: Any) -> None:
            await ack("seen")
            await say(text="press", blocks=[{"type": "actions", "elements": [button]}])

        @bolt.action("go")
        async def go(ack: Any) -> None:
            heard.append("press")
            await ack()

        @bolt.event("app_mention")
        async def mention(say: Any) -> None:
            await say("you called")

        @bolt.event("message")
        async def message() -> None:
            """Acknowledged without doing anything."""

        answer = await sam.command("incidents", "/trial")
        assert answer["acknowledged"] is True
        assert (await sam.wait_for_message("incidents", containing="seen"))["ephemeral"] is True
        posted = await sam.wait_for_message("incidents", containing="press")
        assert (await sam.press(posted, action_id="go"))["acknowledged"] is True
        assert heard == ["press"]
        await sam.say("incidents", "<@U0BOT> hello")
        await sam.wait_for_message("incidents", containing="you called")


async def test_a_wrong_signing_secret_is_refused_by_the_app_and_told_to_the_person() -> None:
    apps: list[AsyncApp] = []

    async def handle(request: web.Request) -> web.Response:
        answer = await apps[0].async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async with (
        listening(handle) as url,
        workspace_for(url, signing_secret="another") as (workspace, sam),
    ):
        client = AsyncWebClient(token=LOCAL_BOT, base_url=workspace.api_url)
        apps.append(AsyncApp(client=client, token=LOCAL_BOT, signing_secret=LOCAL_SIGNING))
        answer = await sam.command("incidents", "/trial")
        assert answer["error"] == "dispatch_failed"
        await sam.wait_for_notice("/trial failed because the app could not be reached")


async def test_an_event_that_fails_is_repeated_with_its_number_and_reason() -> None:
    got: list[tuple[str | None, str | None]] = []

    async def handle(request: web.Request) -> web.Response:
        headers = request.headers
        got.append((headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=200 if len(got) == 3 else 500)

    async with listening(handle) as url, workspace_for(url) as (workspace, sam):
        await sam.say("incidents", "hello")
        async with asyncio.timeout(10):
            await workspace.workspace.delivery.settled()
    assert got == [(None, None), ("1", "http_error"), ("2", "http_error")]


async def test_an_app_that_is_down_is_reported_as_not_reached() -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.Response()

    async with listening(handle) as url:
        """Only its address is wanted: nobody listens there any more."""
    async with workspace_for(url) as (_, sam):
        answer = await sam.command("incidents", "/trial")
        assert answer["delivered"] is False
        assert answer["error"] == "dispatch_failed"


async def test_the_request_url_is_challenged_at_start_up_when_asked_for() -> None:
    async def handle(request: web.Request) -> web.Response:
        body = await request.json()
        assert body["type"] == "url_verification"
        return web.json_response({"challenge": body["challenge"]})

    async def refuse(request: web.Request) -> web.Response:
        return web.json_response({})

    async with listening(handle) as url, workspace_for(url, challenge_request_url=True):
        pass
    async with listening(refuse) as url:
        with pytest.raises(RequestUrlError, match="challenge"):
            async with workspace_for(url, challenge_request_url=True):
                pass
