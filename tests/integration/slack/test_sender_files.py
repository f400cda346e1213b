"""Files on their way to people: made when they are sent, sent once, and nobody waits in vain."""

import aiohttp
import pytest

from bot.domain.errors import SourceError
from bot.domain.messages.facts import Plain
from bot.ports.files import NoFile
from bot.sandbox.json_values import JsonObject, objects_in
from bot.store.outbox import OutboxRow
from tests.integration.slack.conftest import INCIDENTS, LIVE, SAMS, Post


async def files_in(post: Post, channel: str = SAMS) -> list[JsonObject]:
    """The files of a channel's messages, oldest first."""
    return [file for message in await post.posted(channel) for file in objects_in(message.get("files"))]


async def content_of(file: JsonObject) -> bytes:
    async with (
        aiohttp.ClientSession() as session,
        session.get(str(file["url_private_download"])) as response,
    ):
        return await response.read()


async def test_a_file_reaches_its_person_with_what_is_said_with_it(post: Post) -> None:
    await post.send_file()
    assert post.exports.asked == 0
    await post.deliver()
    (file,) = await files_in(post)
    assert (file["name"], file["title"]) == ("employees-1.csv", "Rows of employees")
    assert await content_of(file) == post.exports.data
    assert await post.texts(SAMS) == ["1 row differs"]
    assert await post.statuses() == ["sent"]


async def test_of_the_content_nothing_is_kept(post: Post) -> None:
    await post.send_file()
    row = await post.claimed("U0ONCALL")
    assert isinstance(row, OutboxRow)
    assert (row.way, row.kind, row.facts) == ("file", "export", {"check": "employees"})


async def test_what_is_said_with_a_file_calls_nobody(post: Post) -> None:
    post.exports.comment = "<!channel> & all"
    await post.send_file()
    await post.deliver()
    assert await post.texts(SAMS) == ["&lt;!channel&gt; &amp; all"]


async def test_a_file_goes_into_a_thread(post: Post) -> None:
    await post.show("the incident")
    await post.send_file(channel=INCIDENTS, thread=LIVE)
    await post.deliver()
    assert await files_in(post, "C0INCIDENTS") == []
    root = (await post.posted())[0]["ts"]
    thread = await post.client.conversations_replies(channel="C0INCIDENTS", ts=str(root))
    assert [len(message.get("files", [])) for message in thread["messages"]] == [0, 1]


async def test_a_file_whose_thread_is_gone_goes_into_the_channel(post: Post) -> None:
    await post.show("the incident")
    await post.deliver()
    (message,) = await post.posted()
    await post.client.chat_delete(channel="C0INCIDENTS", ts=str(message["ts"]))
    await post.send_file(channel=INCIDENTS, thread=LIVE)
    await post.deliver()
    assert [file["name"] for file in await files_in(post, "C0INCIDENTS")] == ["employees-2.csv"]


async def test_files_and_messages_of_a_person_come_in_order(post: Post) -> None:
    await post.say("first", channel="U0ONCALL")
    await post.send_file()
    await post.say("last", channel="U0ONCALL")
    await post.deliver()
    assert await post.texts(SAMS) == ["first", "1 row differs", "last"]


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        (NoFile("The rows are kept for 30 days. Run the check again"), "The rows are kept for 30 days"),
        (SourceError("legacy is away", do="Try again later"), "legacy is away. Try again later"),
        (ValueError("a secret"), "The file could not be made: ValueError"),
    ],
)
async def test_whoever_waits_for_a_file_that_cannot_be_made_is_told(
    post: Post, instead: NoFile | Exception, told: str
) -> None:
    post.exports.instead = instead
    await post.send_file()
    await post.say("after it", channel="U0ONCALL")
    await post.deliver()
    text, after = await post.texts(SAMS)
    assert told in str(text)
    assert "secret" not in str(text)
    assert (after, await post.statuses()) == ("after it", ["sent", "sent"])


async def test_whoever_waits_for_a_file_that_slack_does_not_take_is_told(post: Post) -> None:
    post.exports.data = b""
    await post.send_file()
    await post.deliver()
    assert await post.texts(SAMS) == [
        "Slack does not take the file employees-1.csv (missing_argument). It is empty"
    ]


async def test_a_kind_that_nobody_makes_is_told_and_holds_up_nothing(post: Post) -> None:
    async with post.store.transaction() as tx:
        await tx.outbox.send_file(channel="U0ONCALL", subject="x", facts=Plain(text="x"), at=post.clock.now())
    await post.deliver()
    (text,) = await post.texts(SAMS)
    assert "could not be made: KeyError" in str(text)


async def test_a_channel_that_is_not_there_is_told_of_in_the_log_and_tried_again(post: Post) -> None:
    await post.send_file(channel="#nowhere")
    await post.deliver()
    assert (await post.statuses(), await post.problem()) == (["pending"], "channel_not_found")
