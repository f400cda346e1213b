"""Which channels have a message that may be sent now."""

from datetime import timedelta

from bot.domain.messages.facts import Plain
from tests.integration.ledger import INCIDENTS
from tests.integration.trial import Trial

OTHER = "#other"


async def due(trial: Trial) -> tuple[str, ...]:
    async with trial.store.reading() as tx:
        return await tx.delivery.channels(now=trial.clock.now())


async def test_a_channel_whose_next_message_is_put_off_waits_for_its_time(trial: Trial) -> None:
    now = trial.clock.now()
    async with trial.store.transaction() as tx:
        for channel in (INCIDENTS, INCIDENTS, OTHER):
            await tx.outbox.say(channel=channel, subject="x", facts=Plain(text="x"), at=now)
    assert sorted(await due(trial)) == [INCIDENTS, OTHER]

    async with trial.store.transaction() as tx:
        row = await tx.delivery.claim(INCIDENTS, now=now)
        assert row is not None
        await tx.delivery.later(row.number, not_before=now + timedelta(seconds=1), problem="ratelimited")
    # The second message of the channel is due, and waits behind the first.
    assert await due(trial) == (OTHER,)

    trial.clock.advance(1)
    assert sorted(await due(trial)) == [INCIDENTS, OTHER]


async def test_a_message_that_was_put_off_before_the_clock_was_set_back_is_sent_at_once(trial: Trial) -> None:
    now = trial.clock.now()
    async with trial.store.transaction() as tx:
        await tx.outbox.say(channel=INCIDENTS, subject="x", facts=Plain(text="x"), at=now)
        row = await tx.delivery.claim(INCIDENTS, now=now)
        assert row is not None
        await tx.delivery.later(row.number, not_before=now + timedelta(seconds=30), problem="ratelimited")
    trial.clock.set_by(timedelta(hours=-1))
    assert await due(trial) == (INCIDENTS,)
    async with trial.store.transaction() as tx:
        assert await tx.delivery.claim(INCIDENTS, now=trial.clock.now()) is not None


async def test_a_lease_that_was_taken_before_the_clock_was_set_back_is_over(trial: Trial) -> None:
    async with trial.store.transaction() as tx:
        assert await tx.delivery.lease(INCIDENTS, owner="dead", now=trial.clock.now())
        trial.clock.set_by(timedelta(seconds=-20))
        assert not await tx.delivery.lease(INCIDENTS, owner="other", now=trial.clock.now())
        trial.clock.set_by(timedelta(hours=-1))
        assert await tx.delivery.lease(INCIDENTS, owner="other", now=trial.clock.now())
