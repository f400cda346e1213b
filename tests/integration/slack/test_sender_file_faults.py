"""A file when Slack, the network or the bot's own process breaks: not lost, and not there twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sandbox.json_values import JsonObject, as_list, objects_in
from bot.slack.posting import Posting
from bot.slack.uploads import SETTLE
from bot.slack.views.repeat import NOTE
from bot.store.delivery import LEASE
from bot.store.outbox import OutboxRow
from bot.store.tables import channel_leases
from tests.e2e.workspace_control import control
from tests.integration.slack.conftest import INCIDENTS, SAM, SAMS, Post, new_sender, new_uploads

COMPLETE = "files.completeUploadExternal"
CALLS = ("conversations.open", "files.getUploadURLExternal", "upload", COMPLETE)


async def names(post: Post, channel: str = SAMS) -> list[object]:
    """The names of the files that arrived, oldest first."""
    found = [file for message in await post.posted(channel) for file in objects_in(message.get("files"))]
    return [file["name"] for file in found]


async def completed(post: Post) -> list[JsonObject]:
    return await post.calls(COMPLETE)


def take_away(post: Post, scope: str) -> None:
    """An app that was installed with a manifest of before."""
    manifest = post.workspace.workspace.manifest
    assert manifest.scopes is not None
    post.workspace.workspace.manifest = replace(manifest, scopes=manifest.scopes - {scope})


@pytest.mark.parametrize("mode", ["500", "429", "hang", "drop_after"])
@pytest.mark.parametrize("method", CALLS)
async def test_whichever_call_fails_in_whatever_way_the_file_arrives_once(
    post: Post, method: str, mode: str
) -> None:
    await post.send_file()
    await post.say("after it", channel=SAM)
    await post.fail_next(mode, method=method)
    await post.deliver()
    assert await post.statuses() == ["pending", "pending"], "what comes after it waits"
    post.clock.advance(60)
    await post.deliver()
    assert await names(post) == ["employees-1.csv"]
    assert (await post.texts(SAMS))[-1] == "after it"
    assert await post.statuses() == ["sent", "sent"]


async def test_a_file_whose_answer_was_lost_is_found_and_neither_made_nor_sent_again(post: Post) -> None:
    await post.send_file()
    await post.fail_next("drop_after", method=COMPLETE)
    await post.deliver()
    post.clock.advance(60)
    await post.deliver()
    assert await names(post) == ["employees-1.csv"]
    assert (post.exports.asked, len(await completed(post))) == (1, 1)


async def test_a_file_whose_fate_is_unknown_is_looked_up_only_when_slack_has_shown_it(post: Post) -> None:
    await post.send_file()
    await post.fail_next("drop_after", method=COMPLETE)
    await post.deliver()
    post.clock.advance((SETTLE - timedelta(milliseconds=1)).total_seconds())
    await post.deliver()
    assert await post.calls("conversations.history") == []
    post.clock.advance(0.001)
    await post.deliver()
    assert await post.statuses() == ["sent"]


async def test_what_was_known_not_to_have_arrived_is_tried_again_as_soon_as_slack_says(post: Post) -> None:
    await post.send_file()
    await post.fail_next("429", method=COMPLETE)
    await post.deliver()
    post.clock.advance(1)
    await post.deliver()
    assert await names(post) == ["employees-1.csv"]


async def test_a_file_in_a_channel_and_in_a_thread_is_found_there(post: Post) -> None:
    await post.show("the incident")
    await post.deliver()
    for thread in (None, "incident:1"):
        await post.send_file(channel=INCIDENTS, thread=thread)
        await post.fail_next("drop_after", method=COMPLETE)
        await post.deliver()
        post.clock.advance(60)
        await post.deliver()
    assert set(await post.statuses()) == {"sent"}
    assert len(await completed(post)) == 2


async def test_of_two_files_of_one_name_the_one_that_is_lacking_is_sent(post: Post) -> None:
    await post.send_file()
    await post.send_file()
    await post.fail_next("500", method=COMPLETE, count=1)
    await post.deliver()
    post.clock.advance(60)
    await post.deliver()
    assert await names(post) == ["employees-1.csv", "employees-2.csv"]


async def test_what_is_told_instead_of_a_file_is_told_once(post: Post) -> None:
    post.exports.instead = ValueError("no")
    await post.send_file()
    await post.fail_next("drop_after")
    await post.deliver()
    post.clock.advance(60)
    await post.deliver()
    assert len(await post.texts(SAMS)) == 1
    assert await post.statuses() == ["sent"]


async def test_a_file_that_cannot_be_looked_up_is_sent_again_and_says_so(post: Post) -> None:
    granted = post.workspace.workspace.manifest
    await post.send_file()
    await post.fail_next("drop_after", method=COMPLETE)
    await post.deliver()
    take_away(post, "im:history")
    post.clock.advance(60)
    await post.deliver()
    post.workspace.workspace.manifest = granted
    assert await names(post) == ["employees-1.csv", "employees-1.csv"]
    assert await post.texts(SAMS) == ["1 row differs", f"1 row differs\n{NOTE}"]


async def test_without_the_scope_whoever_waits_is_told_what_to_do(post: Post) -> None:
    take_away(post, "files:write")
    await post.send_file()
    await post.deliver()
    (text,) = await post.texts(SAMS)
    assert "(missing_scope)" in str(text)
    assert "install the app anew" in str(text)


async def test_a_file_claimed_by_a_process_that_died_before_it_was_shown_is_sent_at_once(post: Post) -> None:
    await post.send_file()
    await post.claimed(SAM)
    await post.deliver()
    assert await names(post) == ["employees-1.csv"]


async def test_a_process_that_dies_while_it_shows_a_file_leaves_time_to_slack(post: Post) -> None:
    await post.send_file()
    row = await post.claimed(SAM)
    async with post.store.transaction() as tx:
        assert await tx.delivery.lease(SAM, owner="this one", now=post.clock.now())
        assert await tx.delivery.keep(row, owner="this one", now=post.clock.now(), settle=SETTLE)
    await post.deliver()
    assert await post.statuses() == ["sending"]
    post.clock.advance(SETTLE.total_seconds())
    await post.deliver()
    assert await names(post) == ["employees-1.csv"]


async def test_a_row_is_kept_by_its_last_claim_alone_even_when_no_lease_is_left(post: Post) -> None:
    async def keeps(row: OutboxRow, owner: str) -> bool:
        async with post.store.transaction() as tx:
            return await tx.delivery.keep(row, owner=owner, now=post.clock.now(), settle=timedelta(0))

    await post.send_file()
    first = await post.claimed(SAM)
    assert await keeps(first, "one")
    post.clock.advance(LEASE.total_seconds() + 1)
    second = await post.claimed(SAM)
    assert (await keeps(first, "one"), await keeps(second, "two")) == (False, True)
    assert not await keeps(second, "one"), "the lease is another's"
    async with post.store.transaction() as tx:
        await tx.delivery.sent([second.number])
    assert not await keeps(second, "two"), "it was sent"


async def test_two_replicas_at_once_send_a_file_once(post: Post) -> None:
    await post.send_file()
    another = post.another_sender("another")
    await asyncio.gather(post.deliver(), another.deliver_due(), post.deliver())
    assert await names(post) == ["employees-1.csv"]
    assert post.exports.asked == 1


async def test_while_a_file_is_made_its_channel_is_kept_longer_than_a_lease(post: Post) -> None:
    await post.send_file()
    another = post.another_sender("another")
    post.exports.ready.clear()
    making = asyncio.create_task(post.deliver())
    await post.exports.begun.wait()
    for _ in range(3):
        kept = await _lease_until(post)
        post.clock.advance(LEASE.total_seconds() - 1)
        async with asyncio.timeout(10):
            while await _lease_until(post) == kept:
                assert not making.done()
        await another.deliver_due()
    post.exports.ready.set()
    await making
    assert (post.exports.asked, await names(post)) == (1, ["employees-1.csv"])


async def _lease_until(post: Post) -> object:
    async with post.store.database.reading() as connection:
        return (await connection.execute(channel_leases.select())).one().until


async def test_a_replica_that_slept_while_another_sent_the_file_does_not_send_it(post: Post) -> None:
    await post.send_file()
    slept = new_sender(
        "slept",
        store=post.store,
        clock=post.clock,
        posting=Posting(post.client),
        uploads=new_uploads(post.client, post.session, post.exports, beat=3600),
    )
    post.exports.ready.clear()
    sleeping = asyncio.create_task(slept.deliver_due())
    await post.exports.begun.wait()
    post.exports.begun.clear()
    post.clock.advance(LEASE.total_seconds() + 1)
    delivering = asyncio.create_task(post.deliver())
    await post.exports.begun.wait()
    post.exports.ready.set()
    await asyncio.gather(sleeping, delivering)
    assert (await names(post), await post.statuses()) == (["employees-1.csv"], ["sent"])
    assert len(await completed(post)) == 1


async def test_a_file_that_takes_too_long_is_given_up_and_it_is_told(post: Post) -> None:
    sender = new_sender(
        "hasty",
        store=post.store,
        clock=post.clock,
        posting=Posting(post.client),
        uploads=new_uploads(post.client, post.session, post.exports, seconds=0.05),
    )
    post.exports.ready.clear()
    await post.send_file()
    await sender.deliver_due()
    (text,) = await post.texts(SAMS)
    assert "took longer" in str(text)


async def test_a_sender_that_is_stopped_while_a_file_is_made_leaves_it_to_the_next(post: Post) -> None:
    post.exports.ready.clear()
    await post.send_file()
    running = asyncio.create_task(post.sender.run())
    await post.exports.begun.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    post.exports.ready.set()
    await post.another_sender("this one").deliver_due()
    assert await names(post) == ["employees-1.csv"]


async def test_rate_limits_of_slack_are_kept_with_many_files(post: Post) -> None:
    await control(post.workspace.url, "faults", {"rate_limits": True})
    for number in range(5):
        await post.send_file(f"check{number}")
    async with asyncio.timeout(20):
        while set(await post.statuses()) != {"sent"}:
            await post.deliver()
            post.clock.advance(1)
    assert len(as_list(await names(post))) == 5
