"""Approvals, a withdrawal and one who goes on alone, all at once: one run, or none."""

import asyncio
from collections.abc import Coroutine

import pytest

from bot.domain.errors import SupersededError
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from tests.integration.ledger import ANA, KIM, SAM
from tests.integration.trial import Trial

Press = Coroutine[object, object, object]


async def _ended(*presses: Press) -> tuple[list[object], list[str]]:
    """The effects of presses made at once, and what the others were told."""
    ended = await asyncio.gather(*presses, return_exceptions=True)
    told = [str(one) for one in ended if isinstance(one, SupersededError)]
    effects = [one for one in ended if not isinstance(one, SupersededError)]
    assert not [one for one in effects if isinstance(one, BaseException)], effects
    return effects, told


async def test_two_approvals_at_once_start_one_run(two: Trial) -> None:
    two.roles.groups["ledger-oncall"].add(ANA.id)
    request = await two.asked()
    effects, told = await _ended(*(two.approve(request, by=by) for by in (KIM, ANA) * 2))
    (run,) = effects
    assert isinstance(run, Run)
    assert told == [f"{run.approved_by[0].name} approved this already, and the rollback was started"] * 3
    counts = await two.counts()
    assert (counts["runs"], counts["approvals"]) == (1, 1)
    assert [job.id for job in await two.waiting_jobs() if job.job == "run"] == [f"run:{run.id}:1"]


async def test_the_last_two_approvals_at_once_start_one_run(three: Trial) -> None:
    request = await three.asked()
    effects, told = await _ended(three.approve(request, by=KIM), three.approve(request, by=ANA))
    assert sorted(type(one).__name__ for one in effects) == ["Run", "StartRequest"]
    assert told == []
    assert (await three.counts())["runs"] == 1


async def test_one_person_who_presses_many_times_at_once_counts_once(three: Trial) -> None:
    request = await three.asked()
    effects, told = await _ended(*(three.approve(request, by=KIM) for _ in range(4)))
    assert [one.count() for one in effects if isinstance(one, StartRequest)] == ["1 of 2 approvals"]
    assert len(told) == 3
    counts = await three.counts()
    assert (counts["runs"], counts["approvals"]) == (0, 1)


@pytest.mark.parametrize("first", ["approve", "withdraw"])
async def test_an_approval_that_races_with_a_withdrawal_starts_a_run_or_nothing(
    two: Trial, first: str
) -> None:
    request = await two.asked()
    approve, withdraw = (
        two.approve(request, by=KIM),
        two.services.start_requests.withdraw(request.id, actor=SAM),
    )
    effects, told = await _ended(*((approve, withdraw) if first == "approve" else (withdraw, approve)))
    assert (len(effects), len(told)) == (1, 1)
    started = isinstance(effects[0], Run)
    walk = await two.services.walks.get(request.walk)
    assert (await two.counts())["runs"] == int(started)
    assert walk.status == ("confirmed" if started else "concluded")
    assert told == [
        "Kim approved this already, and the rollback was started" if started else "Sam withdrew this already"
    ]


async def test_an_approval_that_races_with_one_who_goes_on_alone_starts_one_run(two: Trial) -> None:
    request = await two.asked()
    alone = two.services.break_glass.go_on_alone(request.id, reason="now", actor=SAM)
    effects, told = await _ended(two.approve(request, by=KIM), alone)
    assert (len(effects), len(told)) == (1, 1)
    run = effects[0]
    assert isinstance(run, Run)
    counts = await two.counts()
    assert (counts["runs"], counts["reviews"]) == (1, int(bool(run.broke_glass)))


async def test_of_two_who_ask_at_once_one_asks(two: Trial) -> None:
    walk = await two.concluded()
    confirmation = await two.confirmation(walk)

    def ask(actor: Actor) -> Press:
        return two.services.confirmation.ask(confirmation, actor=actor)

    effects, told = await _ended(*(ask(actor) for actor in (SAM, KIM) * 2))
    (request,) = effects
    assert isinstance(request, StartRequest)
    assert told == [f"{request.asked_by.name} asked for this rollback already. Approve it in the channel"] * 3
    assert (await two.counts())["start_requests"] == 1
    assert len(await two.messages("role.call")) == 1


async def test_what_runs_out_in_the_moment_of_its_withdrawal_ends_once(two: Trial) -> None:
    request = await two.asked()
    two.clock.advance(minutes=10)
    withdraw = two.services.start_requests.withdraw(request.id, actor=SAM)
    await _ended(two.services.start_requests.expire(request.id), withdraw)
    kinds = [kind for kind, _ in await two.audited()]
    assert kinds.count("start.expired") + kinds.count("start.withdrawn") == 1
    assert (await two.services.walks.get(request.walk)).request is None
