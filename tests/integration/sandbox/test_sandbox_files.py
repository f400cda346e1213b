"""Files by the SDK's own upload: sent, shown, downloaded, refused."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_values import JsonObject, as_list, as_object, objects_in
from bot.sandbox.server import RunningWorkspace, running_workspace
from bot.sandbox.settings import LOCAL_BOT, WorkspaceSettings
from tests.e2e.workspace import signed_in
from tests.e2e.workspace_control import call_log, control
from tests.integration.member_seed import MEMBER_SEED
from tests.integration.sandbox.conftest import MANIFEST
from tests.integration.sandbox.refused_calls import refused

INCIDENTS = "C0INCIDENTS"
ROWS = "key,legacy,new\n1,α,β\n"


def client_of(workspace: RunningWorkspace) -> AsyncWebClient:
    return AsyncWebClient(token=LOCAL_BOT, base_url=workspace.api_url, timeout=2, retry_handlers=[])


@pytest.fixture
async def workspace() -> AsyncIterator[RunningWorkspace]:
    """A workspace that grants every scope, with the app in every channel."""
    async with running_workspace(WorkspaceSettings(port=0, seed=MEMBER_SEED)) as running:
        yield running


@pytest.fixture
def client(workspace: RunningWorkspace) -> AsyncWebClient:
    return client_of(workspace)


async def messages_in(client: AsyncWebClient, channel: str) -> list[JsonObject]:
    return objects_in(as_list((await client.conversations_history(channel=channel))["messages"]))


async def shared_file(client: AsyncWebClient, channel: str) -> JsonObject:
    """The one file of the channel's newest message."""
    (file,) = objects_in((await messages_in(client, channel))[0]["files"])
    return file


async def test_a_file_is_uploaded_by_the_sdk_and_shared_with_a_comment(client: AsyncWebClient) -> None:
    answer = await client.files_upload_v2(
        channel=INCIDENTS, filename="rows.csv", title="Rows", content=ROWS, initial_comment="2 rows"
    )
    assert (answer["file"]["name"], answer["file"]["title"]) == ("rows.csv", "Rows")
    (message,) = await messages_in(client, INCIDENTS)
    assert (message["text"], message["upload"], message["user"]) == ("2 rows", True, "U0BOT")
    file = await shared_file(client, INCIDENTS)
    assert (file["mimetype"], file["pretty_type"], file["size"]) == ("text/csv", "CSV", len(ROWS.encode()))
    found = (await client.files_info(file=str(file["id"])))["file"]
    assert found["channels"] == [INCIDENTS]
    assert found["shares"]["public"][INCIDENTS][0]["ts"] == message["ts"]


async def test_what_is_downloaded_is_what_was_uploaded_and_is_never_shown(client: AsyncWebClient) -> None:
    page = b"<script>alert(1)</script>"
    for name, content, kind in (
        ("rows of März.csv", ROWS.encode(), "text/csv; charset=utf-8"),
        ("page.html", page, "text/html; charset=utf-8"),
        ("noise.xyzzy", bytes(range(256)), "application/octet-stream"),
    ):
        await client.files_upload_v2(channel=INCIDENTS, filename=name, content=content)
        file = await shared_file(client, INCIDENTS)
        for link in ("url_private_download", "url_private", "permalink"):
            async with aiohttp.ClientSession() as session, session.get(str(file[link])) as got:
                assert (await got.read(), got.headers["Content-Type"]) == (content, kind)
                disposition = got.content_disposition
                assert disposition is not None
                assert (disposition.type, disposition.filename) == ("attachment", name)
                assert got.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_file_goes_into_a_thread(client: AsyncWebClient) -> None:
    root = (await client.chat_postMessage(channel=INCIDENTS, text="root"))["ts"]
    await client.files_upload_v2(channel=INCIDENTS, thread_ts=root, filename="rows.csv", content=ROWS)
    thread = await client.conversations_replies(channel=INCIDENTS, ts=root)
    assert [len(message.get("files", [])) for message in thread["messages"]] == [0, 1]
    assert len(await messages_in(client, INCIDENTS)) == 1
    gone = client.files_upload_v2(channel=INCIDENTS, thread_ts="1.000000", filename="a", content="x")
    assert (await refused(gone))["error"] == "thread_not_found"


