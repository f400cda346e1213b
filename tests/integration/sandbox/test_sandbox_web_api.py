"""Tokens, scopes, bodies and lists of the Web API, against Slack's own SDK."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import RunningWorkspace
from bot.sandbox.settings import LOCAL_APP, LOCAL_BOT
from tests.integration.sandbox.refused_calls import refused


async def test_auth_test_names_the_bot_and_the_granted_scopes(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["user_id"], answer["bot_id"]) == ("U0BOT", "B0BOT")
    assert answer["team"] == "Local workspace"
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "error"),
    [(None, "not_authed"), ("xoxb-other", "invalid_auth"), (LOCAL_APP, "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(workspace: RunningWorkspace, token: str | None, error: str) -> None:
    client = AsyncWebClient(token=token, base_url=workspace.api_url)
    assert (await refused(client.auth_test()))["error"] == error


async def test_a_bot_token_opens_no_socket(client: AsyncWebClient) -> None:
    answer = await refused(client.apps_connections_open(app_token=LOCAL_BOT))
    assert answer["error"] == "not_allowed_token_type"


async def test_a_method_that_does_not_exist_is_unknown(client: AsyncWebClient) -> None:
    assert (await refused(client.api_call("chat.whisper")))["error"] == "unknown_method"


async def test_a_method_without_its_scope_is_refused(client: AsyncWebClient) -> None:
    answer = await refused(client.conversations_history(channel="D0DATA"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "im:history")
    answer = await refused(client.conversations_list(types="public_channel,im"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "im:read")


async def test_forms_and_json_bodies_and_queries_mean_the_same(workspace: RunningWorkspace) -> None:
    headers = {"Authorization": f"Bearer {LOCAL_BOT}"}
    arguments = {"channel": "C0INCIDENTS", "text": "x", "blocks": '[{"type": "divider"}]'}
    async with aiohttp.ClientSession(workspace.api_url, headers=headers) as session:
        async with session.post("chat.postMessage", data=arguments) as response:
            by_form = await response.json()
        async with session.post("chat.postMessage", json=arguments) as response:
            by_json = await response.json()
        async with session.get("conversations.info", params={"channel": "C0CUTOVER"}) as response:
            by_query = await response.json()
        async with session.post(
            "auth.test", data="{", headers={"Content-Type": "application/json"}
        ) as response:
            broken = await response.json()
    assert by_form["message"]["blocks"][0]["type"] == "divider"
    assert by_json["message"]["blocks"][0]["type"] == "divider"
    assert by_query["channel"]["name"] == "planwise-cutover"
    assert broken == {"ok": False, "error": "invalid_json"}


async def test_people_groups_and_channels_are_listed(client: AsyncWebClient) -> None:
    user = (await client.users_info(user="U0DATA"))["user"]
    assert user["real_name"] == "Ana Ruiz"
    assert user["profile"]["title"] == "data lead"
    assert "email" not in user["profile"]
    assert (await refused(client.users_info(user="U0NOBODY")))["error"] == "user_not_found"
    groups = (await client.usergroups_list())["usergroups"]
    assert [group["handle"] for group in groups] == [
        "planwise-oncall",
        "planwise-data",
        "planwise-managers",
    ]
    members = await client.usergroups_users_list(usergroup="S0MGMT")
    assert members["users"] == ["U0MGRA", "U0MGRB"]
    answer = await refused(client.usergroups_users_list(usergroup="S0NONE"))
    assert answer["error"] == "subteam_not_found"
    names: list[str] = []
    async for page in await client.conversations_list(limit=2):
        names += [channel["name"] for channel in page["channels"]]
    assert names == ["incidents", "planwise-parallel-run", "planwise-cutover"]
