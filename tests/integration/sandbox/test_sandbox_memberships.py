"""Public channels that the app is not in: what it may do there, and how it joins."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.seed import DEFAULT_SEED, SeedChannel
from bot.sandbox.server import RunningWorkspace, running_workspace
from bot.sandbox.settings import LOCAL_BOT, WorkspaceSettings
from tests.e2e.workspace_control import control
from tests.integration.sandbox.conftest import MANIFEST
from tests.integration.sandbox.refused_calls import refused

INCIDENTS = "C0INCIDENTS"
OLD = SeedChannel(id="C0OLD", name="old", archived=True)
SEED = replace(DEFAULT_SEED, channels=(*DEFAULT_SEED.channels, OLD))


def client_of(workspace: RunningWorkspace) -> AsyncWebClient:
    return AsyncWebClient(token=LOCAL_BOT, base_url=workspace.api_url, retry_handlers=[])


@pytest.fixture
async def workspace() -> AsyncIterator[RunningWorkspace]:
    """A workspace that grants every scope, and whose channels the app is not in."""
    async with running_workspace(WorkspaceSettings(port=0, seed=SEED)) as running:
        yield running


@pytest.fixture
def client(workspace: RunningWorkspace) -> AsyncWebClient:
    return client_of(workspace)


@pytest.fixture
async def scoped() -> AsyncIterator[AsyncWebClient]:
    """A client of an app that has neither channels:join nor chat:write.public."""
    async with running_workspace(WorkspaceSettings(port=0, manifest_path=MANIFEST, seed=SEED)) as running:
        yield client_of(running)


async def test_the_app_posts_and_updates_where_it_is_no_member(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#incidents", text="x")
    updated = await client.chat_update(channel=INCIDENTS, ts=posted["ts"], text="y")
    told = await client.chat_postEphemeral(channel=INCIDENTS, user="U0ONCALL", text="for Sam")
    assert (posted["channel"], updated["ts"], updated["text"]) == (INCIDENTS, posted["ts"], "y")
    assert told["message_ts"] > posted["ts"]
    assert (await client.conversations_info(channel=INCIDENTS))["channel"]["is_member"] is False


async def test_posting_where_the_app_is_no_member_asks_for_the_public_scope(scoped: AsyncWebClient) -> None:
    answer = await refused(scoped.chat_postMessage(channel="#incidents", text="x"))
    assert answer["error"] == "not_in_channel"
    answer = await refused(scoped.chat_postEphemeral(channel=INCIDENTS, user="U0ONCALL", text="x"))
    assert answer["error"] == "not_in_channel"


async def test_messages_are_read_only_where_the_app_is_a_member(client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel=INCIDENTS, text="x"))["ts"]
    assert (await refused(client.conversations_history(channel=INCIDENTS)))["error"] == "not_in_channel"
    assert (await refused(client.conversations_replies(channel=INCIDENTS, ts=ts)))[
        "error"
    ] == "not_in_channel"
    await client.conversations_join(channel=INCIDENTS)
    for page in (
        await client.conversations_history(channel=INCIDENTS),
        await client.conversations_replies(channel=INCIDENTS, ts=ts),
    ):
        assert [message["text"] for message in page["messages"]] == ["x"]
    elsewhere = await refused(client.conversations_history(channel="C0CUTOVER"))
    assert elsewhere["error"] == "not_in_channel"


async def test_joining_is_seen_in_the_channel_and_its_members(client: AsyncWebClient) -> None:
    before = (await client.conversations_info(channel=INCIDENTS))["channel"]
    assert before["is_member"] is False
    joined = await client.conversations_join(channel=INCIDENTS)
    assert joined["channel"]["is_member"] is True
    assert "warning" not in joined
    after = (await client.conversations_info(channel=INCIDENTS))["channel"]
    assert (after["is_member"], after["num_members"]) == (True, before["num_members"] + 1)
    assert "U0BOT" in (await client.conversations_members(channel=INCIDENTS))["members"]
    assert "U0BOT" not in (await client.conversations_members(channel="C0CUTOVER"))["members"]


async def test_joining_again_is_warned_of(client: AsyncWebClient) -> None:
    await client.conversations_join(channel=INCIDENTS)
    again = await client.conversations_join(channel=INCIDENTS)
    assert again["warning"] == "already_in_channel"
    assert again["response_metadata"]["warnings"] == ["already_in_channel"]


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NONE", "channel_not_found"),
        ("#incidents", "channel_not_found"),
        ("D0DATA", "method_not_supported_for_channel_type"),
        ("C0OLD", "is_archived"),
    ],
)
async def test_what_cannot_be_joined_is_refused_with_slacks_code(
    client: AsyncWebClient, channel: str, error: str
) -> None:
    assert (await refused(client.conversations_join(channel=channel)))["error"] == error


async def test_joining_asks_for_its_scope(scoped: AsyncWebClient) -> None:
    answer = await refused(scoped.conversations_join(channel=INCIDENTS))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:join")


async def test_an_archived_channel_takes_no_messages_and_can_be_left_out_of_the_list(
    client: AsyncWebClient,
) -> None:
    assert (await refused(client.chat_postMessage(channel="C0OLD", text="x")))["error"] == "is_archived"
    everything = (await client.conversations_list())["channels"]
    assert [channel["name"] for channel in everything if channel["is_archived"]] == ["old"]
    current = (await client.conversations_list(exclude_archived=True))["channels"]
    assert len(current) == len(everything) - 1


async def test_a_restart_keeps_the_memberships_and_a_reset_forgets_them(tmp_path: Path) -> None:
    settings = WorkspaceSettings(port=0, data_path=tmp_path / "workspace.db", seed=SEED)
    async with running_workspace(settings) as workspace:
        await client_of(workspace).conversations_join(channel=INCIDENTS)
    async with running_workspace(settings) as workspace:
        await client_of(workspace).conversations_history(channel=INCIDENTS)
        await control(workspace.url, "reset")
        answer = await refused(client_of(workspace).conversations_history(channel=INCIDENTS))
        assert answer["error"] == "not_in_channel"
    async with running_workspace(settings) as workspace:
        answer = await refused(client_of(workspace).conversations_history(channel=INCIDENTS))
        assert answer["error"] == "not_in_channel"
