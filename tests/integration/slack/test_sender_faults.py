"""The sender when Slack, the network or the bot's own process breaks: nothing lost, nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.domain.errors import StoreError
from bot.slack.blocks import Message
from bot.slack.posting import Posted, Posting, Result
from bot.store.store import Store, Transaction
from tests.e2e.workspace_control import control
from tests.integration.slack.conftest import INCIDENTS, OTHER, Post


async def test_a_message_whose_answer_was_lost_is_found_and_not_posted_twice(post: Post) -> None:
    await post.say("once")
    await post.fail_next("drop_after")
    await post.deliver()
    assert await post.statuses() == ["pending"]
    post.clock.advance(60)
    await post.deliver()
    assert await post.texts() == ["once"]
    assert await post.statuses() == ["sent"]
    assert len(await post.calls("chat.postMessage")) == 1


async def test_a_live_message_whose_answer_was_lost_is_found_and_then_kept_current(post: Post) -> None:
    await post.show("first")
    await post.fail_next("drop_after")
    await post.deliver()
    await post.show("second")
    post.clock.advance(60)
    await post.deliver()
    assert await post.texts() == ["second"]
    assert len(await post.calls("chat.postMessage")) == 1


async def test_lines_told_together_whose_answer_was_lost_are_not_told_twice(post: Post) -> None:
    await post.show("the incident")
    await post.deliver()
    await post.tell("one", "two", "three")
    await post.fail_next("drop_after")
    await post.deliver()
    await post.tell("four")
    post.clock.advance(60)
    await post.deliver()
    assert "\n".join(await post.thread()) == "Sam: one\nSam: two\nSam: three\nSam: four"
    assert set(await post.statuses()) == {"sent"}


async def test_a_line_whose_thread_is_gone_and_whose_answer_was_lost_is_not_told_twice(post: Post) -> None:
    await post.show("the incident")
    await post.deliver()
    (message,) = await post.posted()
    await post.client.chat_delete(channel="C0INCIDENTS", ts=str(message["ts"]))
    await post.tell("one")
    await post.fail_next("500")
    await post.deliver()
    post.clock.advance(60)
    await post.fail_next("drop_after")
    await post.deliver()
    post.clock.advance(60)
    await post.deliver()
    assert await post.texts() == ["Sam: one"]
    assert set(await post.statuses()) == {"sent"}


async def test_a_row_claimed_by_a_process_that_died_before_posting_is_posted(post: Post) -> None:
    await post.say("once", "after it")
    await post.claimed()
    await post.deliver()
    assert await post.texts() == ["once", "after it"]


async def test_a_row_posted_by_a_process_that_died_before_recording_is_found(post: Post) -> None:
    await post.show("the incident")
    row = await post.claimed()
    posted = await Posting(post.client).post(
        Message(text="the incident", blocks=()),
        channel=INCIDENTS,
        thread_ts=None,
        marks=[f"{row.subject}#{row.number}"],
    )
    assert isinstance(posted, Posted)
    await post.deliver()
    assert len(await post.posted()) == 1
    await post.show("later")
    await post.deliver()
    assert await post.texts() == ["later"]


async def test_a_message_is_found_on_a_later_page_of_the_history(post: Post) -> None:
    await post.say("once")
    await post.fail_next("drop_after")
    await post.deliver()
    for number in range(205):
        await post.client.chat_postMessage(channel="C0INCIDENTS", text=f"someone else {number}")
    post.clock.advance(60)
    await post.deliver()
    assert len(await post.calls("conversations.history")) == 2
    assert await post.statuses() == ["sent"]
    assert len(await post.calls("chat.postMessage")) == 206


async def test_while_slack_cannot_be_asked_a_doubtful_message_is_not_posted_again(post: Post) -> None:
    await post.say("once", "after it")
    await post.fail_next("drop_after")
    await post.deliver()
    post.clock.advance(60)
    await post.fail_next("500", method="conversations.history")
    await post.deliver()
    assert await post.statuses() == ["pending", "pending"]
    post.clock.advance(60)
    await post.deliver()
    assert await post.texts() == ["once", "after it"]


async def test_a_rate_limit_is_respected_for_as_long_as_slack_says(post: Post) -> None:
    await post.say("one", "two")
    await post.fail_next("429")
    await post.deliver()
    assert (await post.statuses(), await post.problem()) == (["pending", "pending"], "ratelimited")
    await post.say("elsewhere", channel=OTHER)
    post.clock.advance(0.999)
    await post.deliver()
    assert await post.texts() == []
    assert await post.texts("C0CUTOVER") == ["elsewhere"]
    post.clock.advance(0.001)
    await post.deliver()
    assert await post.texts() == ["one", "two"]


async def test_a_burst_gets_through_slacks_own_limits_in_order(post: Post) -> None:
    await control(post.workspace.url, "faults", {"rate_limits": True})
    texts = [f"message {number}" for number in range(8)]
    await post.say(*texts)
    async with asyncio.timeout(20):
        while set(await post.statuses()) != {"sent"}:
            await post.deliver()
            post.clock.advance(1)
    assert await post.texts() == texts


@pytest.mark.parametrize("mode", ["500", "hang"])
async def test_a_call_that_fails_is_tried_again_later_and_later(post: Post, mode: str) -> None:
    await post.say("in the end")
    await post.fail_next(mode, count=2)
    await post.deliver()
    assert await post.statuses() == ["pending"]
    problem = await post.problem()
    assert problem in ("HTTP 500", "Slack cannot be reached: TimeoutError")
    await post.deliver()
    post.clock.advance(0.5)
    await post.deliver()
    assert len(await post.calls("chat.postMessage")) == 2, "not before its time"
    post.clock.advance(0.9)
    await post.deliver()
    assert len(await post.calls("chat.postMessage")) == 2, "the pause has doubled"
    post.clock.advance(0.1)
    await post.deliver()
    assert await post.texts() == ["in the end"]


class _FailingStore(Store):
    """A store whose next writing transactions find the database away."""

    failures = 0

    @asynccontextmanager
    async def transaction(self, *, later: bool = False) -> AsyncIterator[Transaction]:
        if self.failures > 0:
            self.failures -= 1
            raise StoreError("The database cannot be used: away")
        async with super().transaction(later=later) as tx:
            yield tx


async def test_the_running_sender_outlives_a_database_that_is_away(post: Post) -> None:
    store = _FailingStore(database=post.store.database, jobs=post.store._jobs)
    await post.say("in the end")
    store.failures = 1
    running = asyncio.create_task(post.another_sender("other", store=store).run())
    try:
        async with asyncio.timeout(10):
            while await post.texts() != ["in the end"]:
                assert not running.done(), running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_posting_that_could_not_be_recorded_is_found_and_not_posted_twice(post: Post) -> None:
    store = _FailingStore(database=post.store.database, jobs=post.store._jobs)

    class _LosingPosting(Posting):
        """Posts, and then the database goes away."""

        async def post(
            self, message: Message, *, channel: str, thread_ts: str | None, marks: list[str]
        ) -> Result:
            store.failures = 1
            return await super().post(message, channel=channel, thread_ts=thread_ts, marks=marks)

    losing = post.another_sender("losing", store=store, posting=_LosingPosting(post.client))
    await post.show("once")
    await losing.deliver_due()
    assert await post.statuses() == ["sending"]
    post.clock.advance(31)
    await post.deliver()
    assert await post.texts() == ["once"]
    assert await post.statuses() == ["sent"]