async def test_a_file_in_a_direct_message_is_seen_by_its_person_alone(
    client: AsyncWebClient, workspace: RunningWorkspace
) -> None:
    channel = (await client.conversations_open(users="U0DATA"))["channel"]["id"]
    await client.files_upload_v2(channel=channel, filename="rows.csv", content=ROWS)
    file = await shared_file(client, channel)
    assert (file["is_public"], (await client.files_info(file=str(file["id"])))["file"]["ims"]) == (
        False,
        [channel],
    )
    async with signed_in(workspace.url, "U0DATA") as ana, signed_in(workspace.url, "U0GUEST") as robin:
        (seen,) = objects_in(as_object((await ana.state())["messages"])[channel])
        assert [one["name"] for one in objects_in(seen["files"])] == ["rows.csv"]
        assert channel not in as_object((await robin.state())["messages"])


async def test_several_files_are_one_message_and_without_a_channel_none(client: AsyncWebClient) -> None:
    two: list[dict[str, Any]] = [{"filename": "a.txt", "content": "a"}, {"filename": "b.txt", "content": "b"}]
    await client.files_upload_v2(channel=INCIDENTS, file_uploads=two)
    (message,) = await messages_in(client, INCIDENTS)
    assert [file["name"] for file in objects_in(message["files"])] == ["a.txt", "b.txt"]
    private = await client.files_upload_v2(filename="c.txt", content="c")
    assert (private["file"]["channels"], private["file"]["ims"]) == ([], [])
    assert len(await messages_in(client, INCIDENTS)) == 1


