"""Starting, stopping and killing the workspace's server."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import RunningWorkspace, running_workspace
from bot.sandbox.settings import LOCAL_BOT, PortInUseError, WorkspaceSettings
from tests.e2e.workspace import Person, signed_in
from tests.integration.member_seed import MEMBER_SEED

SERVER = """
import asyncio, pathlib, sys
from bot.sandbox.server import running_workspace
from bot.sandbox.settings import WorkspaceSettings

async def main():
    settings = WorkspaceSettings(port=0, data_path=pathlib.Path(sys.argv[1]))
    async with running_workspace(settings) as workspace:
        print(workspace.url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_port_in_use_is_named_with_what_to_do(workspace: RunningWorkspace) -> None:
    settings = WorkspaceSettings(port=workspace.port)
    with pytest.raises(PortInUseError, match=f"Port {workspace.port} .* choose another port"):
        async with running_workspace(settings):
            pass


async def test_a_page_that_is_not_built_says_so(tmp_path: Path) -> None:
    settings = WorkspaceSettings(port=0, page_files=tmp_path)
    async with (
        running_workspace(settings) as workspace,
        aiohttp.ClientSession() as session,
        session.get(workspace.url) as response,
    ):
        assert response.status == 404
        assert "is not built" in await response.text()


async def test_the_pages_files_are_served_and_nothing_beside_them(tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>Workspace</title>")
    (folder / "assets" / "page.js").write_text("export {}")
    (tmp_path / "secret").write_text("secret")
    settings = WorkspaceSettings(port=0, page_files=folder)
    async with running_workspace(settings) as workspace, aiohttp.ClientSession() as session:
        async with session.get(workspace.url) as response:
            assert await response.text() == "<title>Workspace</title>"
        async with session.get(f"{workspace.url}/assets/page.js") as response:
            assert response.status == 200
            assert "javascript" in response.headers["Content-Type"]
        async with session.get(f"{workspace.url}/assets/..%2f..%2fsecret") as response:
            assert response.status == 404


async def test_a_restart_keeps_the_messages_and_their_order(tmp_path: Path) -> None:
    settings = WorkspaceSettings(port=0, data_path=tmp_path / "workspace.db", seed=MEMBER_SEED)
    async with running_workspace(settings) as workspace:
        client = AsyncWebClient(token=LOCAL_BOT, base_url=workspace.api_url)
        before = await client.chat_postMessage(channel="C0INCIDENTS", text="before")
        im = await client.chat_postMessage(channel="U0DATA", text="to Ana")
    async with running_workspace(settings) as workspace:
        client = AsyncWebClient(token=LOCAL_BOT, base_url=workspace.api_url)
        await client.chat_update(channel="C0INCIDENTS", ts=before["ts"], text="still there")
        history = await client.conversations_history(channel="C0INCIDENTS")
        assert [m["text"] for m in history["messages"]] == ["still there"]
        async with signed_in(workspace.url, "U0DATA") as ana:
            await ana.wait_for_message(im["channel"], containing="to Ana")


async def test_a_killed_server_loses_no_message_that_it_answered(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    texts: list[str] = []
    for life in range(2):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVER, str(path), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        client = AsyncWebClient(token=LOCAL_BOT, base_url=f"{url}/api/")
        if life == 0:
            await client.conversations_join(channel="C0INCIDENTS")
        history = await client.conversations_history(channel="C0INCIDENTS")
        assert [m["text"] for m in history["messages"]] == texts[::-1]
        for number in range(20):
            texts.append(f"{life}.{number}")
            await client.chat_postMessage(channel="C0INCIDENTS", text=texts[-1])
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()


async def test_a_page_that_knows_nobody_yet_is_shown_the_first_person(
    workspace: RunningWorkspace, sam: Person
) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{workspace.url}/_page/state") as response:
            assert response.status == 200
            assert await response.json() == await sam.state()
        async with session.get(f"{workspace.url}/_page/state?user=U0NOBODY") as response:
            assert response.status == 400
            assert await response.json() == {"error": "there is no person U0NOBODY"}


async def test_what_a_person_cannot_do_is_refused_with_a_reason(
    workspace: RunningWorkspace, sam: Person
) -> None:
    with pytest.raises(AssertionError, match="/unknown is not a valid command"):
        await sam.command("incidents", "/unknown")
    with pytest.raises(AssertionError, match="there is no channel nowhere"):
        await sam.command("nowhere", "/trial")
    with pytest.raises(AssertionError, match="trial_message is a message shortcut"):
        await sam.shortcut("trial_message")
    with pytest.raises(AssertionError, match="there is no message"):
        await sam.press({"channel": "C0INCIDENTS", "ts": "1.0"}, action_id="x")
    with pytest.raises(AssertionError, match="has no modal V0 open"):
        await sam.submit({"id": "V0", "blocks": []})
