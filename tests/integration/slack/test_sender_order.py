"""The sender: in order, live messages kept current, lines told together."""

import asyncio

from bot.domain.messages.facts import Facts
from tests.integration.slack.conftest import OTHER, Post
from tests.integration.trial import Trial


async def test_messages_of_a_channel_arrive_in_the_order_they_were_written(post: Post) -> None:
    texts = [f"message {number}" for number in range(12)]
    for text in texts:
        await post.say(text)
    await post.say("elsewhere", channel=OTHER)
    await post.deliver()
    assert await post.texts() == texts
    assert await post.texts("C0CUTOVER") == ["elsewhere"]
    assert set(await post.statuses()) == {"sent"}


async def test_a_live_message_is_posted_once_and_then_kept_current(post: Post) -> None:
    for text in ("first", "second", "third"):
        await post.show(text)
        await post.deliver()
    assert await post.texts() == ["third"]
    assert len(await post.calls("chat.postMessage")) == 1
    assert len(await post.calls("chat.update")) == 2


async def test_a_version_that_was_not_sent_yet_is_replaced_by_the_next(post: Post) -> None:
    for text in ("first", "second", "third"):
        await post.show(text)
    await post.show("another subject", subject="incident:2")
    await post.deliver()
    assert await post.texts() == ["third", "another subject"]
    assert await post.calls("chat.update") == []


async def test_lines_of_a_timeline_that_wait_are_told_in_one_message_of_its_thread(post: Post) -> None:
    await post.show("the incident")
    await post.tell("one", "two")
    await post.tell("three")
    await post.deliver()
    assert await post.texts() == ["the incident"]
    assert await post.thread() == ["Sam: one\nSam: two\nSam: three"]
    assert set(await post.statuses()) == {"sent"}


async def test_of_many_lines_that_wait_none_is_left_out(post: Post) -> None:
    await post.show("the incident")
    lines = [f"line {number}" for number in range(45)]
    await post.tell(*lines)
    await post.deliver()
    assert "\n".join(await post.thread()).split("\n") == [f"Sam: {line}" for line in lines]
    assert len(await post.thread()) < 5


async def test_a_deleted_live_message_is_posted_anew_and_kept_current_there(post: Post) -> None:
    await post.show("first")
    await post.deliver()
    (message,) = await post.posted()
    await post.client.chat_delete(channel="C0INCIDENTS", ts=str(message["ts"]))
    await post.show("second")
    await post.deliver()
    assert await post.texts() == ["second"]
    await post.show("third")
    await post.deliver()
    assert await post.texts() == ["third"]


async def test_lines_for_the_thread_of_a_deleted_message_do_not_hold_up_the_channel(post: Post) -> None:
    await post.show("first")
    await post.deliver()
    (message,) = await post.posted()
    await post.client.chat_delete(channel="C0INCIDENTS", ts=str(message["ts"]))
    await post.tell("nobody reads this thread")
    await post.show("second")
    await post.deliver()
    assert await post.texts() == ["Sam: nobody reads this thread", "second"]
    assert set(await post.statuses()) == {"sent"}


async def test_what_cannot_be_rendered_is_dead_and_does_not_hold_up_the_channel(post: Post) -> None:
    class Unheard(Facts):
        kind = "unheard-of"

    await post.show(Unheard(), subject="x")
    await post.say("after it")
    await post.deliver()
    assert await post.statuses() == ["dead", "sent"]
    assert await post.problem() == "cannot be rendered: KeyError"
    assert await post.texts() == ["after it"]


async def test_what_slack_never_takes_is_dead_and_does_not_hold_up_the_channel(post: Post) -> None:
    await post.show("")
    await post.say("after it")
    await post.deliver()
    assert await post.statuses() == ["dead", "sent"]
    assert await post.problem() == "no_text"


async def test_the_running_sender_delivers_what_is_committed(post: Post) -> None:
    running = asyncio.create_task(post.sender.run())
    try:
        async with asyncio.timeout(10):
            for text in ("first", "second"):
                await post.show(text)
                while await post.texts() != [text]:
                    assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_two_senders_started_at_once_send_each_message_once(post: Post) -> None:
    await post.show("live")
    await post.say(*(f"message {number}" for number in range(6)))
    other = post.another_sender("another one")
    await asyncio.gather(post.deliver(), other.deliver_due())
    assert await post.texts() == ["live", *(f"message {number}" for number in range(6))]


async def test_a_whole_rollback_is_told_by_one_live_message_and_its_thread(post: Post, trial: Trial) -> None:
    walk = await trial.concluded()
    await post.deliver()
    await trial.services.confirmation.confirm(await trial.confirmation(walk), actor=walk.started_by)
    await trial.work()
    await post.deliver()
    (live,) = await post.posted()
    assert "is done" in str(live["text"])
    told = "\n".join(await post.thread()).split("\n")
    expected = "\n".join(await trial.told(walk.incident)).split("\n")
    assert [line.replace("&gt;", ">") for line in told] == expected
