"""Trigger ids, response URLs and rate limits, by a clock that the test moves."""

import pytest

from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.response_urls import Origin, ResponseUrlError, ResponseUrls
from bot.sandbox.triggers import TriggerError, TriggerIds
from tests.unit.sandbox.fixed_inputs import CountedIds, FixedClock


def triggers(clock: FixedClock) -> TriggerIds:
    return TriggerIds(clock=clock, ids=CountedIds(), lifetime=3.0)


def test_a_trigger_id_works_once() -> None:
    ids = triggers(FixedClock())
    trigger_id = ids.issue(user="U1")
    assert ids.exchange(trigger_id) == "U1"
    with pytest.raises(TriggerError, match="exchanged_trigger_id"):
        ids.exchange(trigger_id)


def test_a_trigger_id_lives_three_seconds() -> None:
    clock = FixedClock()
    ids = triggers(clock)
    first, second = ids.issue(user="U1"), ids.issue(user="U1")
    clock.time += 3.0
    assert ids.exchange(first) == "U1"
    clock.time += 0.001
    with pytest.raises(TriggerError, match="expired_trigger_id"):
        ids.exchange(second)


def test_a_trigger_id_that_was_never_issued_is_invalid() -> None:
    with pytest.raises(TriggerError, match="invalid_trigger_id"):
        triggers(FixedClock()).exchange("made.up")


def test_a_response_url_works_five_times() -> None:
    urls = ResponseUrls(clock=FixedClock(), ids=CountedIds())
    origin = Origin(channel="C1", user="U1")
    token = urls.issue(origin)
    assert [urls.use(token) for _ in range(5)] == [origin] * 5
    with pytest.raises(ResponseUrlError, match="used_url"):
        urls.use(token)


def test_a_response_url_works_for_thirty_minutes() -> None:
    clock = FixedClock()
    urls = ResponseUrls(clock=clock, ids=CountedIds())
    token = urls.issue(Origin(channel="C1", user="U1"))
    clock.time += 1800
    urls.use(token)
    clock.time += 1
    with pytest.raises(ResponseUrlError, match="expired_url"):
        urls.use(token)


def test_a_channel_takes_a_burst_of_three_posts_and_then_one_a_second() -> None:
    clock = FixedClock()
    limits = RateLimits(clock=clock)
    waits = [limits.take(method="chat.postMessage", channel="C1") for _ in range(4)]
    assert waits == [0, 0, 0, 1]
    assert limits.take(method="chat.postMessage", channel="C2") == 0
    clock.time += 1
    waits = [limits.take(method="chat.postMessage", channel="C1") for _ in range(2)]
    assert waits == [0, 1]


def test_a_tier_three_method_may_be_called_fifty_times_a_minute() -> None:
    clock = FixedClock()
    limits = RateLimits(clock=clock)
    waits = [limits.take(method="chat.update", channel="C1") for _ in range(51)]
    assert waits == [0] * 50 + [2]
    clock.time += 60
    assert limits.take(method="chat.update", channel="C1") == 0


def test_a_client_that_waits_as_long_as_it_is_told_gets_through() -> None:
    clock = FixedClock()
    limits = RateLimits(clock=clock)
    limits.take(method="apps.connections.open", channel=None)
    wait = limits.take(method="apps.connections.open", channel=None)
    assert wait == 60
    clock.time += wait
    assert limits.take(method="apps.connections.open", channel=None) == 0
