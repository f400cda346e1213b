"""One call of the Web API: what became of it, and in which form the message was taken."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import Block, Message, section
from bot.slack.posting import NotNow, Posted, Posting
from tests.integration.slack.conftest import INCIDENTS, Post


async def test_nobody_listening_is_not_an_error_of_the_message(post: Post) -> None:
    client = AsyncWebClient(token="x", base_url="http://127.0.0.1:9/api/", timeout=1, retry_handlers=[])
    result = await _post(Posting(client))
    assert result == NotNow("Slack cannot be reached: ClientConnectorError")


@asynccontextmanager
async def _answering(body: str, *, status: int = 200) -> AsyncIterator[AsyncWebClient]:
    """A server between the bot and Slack that answers everything with this, said to be JSON."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text=body, status=status, content_type="application/json")

    app = web.Application()
    app.add_routes([web.route("*", "/{path:.*}", answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield AsyncWebClient(token="x", base_url=f"http://{host}:{port}/api/", timeout=1, retry_handlers=[])
    finally:
        await runner.cleanup()


async def _post(posting: Posting) -> object:
    message = Message(text="x", blocks=())
    return await posting.post(message, channel="C0INCIDENTS", thread_ts=None, marks=["x#1"])


@pytest.mark.parametrize(("body", "status"), [("<html>", 200), ("<html>", 502), ("[]", 503), ("{}", 500)])
async def test_an_answer_that_is_not_slacks_is_tried_again(body: str, status: int) -> None:
    async with _answering(body, status=status) as client:
        result = await _post(Posting(client))
    assert isinstance(result, NotNow), result
    assert result.problem.startswith("HTTP") or "reached" in result.problem
    async with _answering(body, status=status) as client:
        found = await Posting(client).find(channel="C0INCIDENTS", thread_ts=None, mark="x#1", oldest=0)
    assert isinstance(found, NotNow), found


async def test_blocks_that_slack_refuses_are_replaced_by_plainer_ones_then_by_the_text(post: Post) -> None:
    bad: tuple[Block, ...] = ({"type": "hologram"},)
    plainer = (section("plainer"),)
    posting = Posting(post.client)
    for marks, message in (
        (["a#1"], Message(text="in words", blocks=bad, plainer=plainer)),
        (["b#2"], Message(text="in words", blocks=bad, plainer=bad)),
        (["c#3"], Message(text="in words", blocks=bad)),
    ):
        result = await posting.post(message, channel=INCIDENTS, thread_ts=None, marks=marks)
        assert isinstance(result, Posted)
    shown = await post.posted()
    assert "plainer" in str(shown[0]["blocks"])
    assert ["blocks" in message for message in shown] == [True, False, False]
    assert [message["text"] for message in shown] == ["in words"] * 3


async def test_a_live_message_that_falls_back_to_text_loses_its_old_blocks(post: Post) -> None:
    await post.show("first")
    await post.deliver()
    (message,) = await post.posted()
    await Posting(post.client).update(
        Message(text="in words", blocks=({"type": "hologram"},)),
        channel_id="C0INCIDENTS",
        ts=str(message["ts"]),
    )
    (now,) = await post.posted()
    assert (now["text"], now.get("blocks")) == ("in words", None)
