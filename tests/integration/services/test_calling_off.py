"""Calling a reconciliation off, and following it while it is done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.domain.advance import Advance
from bot.domain.errors import CalledOffError, NotAllowedError, SupersededError
from bot.domain.person import Actor
from bot.services.reconciliation_following import LOOK_SECONDS, SHOW_SECONDS
from bot.store.reconciliations import Reconciliation
from tests.integration.ledger import ANA, EVE, SAM
from tests.integration.services.row_check import finds
from tests.integration.trial import Trial

HOST = Actor("terminal:root", "root")


async def _asked(trial: Trial) -> Reconciliation:
    return await trial.services.reconciliation.request("ledger", channel=None, actor=ANA)


async def _now(trial: Trial, asked: Reconciliation) -> Reconciliation:
    async with trial.store.reading() as tx:
        return await tx.reconciliations.get(asked.id)


async def _rows(trial: Trial) -> int:
    return (await trial.counts())["row_differences"]


@asynccontextmanager
async def _going_on(trial: Trial, asked: Reconciliation) -> AsyncIterator["asyncio.Task[None]"]:
    """The job, in the middle of its comparison."""
    trial.reconciler.held.clear()
    job = asyncio.create_task(trial.services.reconciling.perform(asked.id))
    await asyncio.wait_for(trial.reconciler.asked.wait(), 10)
    yield job
    trial.reconciler.held.set()
    await asyncio.wait_for(job, 10)


async def test_who_calls_it_off_is_told_and_audited_and_nothing_of_it_is_kept(people: Trial) -> None:
    finds(people)
    asked = await _asked(people)
    async with _going_on(people, asked) as job:
        assert await _rows(people) == 4
        await people.services.reconciliation.cancel(asked.id, actor=SAM)
        await people.clock.asleep(LOOK_SECONDS)
        people.clock.advance(LOOK_SECONDS)
        await asyncio.wait_for(job, 10)
    ended = await _now(people, asked)
    assert (ended.status, ended.ended_by, ended.reconciled) == ("cancelled", SAM, None)
    assert await _rows(people) == 0
    assert await people.audited() == [
        ("reconciliation.asked", "U0ANA (Ana)"),
        ("reconciliation.cancelled", "U0SAM (Sam)"),
    ]
    shown = (await people.messages("reconciliation"))[-1].facts
    assert (shown["ended"], shown["ended_by"]) == ("cancelled", "Sam")
    assert (await _asked(people)).id != asked.id


async def test_two_presses_of_cancel_are_one_and_the_second_is_told_who_was_first(people: Trial) -> None:
    asked = await _asked(people)
    presses = [people.services.reconciliation.cancel(asked.id, actor=who) for who in (SAM, ANA)]
    first, second = await asyncio.gather(*presses, return_exceptions=True)
    late = next(one for one in (first, second) if isinstance(one, Exception))
    assert isinstance(late, SupersededError)
    assert str(late) in (
        "Sam called this reconciliation of ledger off already",
        "Ana called this reconciliation of ledger off already",
    )
    assert [kind for kind, _ in await people.audited()].count("reconciliation.cancelled") == 1


async def test_a_cancel_that_comes_too_late_is_told_so_and_changes_nothing(people: Trial) -> None:
    finds(people)
    asked = await _asked(people)
    await people.work()
    with pytest.raises(SupersededError, match="It is too late: this reconciliation of ledger is done"):
        await people.services.reconciliation.cancel(asked.id, actor=SAM)
    assert (await _now(people, asked)).status == "done"
    assert await _rows(people) == 4


async def test_a_cancel_that_comes_while_the_result_is_written_wins_or_loses_but_never_both(
    people: Trial,
) -> None:
    finds(people)
    for _ in range(5):
        asked = await _asked(people)
        async with _going_on(people, asked) as job:
            people.reconciler.held.set()
            late = await asyncio.gather(
                people.services.reconciliation.cancel(asked.id, actor=SAM), return_exceptions=True
            )
            await asyncio.wait_for(job, 10)
        ended = await _now(people, asked)
        told = (await people.messages("reconciliation"))[-1].facts
        if ended.status == "done":
            assert isinstance(late[0], SupersededError)
            assert told["reconciled"] is not None
        else:
            assert (ended.status, ended.reconciled, told["ended"]) == ("cancelled", None, "cancelled")
            async with people.store.reading() as tx:
                assert await tx.row_differences.count(asked.id, "people") == 0
        people.reconciler.asked.clear()


async def test_nobody_without_a_role_may_call_it_off(people: Trial) -> None:
    asked = await _asked(people)
    with pytest.raises(NotAllowedError, match="You may not reconcile ledger"):
        await people.services.reconciliation.cancel(asked.id, actor=EVE)
    assert (await _now(people, asked)).status == "running"


async def test_one_that_was_called_off_before_its_job_began_is_not_done(people: Trial) -> None:
    asked = await _asked(people)
    await people.services.reconciliation.cancel(asked.id, actor=ANA)
    await people.work()
    assert people.reconciler.runs == 0


async def test_a_job_that_is_run_again_after_a_crash_has_each_row_once(people: Trial) -> None:
    finds(people)
    asked = await _asked(people)
    async with people.store.transaction() as tx:
        await tx.row_differences.add(
            asked.id, "people", [*people.reconciler.differing["people"]] * 2, position=0
        )
    await people.work()
    async with people.store.reading() as tx:
        kept = [row async for row in tx.row_differences.each(asked.id, "people")]
    assert tuple(kept) == people.reconciler.differing["people"]


async def test_it_is_shown_how_far_it_is_every_two_seconds_and_not_before(people: Trial) -> None:
    finds(people)
    people.reconciler.advances = (Advance("people", 0, 2000, 0, 4), Advance("people", 500, 2000, 1, 4))
    asked = await _asked(people)
    async with _going_on(people, asked):
        await people.clock.asleep(LOOK_SECONDS)
        (first,) = await people.messages("reconciliation")
        assert first.facts["progress"] == []
        for _ in range(int(SHOW_SECONDS / LOOK_SECONDS)):
            await people.clock.asleep(LOOK_SECONDS)
            people.clock.advance(LOOK_SECONDS)
        await people.clock.asleep(LOOK_SECONDS)
        (shown,) = await people.messages("reconciliation")
        assert shown.facts["progress"] == [
            {
                "check": "people",
                "title": "People, row by row",
                "rows": 500,
                "rows_total": 2000,
                "chunks": 1,
                "chunks_total": 4,
                "seconds_left": None,
            }
        ]
    (last,) = await people.messages("reconciliation")
    assert last.facts["reconciled"] is not None


async def test_one_that_goes_on_for_long_is_not_given_up(people: Trial) -> None:
    asked = await _asked(people)
    async with _going_on(people, asked):
        for _ in range(4):
            await people.clock.asleep(LOOK_SECONDS)
            people.clock.advance(minutes=20)
        await people.clock.asleep(LOOK_SECONDS)
        with pytest.raises(SupersededError, match="it is running"):
            await people.services.reconciliation.request("ledger", channel=None, actor=SAM)
    assert (await _now(people, asked)).status == "done"


async def test_one_of_which_nothing_was_heard_is_given_up_audited_and_told(people: Trial) -> None:
    lost = await _asked(people)
    people.clock.advance(minutes=30, seconds=1)
    await people.services.reconciliation.request("ledger", channel=None, actor=SAM)
    assert (await _now(people, lost)).status == "abandoned"
    facts = [row.facts for row in await people.messages("reconciliation") if row.facts["id"] == lost.id]
    assert facts[-1]["ended"] == "abandoned"
    assert ("reconciliation.abandoned", "switchback (Switchback)") in await people.audited()


async def test_at_the_terminal_it_is_called_off_by_its_event_and_who_did_it_is_kept(people: Trial) -> None:
    finds(people)
    people.reconciler.held.clear()
    cancelled = asyncio.Event()
    running = asyncio.create_task(
        people.services.reconciling.run_now("ledger", actor=HOST, cancelled=cancelled)
    )
    await asyncio.wait_for(people.reconciler.asked.wait(), 10)
    cancelled.set()
    with pytest.raises(CalledOffError, match="The reconciliation of ledger was called off"):
        await asyncio.wait_for(running, 10)
    assert await _rows(people) == 0
    assert ("reconciliation.cancelled", "terminal:root (root)") in await people.audited()
