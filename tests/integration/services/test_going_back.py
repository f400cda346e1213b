"""Back to legacy: from the cutover's run, by a rollback that takes its place, and in grace."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.domain.person import TERMINAL, Actor
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from bot.services.confirmation import Confirmation
from bot.services.replacements import GivenWayBack
from bot.store.store import Store
from tests.fakes.clock import CountingIds, FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.cutting_over import (
    BOARD,
    at_hand,
    begun,
    cutover,
    cutover_playbook,
    go,
    in_grace,
    items,
    local,
    move_to,
    moves,
    phase,
    the_run,
)
from tests.integration.ledger import ANA, EVE, KIM, SAM
from tests.integration.trial import Trial, joined

HOST = Actor(f"{TERMINAL}sam", "sam (terminal)", account="sam")


class _KilledError(BaseException):
    """Ends an act as the death of the process would."""


@pytest.fixture
async def trial(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    playbook = cutover_playbook(tmp_path)
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as trial:
        yield trial


async def _given(trial: Trial, run: Run, *, reason: str = "", typed: str = "ledger") -> GivenWayBack:
    way = await trial.services.replacements.back(run.id, actor=SAM)
    beyond = way.run.past_no_return
    return GivenWayBack(run.id, way.digest(), typed, beyond=beyond, reason=reason)


async def _roll_back(trial: Trial, *, by: Actor = SAM) -> Run:
    walk = await trial.concluded(by=by)
    started = await trial.services.confirmation.confirm(await trial.confirmation(walk), actor=by)
    assert isinstance(started, Run)
    return started


async def test_before_the_point_of_no_return_people_go_back_with_the_name_typed(trial: Trial) -> None:
    run = await at_hand(trial)
    with pytest.raises(NotAllowedError):
        await trial.services.replacements.back(run.id, actor=EVE)
    given = await _given(trial, run)
    with pytest.raises(RefusedError):
        await trial.services.replacements.take_back(await _given(trial, run, typed="else"), actor=SAM)
    back = await trial.services.replacements.take_back(given, actor=SAM)
    with pytest.raises(SupersededError):
        await trial.services.replacements.take_back(given, actor=KIM)
    await trial.work()
    assert trial.action.acts == ["freeze-legacy", "sync", "reopen-legacy"]
    stopped, back = await trial.run(run.id), await trial.run(back.id)
    assert (stopped.status, stopped.replaced_by, back.status, back.purpose) == (
        "replaced",
        back.id,
        "done",
        "rollback",
    )
    assert await moves(trial) == [(1, "parallel"), (2, "day"), (3, "parallel")]
    assert (await cutover(trial)).status == "gone-back"


async def test_beyond_the_point_of_no_return_it_says_so_and_wants_a_reason(trial: Trial) -> None:
    run = await at_hand(trial)
    early = await _given(trial, run)
    trial.action.outcomes["open-new"].append(RuntimeError("the switch is stuck"))
    await trial.services.steering.decide(
        run.id, step="check", attempt=1, decision="manual-done", reason="", actor=SAM
    )
    await trial.work()
    run = await the_run(trial)
    assert (run.status, run.past_no_return) == ("asking", True)
    with pytest.raises(RefusedError, match="has begun since you were asked"):
        await trial.services.replacements.take_back(early, actor=SAM)
    with pytest.raises(RefusedError, match="takes a reason"):
        await trial.services.replacements.take_back(await _given(trial, run), actor=SAM)
    await trial.services.replacements.take_back(await _given(trial, run, reason="data is wrong"), actor=SAM)
    await trial.work()
    assert (await phase(trial), trial.action.acts[-1]) == ("parallel", "reopen-legacy")
    assert "beyond the point of no return" in (await trial.run(run.id)).end_reason


async def test_a_rollback_stops_a_running_cutover_when_the_step_that_acts_has_ended(trial: Trial) -> None:
    run = await begun(trial)
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    found: list[Run] = []

    async def press(value: str) -> None:
        trial.action.during = None
        started = await trial.services.confirmation.confirm(confirmation, actor=SAM)
        assert isinstance(started, Run)
        found.append(await trial.run(started.id))
        found.append(await trial.run(run.id))

    trial.action.during = press
    await trial.services.steering.decide(
        run.id, step="at-six", attempt=1, decision="skip", reason="earlier", actor=SAM
    )
    await trial.work()
    queued, acting = found
    assert (queued.status, acting.status, acting.gives_way) == ("queued", "running", True)
    rollback, stopped = await trial.run(queued.id), await trial.run(run.id)
    assert (rollback.status, stopped.status) == ("done", "replaced")
    assert trial.action.acts == ["freeze-legacy", "stop", "restore"]
    assert stopped.state("freeze-legacy").status == "done"
    assert (await phase(trial), (await cutover(trial)).status) == ("parallel", "gone-back")
    assert {one.status for one in await items(trial, "checklist")} == {"done"}


async def test_a_rollback_takes_the_place_of_a_cutover_that_waits_at_once_also_from_the_terminal(
    trial: Trial,
) -> None:
    run = await begun(trial)
    rollback = await _roll_back(trial, by=HOST)
    assert ((await trial.run(run.id)).status, rollback.status) == ("replaced", "running")
    await trial.work()
    assert (await trial.run(rollback.id)).status == "done"
    assert trial.action.acts == ["stop", "restore"]
    assert (await phase(trial), await trial.incident_is_open((await cutover(trial)).incident)) == (
        "parallel",
        False,
    )


async def test_a_bot_that_dies_while_the_cutover_gives_way_does_nothing_twice(trial: Trial) -> None:
    run = await begun(trial)
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)

    async def press_and_die(value: str) -> None:
        trial.action.during = None
        await trial.services.confirmation.confirm(confirmation, actor=SAM)
        raise _KilledError

    trial.action.during = press_and_die
    await trial.services.steering.decide(
        run.id, step="at-six", attempt=1, decision="skip", reason="earlier", actor=SAM
    )
    with pytest.raises(_KilledError):
        await trial.work()
    await trial.work()
    assert trial.action.acts == ["freeze-legacy", "stop", "restore"]
    assert ((await trial.run(run.id)).status, await phase(trial)) == ("replaced", "parallel")


async def test_in_grace_a_rollback_takes_the_boards_quorum_and_leads_to_the_phase_before(
    trial: Trial,
) -> None:
    await in_grace(trial)
    with pytest.raises(NotAllowedError):
        await trial.services.walks.open("ledger", actor=SAM)
    walk = await trial.services.walks.open("ledger", actor=KIM)
    walk = await trial.services.walks.answer(walk.id, version=1, answer="outage", actor=KIM)
    walk = await trial.services.walks.answer(walk.id, version=2, answer="yes", actor=KIM)
    await trial.work()
    shown = await trial.services.confirmation.shown(walk.id, actor=KIM)
    assert shown.since == local(0)
    confirmation = await _confirmed(trial, walk.id)
    request = await trial.services.confirmation.submit(confirmation, actor=KIM)
    assert isinstance(request, StartRequest)
    with pytest.raises(NotAllowedError):
        await trial.approve(request, by=KIM)
    started = await trial.approve(request, by=BOARD)
    assert isinstance(started, Run)
    await trial.work()
    assert [name for _, name in await moves(trial)] == ["parallel", "day", "grace", "parallel"]
    assert {one.status for one in await items(trial, "afterwards")} == {"dropped"}
    assert (await cutover(trial)).status == "gone-back"
    await trial.services.walks.open("ledger", actor=SAM)


async def test_after_a_rollback_in_grace_nobody_is_reminded_that_it_ends(trial: Trial) -> None:
    await in_grace(trial)
    async with trial.store.transaction() as tx:
        playbook = await trial.services.phases.playbook("ledger")
        back = next(one for one in playbook.phases if one.id == "parallel")
        latest = await tx.phases.latest("ledger")
        assert latest is not None
        await tx.phases.add(latest.model_copy(update={"number": latest.number + 1, "phase": back.id}))
    move_to(trial, trial.clock.now() + timedelta(days=11))
    await trial.work()
    assert [row for row in await trial.messages("timeline") if row.subject.startswith("phase-ends:")] == []


async def test_once_decommissioned_a_rollback_is_refused_with_the_reason_for_everybody(trial: Trial) -> None:
    await in_grace(trial)
    await go(trial, kind="phase", to="gone", day=None)
    assert await phase(trial) == "gone"
    for actor in (SAM, BOARD, HOST):
        with pytest.raises(NotAllowedError, match="cannot be rolled back in phase “gone”"):
            await trial.services.walks.open("ledger", actor=actor)


async def test_a_cutover_whose_run_is_aborted_is_told_what_is_left(trial: Trial) -> None:
    run = await at_hand(trial)
    await trial.services.steering.abort(run.id, reason="the bank does not answer", actor=SAM)
    told = await trial.told((await cutover(trial)).incident)
    assert any("❌ The cutover has ended" in line for line in told)
    assert "roll back: /rollback ledger" in told[-1]
    assert await phase(trial) == "day"
    rollback = await _roll_back(trial)
    await trial.work()
    assert ((await trial.run(rollback.id)).status, await phase(trial)) == ("done", "parallel")


async def test_two_replicas_that_begin_a_cutover_at_once_move_the_phase_once(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    playbook = cutover_playbook(tmp_path)
    async with (
        joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as one,
        joined(
            store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook, ids=_OtherIds()
        ) as other,
    ):
        await one.services.phases.begin()
        await go(one)
        for item in await items(one, "checklist"):
            await one.services.follow_ups.done(item.id, actor=ANA if item.owner == "data" else SAM)
        move_to(one, local(0))
        arguments = {"cutover_id": "decision-cutover-grace", "version": 1}
        await asyncio.gather(*(each.functions["start_cutover"](**arguments) for each in (one, other)))
        async with store.reading() as tx:
            assert len(await tx.runs.latest(migration="ledger", count=5)) == 1
        assert await moves(one) == [(1, "parallel"), (2, "day")]


class _OtherIds(CountingIds):
    def new(self) -> str:
        return f"other-{super().new()}"


async def _confirmed(trial: Trial, walk_id: str) -> Confirmation:
    shown = await trial.services.confirmation.shown(walk_id, actor=KIM)
    return Confirmation(walk_id=walk_id, preview_id=shown.id, digest=shown.digest(), typed="ledger")


async def test_the_whole_day_is_done_once_when_the_bot_dies_at_each_step(trial: Trial) -> None:
    await begun(trial)

    async def die(value: str) -> None:
        trial.action.during = None
        raise _KilledError

    for hour in (6, 8):
        move_to(trial, local(hour))
        trial.action.during = die
        with pytest.raises(_KilledError):
            await trial.work()
        await trial.work()
    run = await the_run(trial)
    await trial.services.steering.decide(
        run.id, step="check", attempt=1, decision="manual-done", reason="", actor=SAM
    )
    trial.action.during = die
    with pytest.raises(_KilledError):
        await trial.work()
    await trial.work()
    assert trial.action.acts == ["freeze-legacy", "sync", "open-new"]
    assert (len(await items(trial, "assessment")), len(await items(trial, "afterwards"))) == (1, 4)
    assert (await cutover(trial)).status == "ran"
