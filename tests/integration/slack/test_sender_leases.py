"""One sender at a time has a channel."""

from tests.integration.slack.conftest import INCIDENTS, OTHER, Post


async def test_a_channel_that_another_sender_has_is_left_to_it(post: Post) -> None:
    async with post.store.transaction() as tx:
        assert await tx.delivery.lease(INCIDENTS, owner="another one", now=post.clock.now())
    await post.say("not mine")
    await post.say("mine", channel=OTHER)
    await post.deliver()
    assert await post.texts() == []
    assert await post.texts("C0CUTOVER") == ["mine"]
    assert await post.statuses() == ["pending", "sent"]


async def test_the_lease_of_a_sender_that_died_is_taken_over_when_it_has_expired(post: Post) -> None:
    await post.say("first", "second")
    async with post.store.transaction() as tx:
        assert await tx.delivery.lease(INCIDENTS, owner="dead", now=post.clock.now())
    await post.claimed()
    post.clock.advance(30)
    await post.deliver()
    assert await post.texts() == []
    post.clock.advance(0.001)
    await post.deliver()
    assert await post.texts() == ["first", "second"]


async def test_a_sender_keeps_its_lease_while_it_has_something_to_send(post: Post) -> None:
    other = post.another_sender("another one")
    for number in range(3):
        await post.say(f"message {number}")
        post.clock.advance(20)
        await post.deliver()
        await post.say(f"reply {number}")
        await other.deliver_due()
        assert len(await post.texts()) == 2 * number + 1
        await post.deliver()


async def test_the_backlog_is_counted_from_its_oldest_row(post: Post) -> None:
    first = post.clock.now()
    await post.say("one")
    post.clock.advance(90)
    await post.say("two")
    async with post.store.reading() as tx:
        assert await tx.delivery.backlog() == (2, first)
    await post.deliver()
    async with post.store.reading() as tx:
        assert await tx.delivery.backlog() == (0, None)
