"""How a start request ends without a run: withdrawn, or its time is over."""

from datetime import timedelta

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.domain.run import Run
from tests.integration.ledger import EVE, KIM, SAM
from tests.integration.trial import Trial


async def test_an_approval_of_an_earlier_request_does_not_count_for_the_next_one(two: Trial) -> None:
    first = await two.asked()
    await two.services.start_requests.withdraw(first.id, actor=SAM)
    walk = await two.services.walks.get(first.walk)
    await two.services.previews.again(walk.id, version=walk.version, actor=SAM)
    await two.work()
    walk = await two.services.walks.get(walk.id)
    second = await two.services.confirmation.ask(await two.confirmation(walk), actor=SAM)
    assert second.preview != first.preview
    with pytest.raises(SupersededError, match="Sam withdrew this already"):
        await two.approve(first, by=KIM)
    assert isinstance(await two.approve(second, by=KIM), Run)


async def test_a_request_is_over_when_its_preview_is(two: Trial) -> None:
    request = await two.asked()
    walk = await two.services.walks.get(request.walk)
    async with two.store.reading() as tx:
        preview = await tx.walks.preview(request.preview)
    assert request.expires_at == preview.expires_at == preview.made_at + timedelta(minutes=10)
    two.clock.advance((request.expires_at - two.clock.now()).total_seconds() - 0.001)
    await two.work()
    assert (await two.services.start_requests.get(request.id)).status == "open"
    two.clock.advance(0.001)
    with pytest.raises(RefusedError, match=r"they are over.*Preview again"):
        await two.approve(request, by=KIM)
    with pytest.raises(RefusedError, match="they are over"):
        await two.services.break_glass.go_on_alone(request.id, reason="alone", actor=SAM)
    await two.work()
    assert (await two.services.start_requests.get(request.id)).status == "expired"
    assert (await _expired_in_the_message(two)) == request.id
    with pytest.raises(SupersededError, match="not approved within its 10 minutes"):
        await two.approve(request, by=KIM)
    after = await two.services.walks.get(walk.id)
    await two.services.previews.again(walk.id, version=after.version, actor=KIM)
    await two.work()
    assert await _expired_in_the_message(two) is None
    again = await two.services.confirmation.ask(await two.confirmation(after), actor=KIM)
    assert isinstance(await two.approve(again, by=SAM), Run)


async def _expired_in_the_message(trial: Trial) -> object:
    (row,) = await trial.messages("walk.verdict")
    expired = row.facts["expired"]
    return expired["id"] if isinstance(expired, dict) else None


async def test_a_withdrawn_request_leads_back_to_the_verdict(two: Trial) -> None:
    request = await two.asked()
    with pytest.raises(NotAllowedError):
        await two.services.start_requests.withdraw(request.id, actor=EVE)
    await two.services.start_requests.withdraw(request.id, actor=KIM)
    assert [row.kind for row in await two.messages("walk.verdict")] == ["walk.verdict"]
    assert await two.messages("walk.requested") == []
    assert (await two.told((await two.services.walks.get(request.walk)).incident))[
        -1
    ] == "Kim: withdrew the rollback that Sam asked for"
    for press in (
        two.approve(request, by=KIM),
        two.services.start_requests.withdraw(request.id, actor=SAM),
        two.services.break_glass.go_on_alone(request.id, reason="late", actor=SAM),
    ):
        with pytest.raises(SupersededError, match="Kim withdrew this already"):
            await press
    two.clock.advance(minutes=11)
    await two.work()
    assert (await two.services.start_requests.get(request.id)).status == "withdrawn"
