"""Lost connections, repeated and late deliveries, and events, over raw sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import RunningWorkspace, running_workspace
from bot.sandbox.settings import LOCAL_APP, LOCAL_BOT, WorkspaceSettings
from tests.e2e.workspace import Person, signed_in
from tests.e2e.workspace_control import control
from tests.integration.sandbox.conftest import socket_connection

Socket = aiohttp.ClientWebSocketResponse


@asynccontextmanager
async def raw_socket(client: AsyncWebClient) -> AsyncIterator[Socket]:
    """A connection that the test itself answers on, after its hello."""
    url = (await client.apps_connections_open(app_token=LOCAL_APP))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        hello = await receive(socket)
        assert hello["type"] == "hello"
        assert hello["connection_info"]["app_id"] == "A0SWITCH"
        yield socket


async def receive(socket: Socket) -> Any:
    return await socket.receive_json(timeout=5)


async def acknowledge(socket: Socket, envelope: dict[str, Any]) -> None:
    await socket.send_json({"envelope_id": envelope["envelope_id"]})


async def test_a_ticket_opens_one_connection(client: AsyncWebClient) -> None:
    url = (await client.apps_connections_open(app_token=LOCAL_APP))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await session.ws_connect(url)


async def test_envelopes_go_to_the_connections_in_turn(client: AsyncWebClient, sam: Person) -> None:
    async with raw_socket(client) as first, raw_socket(client) as second:
        for socket in (first, second, first):
            pressing = asyncio.create_task(sam.command("incidents", "/trial"))
            envelope = await receive(socket)
            assert envelope["type"] == "slash_commands"
            assert envelope["accepts_response_payload"] is True
            await acknowledge(socket, envelope)
            assert (await pressing)["acknowledged"] is True


async def test_the_eleventh_connection_is_turned_away(client: AsyncWebClient, sam: Person) -> None:
    urls = [(await client.apps_connections_open(app_token=LOCAL_APP))["url"] for _ in range(11)]
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(url) for url in urls]
        for number, socket in enumerate(sockets[:10], start=1):
            assert (await receive(socket))["num_connections"] == number
        assert (await receive(sockets[10]))["reason"] == "too_many_websockets"
        await sam.wait_for_connections(10)
    await sam.wait_for_connections(0)


async def test_an_envelope_on_a_lost_connection_is_sent_once_more_on_another(
    client: AsyncWebClient, sam: Person
) -> None:
    async with raw_socket(client) as other, raw_socket(client) as lost:
        pressing = asyncio.create_task(sam.command("incidents", "/trial"))
        # The turn is the elder connection's; take it there, then lose that one.
        envelope = await receive(other)
        await other.close()
        again = await receive(lost)
        assert again == envelope
        await acknowledge(lost, again)
        assert (await pressing)["acknowledged"] is True


async def test_an_envelope_on_the_only_connection_waits_for_the_next_one(
    client: AsyncWebClient, workspace: RunningWorkspace, sam: Person
) -> None:
    async with raw_socket(client) as lost:
        pressing = asyncio.create_task(sam.command("incidents", "/trial"))
        envelope = await receive(lost)
        await control(workspace.url, "disconnect", {"reason": "hard"})
        await sam.wait_for_connections(0)
        async with raw_socket(client) as fresh:
            assert await receive(fresh) == envelope
            await acknowledge(fresh, envelope)
            assert (await pressing)["acknowledged"] is True


async def test_a_command_that_is_not_acknowledged_is_not_repeated(
    client: AsyncWebClient, workspace: RunningWorkspace, sam: Person
) -> None:
    async with raw_socket(client) as socket:
        answer = await sam.command("incidents", "/trial")
        assert answer["error"] == "operation_timeout"
        await receive(socket)
        pressing = asyncio.create_task(sam.command("incidents", "/trial second"))
        envelope = await receive(socket)
        assert envelope["payload"]["text"] == "second"
        await acknowledge(socket, envelope)
        await pressing


async def test_an_event_is_delivered_four_times_when_nobody_acknowledges(
    client: AsyncWebClient, sam: Person
) -> None:
    async with raw_socket(client) as socket:
        await sam.say("incidents", "hello there")
        envelopes = [await receive(socket) for _ in range(4)]
        assert [e["retry_attempt"] for e in envelopes] == [0, 1, 2, 3]
        assert [e["retry_reason"] for e in envelopes] == ["", "timeout", "timeout", "timeout"]
        assert len({e["payload"]["event_id"] for e in envelopes}) == 1
        assert envelopes[0]["payload"]["event"]["channel_type"] == "channel"
        assert envelopes[0]["accepts_response_payload"] is False


async def test_a_mention_is_an_event_of_its_own(client: AsyncWebClient, sam: Person) -> None:
    async with raw_socket(client) as socket:
        await sam.say("incidents", "<@U0BOT> help")
        types = []
        for _ in range(2):
            envelope = await receive(socket)
            types.append(envelope["payload"]["event"]["type"])
            await acknowledge(socket, envelope)
        assert sorted(types) == ["app_mention", "message"]


async def test_the_app_hears_of_a_channel_only_once_it_has_joined() -> None:
    async with (
        running_workspace(WorkspaceSettings(port=0)) as workspace,
        signed_in(workspace.url, "U0ONCALL") as sam,
    ):
        client = AsyncWebClient(token=LOCAL_BOT, base_url=workspace.api_url)
        async with raw_socket(client) as socket:
            await sam.say("incidents", "<@U0BOT> before")
            await client.conversations_join(channel="C0INCIDENTS")
            await sam.say("incidents", "after")
            envelope = await receive(socket)
            await acknowledge(socket, envelope)
            assert envelope["payload"]["event"]["text"] == "after"


async def test_duplicate_deliveries_bring_the_same_envelope_twice(
    client: AsyncWebClient, workspace: RunningWorkspace, sam: Person
) -> None:
    await control(workspace.url, "faults", {"duplicate_deliveries": True})
    async with raw_socket(client) as socket:
        pressing = asyncio.create_task(sam.command("incidents", "/trial"))
        first, second = await receive(socket), await receive(socket)
        assert first == second
        await acknowledge(socket, first)
        await acknowledge(socket, second)
        assert (await pressing)["acknowledged"] is True


async def test_a_late_delivery_arrives_after_the_person_was_told_of_the_time_out(
    client: AsyncWebClient, workspace: RunningWorkspace, sam: Person
) -> None:
    await control(workspace.url, "faults", {"late_seconds": 0.6})
    async with raw_socket(client) as socket:
        answer = await sam.command("incidents", "/trial")
        assert answer["error"] == "operation_timeout"
        envelope = await receive(socket)
        assert envelope["payload"]["command"] == "/trial"
        await acknowledge(socket, envelope)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "hard"])
async def test_a_real_bolt_app_comes_back_after_a_disconnect(
    workspace: RunningWorkspace, bolt: AsyncApp, sam: Person, reason: str
) -> None:
    @bolt.command("/trial")
    async def trial(ack: Any) -> None:
        await ack("here again")

    async with socket_connection(bolt):
        await sam.wait_for_connections(1)
        await control(workspace.url, "disconnect", {"reason": reason})
        # The first connection, then its loss and the next one in either order.
        await sam.wait_until(lambda: len(sam.page.connection_changes) >= 3, "reconnection")
        assert sam.page.connections == 1
        answer = await sam.command("incidents", "/trial")
        assert answer["acknowledged"] is True


async def test_a_warned_connection_gets_no_new_envelopes_while_there_is_another(
    client: AsyncWebClient, workspace: RunningWorkspace, sam: Person
) -> None:
    async with raw_socket(client) as old:
        await control(workspace.url, "disconnect", {"reason": "warning"})
        assert (await receive(old))["reason"] == "warning"
        async with raw_socket(client) as new:
            for _ in range(2):
                pressing = asyncio.create_task(sam.command("incidents", "/trial"))
                await acknowledge(new, await receive(new))
                assert (await pressing)["acknowledged"] is True


async def test_what_is_no_acknowledgement_is_ignored(client: AsyncWebClient, sam: Person) -> None:
    async with raw_socket(client) as socket:
        await socket.send_str("not JSON")
        await socket.send_str(json.dumps({"envelope_id": "unknown"}))
        pressing = asyncio.create_task(sam.command("incidents", "/trial"))
        await acknowledge(socket, await receive(socket))
        assert (await pressing)["acknowledged"] is True