async def test_bytes_are_taken_raw_or_as_a_form_once_and_as_many_as_announced(
    client: AsyncWebClient,
) -> None:
    async def sent(data: bytes | aiohttp.FormData) -> tuple[int, str]:
        """The status of the upload, and of completing it."""
        announced = await client.files_getUploadURLExternal(filename="a.txt", length=3)
        async with aiohttp.ClientSession() as session:
            async with session.post(announced["upload_url"], data=data) as response:
                status = response.status
            async with session.post(announced["upload_url"], data=b"xyz") as again:
                assert again.status == (404 if status == 200 else 200)
        if status != 200:
            return status, ""
        await client.files_completeUploadExternal(files=[{"id": announced["file_id"]}])
        twice = client.files_completeUploadExternal(files=[{"id": announced["file_id"]}])
        return status, (await refused(twice))["error"]

    form = aiohttp.FormData()
    form.add_field("filename", b"abc", filename="a.txt")
    assert [await sent(b"abc"), await sent(form)] == [(200, "file_not_found")] * 2
    assert [await sent(b"ab"), await sent(b"abcd")] == [(400, "")] * 2


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "a", "length": 0}, "missing_argument"),
        ({"filename": "a", "length": 1024**3 + 1}, "file_upload_size_restricted"),
        ({"filename": "a", "length": 1024**2 + 1, "snippet_type": "text"}, "snippet_too_large"),
        ({"filename": "a", "length": 1, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ({"filename": "a", "length": "many"}, "invalid_arguments"),
        ({"filename": "a"}, "invalid_arguments"),
        ({"length": 1}, "invalid_arguments"),
    ],
)
async def test_a_file_that_slack_does_not_take_is_refused_when_it_is_announced(
    client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    answer = await refused(client.api_call("files.getUploadURLExternal", params=arguments))
    assert answer["error"] == error


async def test_an_upload_that_is_refused_a_channel_can_be_completed_elsewhere() -> None:
    seed = MEMBER_SEED.channels[0]
    async with running_workspace(WorkspaceSettings(port=0)) as workspace:
        client = client_of(workspace)
        announced = await client.files_getUploadURLExternal(filename="a.txt", length=1)
        files = [{"id": announced["file_id"]}]
        early = client.files_completeUploadExternal(files=files)
        assert (await refused(early))["error"] == "file_not_found"
        async with aiohttp.ClientSession() as session:
            await session.post(announced["upload_url"], data=b"a")
        for channel, error in (
            (seed.id, "not_in_channel"),
            ("C0NONE", "channel_not_found"),
            ("U0DATA", "invalid_arguments"),
            (f"#{seed.name}", "invalid_arguments"),
        ):
            call = client.files_completeUploadExternal(files=files, channel_id=channel)
            assert (await refused(call))["error"] == error
        wrong = client.api_call(
            "files.completeUploadExternal",
            json={"files": files, "channel_id": "D0DATA", "blocks": [{"type": "hologram"}]},
        )
        assert (await refused(wrong))["error"] == "invalid_blocks"
        await client.conversations_join(channel=seed.id)
        await client.files_completeUploadExternal(files=files, channel_id=seed.id)
        assert (await shared_file(client, seed.id))["name"] == "a.txt"


async def test_files_ask_for_their_scopes() -> None:
    settings = WorkspaceSettings(port=0, manifest_path=MANIFEST, seed=MEMBER_SEED)
    async with running_workspace(settings) as workspace:
        client = client_of(workspace)
        for call, scope in (
            (client.files_getUploadURLExternal(filename="a", length=1), "files:write"),
            (client.files_completeUploadExternal(files=[{"id": "F0"}]), "files:write"),
            (client.files_info(file="F0"), "files:read"),
        ):
            answer = await refused(call)
            assert (answer["error"], answer["needed"]) == ("missing_scope", scope)


async def test_a_message_with_a_file_is_changed_and_keeps_it(client: AsyncWebClient) -> None:
    await client.files_upload_v2(channel=INCIDENTS, filename="a.txt", content="a")
    (message,) = await messages_in(client, INCIDENTS)
    await client.chat_update(channel=INCIDENTS, ts=str(message["ts"]), text="with a word", blocks=[])
    assert (await shared_file(client, INCIDENTS))["name"] == "a.txt"


async def test_the_upload_can_be_made_to_fail_and_is_in_the_log(
    client: AsyncWebClient, workspace: RunningWorkspace
) -> None:
    for mode in ("500", "429"):
        await control(workspace.url, "faults", {"fail_next": {"method": "upload", "mode": mode}})
        with pytest.raises(SlackRequestError, match=f"status: {mode}"):
            await client.files_upload_v2(channel=INCIDENTS, filename="a.txt", content="a")
    for mode in ("drop_after", "hang"):
        await control(workspace.url, "faults", {"fail_next": {"method": "upload", "mode": mode}})
        with pytest.raises((aiohttp.ClientError, TimeoutError)):
            await client.files_upload_v2(channel=INCIDENTS, filename="a.txt", content="a")
    errors = [call.get("error") for call in await call_log(workspace.url, "upload")]
    assert errors == ["http_500", "http_429", None, "hang"]
    assert await messages_in(client, INCIDENTS) == []


async def test_a_restart_keeps_the_files_and_a_reset_forgets_them(tmp_path: Path) -> None:
    settings = WorkspaceSettings(port=0, data_path=tmp_path / "workspace.db", seed=MEMBER_SEED)
    async with running_workspace(settings) as workspace:
        client = client_of(workspace)
        sent = await client.files_upload_v2(channel=INCIDENTS, filename="rows.csv", content=ROWS)
        file_id = sent["file"]["id"]
    async with running_workspace(settings) as workspace:
        kept = (await client_of(workspace).files_info(file=file_id))["file"]
        assert kept["channels"] == [INCIDENTS]
        async with aiohttp.ClientSession() as session, session.get(kept["url_private_download"]) as got:
            assert await got.text() == ROWS
        await control(workspace.url, "reset")
        async with aiohttp.ClientSession() as session, session.get(kept["url_private_download"]) as got:
            assert got.status == 404
    async with running_workspace(settings) as workspace:
        gone = await refused(client_of(workspace).files_info(file=file_id))
        assert gone["error"] == "file_not_found"
