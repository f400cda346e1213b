"""Breaking the glass: one person goes on with a reason, everybody is told, somebody else reviews it."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.review import Review
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import ANA, EVE, KIM, SAM
from tests.integration.trial import Trial, joined

SAM_AT_THE_HOST = Actor("terminal:sam", "sam (terminal)", account="sam")


async def _alone(trial: Trial, request: StartRequest, *, by: Actor = SAM, reason: str = "Kim is away") -> Run:
    return await trial.services.break_glass.go_on_alone(request.id, reason=reason, actor=by)


async def _review(trial: Trial) -> str:
    """The id of the one review, as its message has it."""
    (row,) = await trial.messages("review")
    assert (row.channel, row.thread) == ("#incidents", None)
    return row.subject.removeprefix("review:")


async def test_one_goes_on_alone_with_a_reason_and_everybody_else_is_called(three: Trial) -> None:
    request = await three.asked()
    run = await _alone(three, request, reason=" Kim is away ")
    assert (run.confirmed_by, run.approved_by, run.broke_glass) == (SAM, (), "Kim is away")
    called = (await three.messages("role.call"))[-1]
    assert called.facts["people"] == [ANA.id, KIM.id]
    assert "alone: Kim is away" in str(called.facts["text"])
    assert ("run.broke_glass", "U0SAM (Sam)") in await three.audited()
    told = "Sam: went on alone (0 of 2 approvals; reason: Kim is away): plan “Immediate”, 2 steps"
    assert told in await three.told(run.incident)
    await three.work()
    assert three.action.acts == ["stop", "restore"]
    assert (await three.run(run.id)).broke_glass == "Kim is away"


async def test_another_person_of_the_role_can_go_on_and_answers_for_it(three: Trial) -> None:
    request = await three.asked()
    await three.approve(request, by=ANA)
    run = await _alone(three, request, by=KIM)
    assert (run.confirmed_by, run.approved_by) == (KIM, (ANA,))


async def test_while_slack_is_away_a_copy_of_the_role_is_enough_and_is_read_once(two: Trial) -> None:
    request = await two.asked()
    two.roles.copied_at = two.clock.now()
    two.roles.asked.clear()
    await _alone(two, request)
    assert two.roles.asked == [("ledger-oncall", True)]


@pytest.mark.parametrize("reason", ["", "   "])
async def test_going_on_alone_takes_a_reason(two: Trial, reason: str) -> None:
    request = await two.asked()
    with pytest.raises(RefusedError, match="takes a reason") as error:
        await _alone(two, request, reason=reason)
    assert error.value.field == "reason"
    assert (await two.counts())["runs"] == 0


@pytest.mark.parametrize("actor", [EVE, SAM_AT_THE_HOST])
async def test_who_has_not_the_role_in_slack_does_not_go_on_alone(two: Trial, actor: Actor) -> None:
    request = await two.asked()
    with pytest.raises(NotAllowedError):
        await _alone(two, request, by=actor)
    assert (await two.audited())[-1] == ("refused", f"{actor.id} ({actor.name})")
    assert (await two.counts())["runs"] == 0


async def test_who_comes_after_it_is_told_who_went_on_alone(two: Trial) -> None:
    request = await two.asked()
    await _alone(two, request)
    with pytest.raises(SupersededError, match="Sam went on alone already"):
        await two.approve(request, by=KIM)
    with pytest.raises(SupersededError, match="Sam went on alone already"):
        await _alone(two, request, by=KIM)
    counts = await two.counts()
    assert (counts["runs"], counts["reviews"]) == (1, 1)


async def test_after_decommissioning_the_glass_is_not_broken(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, quorum=1) as before:
        request = await before.asked()
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, phase="gone") as trial:
        for press in (_alone(trial, request), trial.approve(request, by=KIM)):
            with pytest.raises(NotAllowedError, match="cannot be rolled back in phase “gone”"):
                await press
        assert (await trial.counts())["runs"] == 0


async def test_when_the_playbook_wants_other_approvals_by_now_it_is_asked_for_again(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, quorum=2) as before:
        request = await before.asked()
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, quorum=1) as trial:
        for press in (_alone(trial, request), trial.approve(request, by=KIM)):
            with pytest.raises(RefusedError, match="has changed who has to approve"):
                await press
        assert (await trial.counts())["runs"] == 0


async def test_who_went_on_alone_does_not_close_the_review(two: Trial) -> None:
    await _alone(two, await two.asked())
    review = await _review(two)
    for sam in (SAM, Actor(SAM.id, "Samuel"), SAM_AT_THE_HOST):
        with pytest.raises(NotAllowedError):
            await two.services.reviews.close(review, note="fine", actor=sam)
        with pytest.raises(NotAllowedError):
            await two.services.reviews.shown(review, actor=sam)
    with pytest.raises(NotAllowedError, match="You may not close a review of ledger"):
        await two.services.reviews.close(review, note="fine", actor=EVE)
    with pytest.raises(RefusedError, match="says what was found"):
        await two.services.reviews.close(review, note="  ", actor=KIM)
    closed = await two.services.reviews.close(review, note=" It was right ", actor=KIM)
    assert (closed.closed_by, closed.closed_at, closed.note) == (KIM, two.clock.now(), "It was right")
    async with two.store.reading() as tx:
        assert await tx.reviews.get(review) == closed
    assert ("review.closed", "U0KIM (Kim)") in await two.audited()


async def test_of_two_who_close_a_review_at_once_one_does_and_the_other_is_told(three: Trial) -> None:
    await _alone(three, await three.asked())
    review = await _review(three)
    ended = await asyncio.gather(
        *(three.services.reviews.close(review, note=f"by {by.name}", actor=by) for by in (KIM, ANA)),
        return_exceptions=True,
    )
    (closed,) = [one for one in ended if isinstance(one, Review)]
    (told,) = [str(one) for one in ended if isinstance(one, SupersededError)]
    assert closed.closed_by is not None
    assert told == f"{closed.closed_by.name} closed this review already: {closed.note}"
    assert [kind for kind, _ in await three.audited()].count("review.closed") == 1
