"""Moves between phases: forward by a decision, back by the rollback role, each once; and where it is said."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.domain.run import Run
from bot.services.phase_back import ConfirmedWayBack
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.cutting_over import (
    begun,
    cutover_playbook,
    go,
    in_grace,
    local,
    move_to,
    moves,
    phase,
    phases,
)
from tests.integration.ledger import ANA, EVE, KIM, SAM
from tests.integration.trial import Trial, joined


@pytest.fixture
async def trial(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    playbook = cutover_playbook(tmp_path, phase="pilot")
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as trial:
        await trial.services.phases.begin()
        yield trial


@pytest.fixture
async def day(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    playbook = cutover_playbook(tmp_path)
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as trial:
        yield trial


async def _confirmed(trial: Trial, *, typed: str = "ledger") -> ConfirmedWayBack:
    way = await trial.services.phase_back.look("ledger", actor=SAM)
    preview = way.preview
    assert preview is not None
    return ConfirmedWayBack("ledger", way.playbook.phase, typed, preview.id, preview.digest())


async def test_a_move_forward_runs_the_plan_of_the_phase_and_then_is_made(trial: Trial) -> None:
    await go(trial, kind="phase", to="parallel", day=None)
    assert await phase(trial) == "pilot"
    await trial.work()
    assert (trial.action.acts, await moves(trial)) == (["flag-on"], [(1, "pilot"), (2, "parallel")])
    async with trial.store.reading() as tx:
        (run,) = await tx.runs.latest(migration="ledger", count=5)
        incident = await tx.incidents.get(run.incident)
    assert (run.purpose, run.to_phase, run.confirmed_by, incident.kind) == ("phase", "parallel", SAM, "phase")
    assert (await trial.told(run.incident))[0].startswith("Switchback: ⏳ The move to parallel begins")
    await trial.functions["move_phase"](
        decision_id="decision-phase-parallel", incident_id=run.incident, attempt=1
    )
    await trial.work()
    assert trial.action.acts == ["flag-on"]


async def test_a_move_without_a_plan_is_made_with_the_decision(day: Trial) -> None:
    await in_grace(day)
    await go(day, kind="phase", to="gone", day=None)
    assert (await moves(day))[-1] == (4, "gone")


async def test_a_move_waits_for_a_run_that_is_going_on(trial: Trial) -> None:
    started = await trial.concluded()
    await trial.services.confirmation.confirm(await trial.confirmation(started), actor=SAM)
    await go(trial, kind="phase", to="parallel", day=None)
    job = next(job for job in await trial.waiting_jobs() if job.job == "move_phase")
    await trial.functions["move_phase"](**job.arguments)
    assert await phase(trial) == "pilot"
    await trial.work()
    move_to(trial, trial.clock.now() + timedelta(minutes=1))
    await trial.work()
    assert await phase(trial) == "parallel"


async def test_a_move_that_fails_is_taken_back_and_the_phase_stays(trial: Trial) -> None:
    trial.action.outcomes["flag-on"].append(RuntimeError("no such flag"))
    await go(trial, kind="phase", to="parallel", day=None)
    await trial.work()
    async with trial.store.reading() as tx:
        (run,) = await tx.runs.latest(migration="ledger", count=5)
    await trial.services.steering.abort(run.id, reason="no such flag", actor=SAM)
    assert (await phase(trial), (await trial.told(run.incident))[-1]) == (
        "pilot",
        "Switchback: the phase is still “pilot”. Moving it takes another decision",
    )


async def test_the_way_back_runs_the_plan_of_the_phase_before_when_its_name_is_typed(trial: Trial) -> None:
    await go(trial, kind="phase", to="parallel", day=None)
    await trial.work()
    with pytest.raises(NotAllowedError):
        await trial.services.phase_back.look("ledger", actor=EVE)
    with pytest.raises(RefusedError):
        await trial.services.phase_back.take(await _confirmed(trial, typed="else"), actor=SAM)
    confirmed = await _confirmed(trial)
    run = await trial.services.phase_back.take(confirmed, actor=SAM)
    assert isinstance(run, Run)
    with pytest.raises(SupersededError):
        await trial.services.phase_back.take(confirmed, actor=KIM)
    await trial.work()
    assert trial.action.acts == ["flag-on", "flag-off"]
    assert [name for _, name in await moves(trial)] == ["pilot", "parallel", "pilot"]
    with pytest.raises(RefusedError, match="first phase"):
        await trial.services.phase_back.look("ledger", actor=SAM)


async def test_a_preview_that_is_too_old_takes_nothing_back(trial: Trial) -> None:
    await go(trial, kind="phase", to="parallel", day=None)
    await trial.work()
    confirmed = await _confirmed(trial)
    move_to(trial, trial.clock.now() + timedelta(minutes=11))
    with pytest.raises(RefusedError, match="older than 10 minutes"):
        await trial.services.phase_back.take(confirmed, actor=SAM)


async def test_from_the_cutover_on_the_way_back_is_a_rollback(day: Trial) -> None:
    await begun(day)
    with pytest.raises(RefusedError, match="is a rollback"):
        await day.services.phase_back.look("ledger", actor=SAM)


async def test_where_a_migration_is_says_what_is_allowed_needed_and_next(day: Trial) -> None:
    await day.services.phases.begin()
    await go(day)
    found = await day.services.phase_view.of("ledger", actor=ANA)
    assert (found.phase, found.day, found.days, found.allows) == ("parallel", 1, 28, ("Both write",))
    assert found.rollback == "one person who is operator"
    assert [one.what for one in found.dates] == [
        "Tell customers (data)",
        "Staff the day (operator)",
        "the day of the cutover begins",
        "the phase is to end",
    ]
    with pytest.raises(NotAllowedError):
        await day.services.phase_view.of("ledger", actor=EVE)


async def test_on_the_day_it_says_what_is_waited_for(day: Trial) -> None:
    await begun(day)
    move_to(day, local(5, 18))
    found = await day.services.phase_view.of("ledger", actor=SAM)
    assert found.countdown == "next: 06:00 Do freeze-legacy, in 42m"


async def test_in_grace_it_says_whom_a_rollback_takes_and_when_the_way_back_ends(day: Trial) -> None:
    await in_grace(day)
    found = await day.services.phase_view.of("ledger", actor=SAM)
    assert found.rollback == "one who is board and the approval of 1 other person of that role"
    assert found.dates[-1].what == "the way back ends"


async def test_without_a_phase_for_the_day_the_phase_stays_until_the_assessment(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    playbook = cutover_playbook(tmp_path, phases=phases(cutover=False))
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as trial:
        await begun(trial)
        assert await phase(trial) == "parallel"
        walk = await trial.concluded()
        assert (await trial.services.confirmation.shown(walk.id, actor=SAM)).since == local(0)
