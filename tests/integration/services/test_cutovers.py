"""The cutover from GO to grace: checklist, its day, its assessment; each once, by who may."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.cutting_over import (
    DAY,
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
    ran,
    settle_checklist,
    the_run,
)
from tests.integration.ledger import ANA, EVE, KIM, SAM
from tests.integration.trial import Trial, joined


@pytest.fixture
async def trial(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    playbook = cutover_playbook(tmp_path)
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as trial:
        yield trial


async def _told(trial: Trial) -> list[str]:
    return await trial.told((await cutover(trial)).incident)


async def test_a_go_plans_the_cutover_with_its_checklist_in_the_approvals_channel(trial: Trial) -> None:
    await trial.services.phases.begin()
    await go(trial)
    assert [(one.name, one.due, one.status) for one in await items(trial, "checklist")] == [
        ("notify", local(9, day=DAY - timedelta(days=7)), "open"),
        ("staff", local(9, day=DAY - timedelta(days=1)), "open"),
    ]
    (shown,) = await trial.messages("cutover")
    assert (shown.channel, len(shown.facts["checklist"])) == ("#cutover", 2)  # type: ignore[arg-type]
    async with trial.store.reading() as tx:
        incident = await tx.incidents.get((await cutover(trial)).incident)
    assert (incident.kind, incident.channel, incident.opened_by) == ("cutover", "#cutover", SAM)
    assert (await phase(trial), (await cutover(trial)).approved_by[0].id) == ("parallel", "U0BOARD")


async def test_an_item_of_the_checklist_is_reminded_of_when_due_and_done_by_its_owners_role(
    trial: Trial,
) -> None:
    await trial.services.phases.begin()
    await go(trial)
    move_to(trial, local(9, day=DAY - timedelta(days=7)))
    await trial.work()
    (reminded,) = await trial.messages("follow_up")
    assert reminded.channel == "#cutover"
    notify = (await items(trial, "checklist"))[0]
    with pytest.raises(NotAllowedError):
        await trial.services.follow_ups.done(notify.id, actor=SAM)
    await trial.services.follow_ups.done(notify.id, actor=ANA)
    with pytest.raises(SupersededError):
        await trial.services.follow_ups.done(notify.id, actor=ANA)
    assert [one.status for one in await items(trial, "checklist")] == ["done", "open"]


async def test_its_run_begins_with_its_day_waits_for_its_times_and_moves_the_phase(trial: Trial) -> None:
    run = await begun(trial)
    assert (run.status, run.purpose, run.state("at-six").due) == ("waiting", "cutover", local(6))
    assert (await phase(trial), await moves(trial)) == ("day", [(1, "parallel"), (2, "day")])
    assert trial.action.acts == []
    move_to(trial, local(6))
    await trial.work()
    run = await the_run(trial)
    assert (run.state("freeze-legacy").status, run.state("at-eight").due) == ("done", local(8))
    shown = (await trial.messages("run"))[-1].facts
    assert shown["hold"] == {"at": "2026-03-21T07:00:00Z", "zone": "Europe/Berlin", "before": "Do sync"}
    assert run.elapsed(trial.clock.now()) == timedelta()


async def test_a_run_that_begins_late_goes_on_at_once_and_says_so(trial: Trial) -> None:
    await trial.services.phases.begin()
    await go(trial)
    await settle_checklist(trial)
    move_to(trial, local(6, 25))
    await trial.work()
    run = await the_run(trial)
    assert (run.state("at-six").status, run.state("at-six").summary) == ("done", "06:00 was 25m ago")
    assert run.state("at-eight").status == "waiting"


async def test_when_the_run_is_done_it_is_assessed_at_five_and_then_the_phase_is_grace(trial: Trial) -> None:
    run = await ran(trial)
    assert (run.status, await phase(trial), (await cutover(trial)).status) == ("done", "day", "ran")
    assert [(one.title, one.due) for one in await items(trial, "afterwards")][:2] == [
        ("Look at errors (day 1 of 3)", local(9, day=DAY + timedelta(days=1))),
        ("Look at errors (day 2 of 3)", local(9, day=DAY + timedelta(days=2))),
    ]
    (assessment,) = await items(trial, "assessment")
    assert assessment.due == local(17)
    move_to(trial, local(17))
    await trial.work()
    with pytest.raises(RefusedError, match="says how it went"):
        await trial.services.follow_ups.done(assessment.id, actor=ANA)
    with pytest.raises(NotAllowedError):
        await trial.services.assessments.assess(assessment.id, went_well=True, text="Fine", actor=SAM)
    with pytest.raises(RefusedError):
        await trial.services.assessments.assess(assessment.id, went_well=True, text=" ", actor=ANA)
    await trial.services.assessments.assess(assessment.id, went_well=False, text="Two orders late", actor=ANA)
    with pytest.raises(SupersededError):
        await trial.services.assessments.assess(assessment.id, went_well=True, text="Fine", actor=ANA)
    assert await moves(trial) == [(1, "parallel"), (2, "day"), (3, "grace")]
    assert any("⚠️ the day went with problems: Two orders late" in line for line in await _told(trial))
    posted = [(row.channel, str(row.facts["text"])) for row in await trial.messages("plain")]
    assert {channel for channel, text in posted if "“grace” now, until 2026-03-31 16:00 UTC" in text} == {
        "#cutover",
        "#incidents",
        "#ledger",
    }


async def test_an_open_item_asks_and_lets_it_begin_with_a_reason(trial: Trial) -> None:
    await trial.services.phases.begin()
    await go(trial)
    move_to(trial, local(0))
    await trial.work()
    asking = await cutover(trial)
    assert (asking.status, asking.stopped_by, asking.unsettled) == (
        "asking",
        (),
        ("Tell customers", "Staff the day"),
    )
    assert await phase(trial) == "parallel"
    services = trial.services.cutovers
    with pytest.raises(NotAllowedError):
        await services.begin_anyway(asking.id, version=asking.version, reason="we go", actor=EVE)
    with pytest.raises(RefusedError):
        await services.begin_anyway(asking.id, version=asking.version, reason=" ", actor=SAM)
    await services.begin_anyway(asking.id, version=asking.version, reason="they know", actor=SAM)
    with pytest.raises(SupersededError):
        await services.begin_anyway(asking.id, version=asking.version, reason="they know", actor=KIM)
    assert ((await the_run(trial)).status, await phase(trial)) == ("running", "day")


async def test_gates_that_got_worse_stop_it_whatever_reason_is_given(trial: Trial) -> None:
    await trial.services.phases.begin()
    await go(trial)
    await settle_checklist(trial)
    trial.settled.failing["check-accounts"] = "3 accounts differ"
    move_to(trial, local(0))
    await trial.work()
    asking = await cutover(trial)
    assert asking.stopped_by == ("Data parity: check-accounts: 3 accounts differ",)
    with pytest.raises(RefusedError, match="3 accounts differ"):
        await trial.services.cutovers.begin_anyway(
            asking.id, version=asking.version, reason="we go", actor=SAM
        )
    assert (await phase(trial), trial.action.acts) == ("parallel", [])
    trial.settled.failing.clear()
    asking = await cutover(trial)
    await trial.services.cutovers.try_again(asking.id, version=asking.version, actor=KIM)
    assert (await cutover(trial)).status == "running"


async def test_gates_that_cannot_be_evaluated_stop_it(trial: Trial) -> None:
    await trial.services.phases.begin()
    await go(trial)
    await settle_checklist(trial)
    trial.settled.away = True
    move_to(trial, local(0))
    await trial.work()
    assert (await cutover(trial)).stopped_by[0].startswith("the gates cannot be evaluated")


async def test_it_is_put_off_to_another_day_and_begins_then_alone(trial: Trial) -> None:
    await trial.services.phases.begin()
    await go(trial)
    before = await cutover(trial)
    services = trial.services.cutovers
    for day, why in ((date(2026, 3, 13), "past"), (date(2026, 3, 30), "Quarter end")):
        with pytest.raises(RefusedError, match=why):
            await services.put_off(before.id, version=1, day=day, reason="no staff", actor=SAM)
    later = DAY + timedelta(days=2)
    await services.put_off(before.id, version=1, day=later, reason="no staff", actor=SAM)
    await settle_checklist(trial)
    move_to(trial, local(12))
    await trial.work()
    assert (await cutover(trial)).status == "planned"
    move_to(trial, local(0, day=later))
    await trial.work()
    assert ((await cutover(trial)).status, (await the_run(trial)).day) == ("running", later)


async def test_it_is_called_off_with_what_was_to_be_done_for_it(trial: Trial) -> None:
    await trial.services.phases.begin()
    await go(trial)
    await trial.services.cutovers.call_off("decision-cutover-grace", version=1, reason="no budget", actor=SAM)
    assert {one.status for one in await items(trial, "checklist")} == {"dropped"}
    move_to(trial, local(0))
    await trial.work()
    assert ((await cutover(trial)).status, await phase(trial)) == ("called-off", "parallel")


async def test_a_job_that_comes_twice_begins_the_cutover_once(trial: Trial) -> None:
    await begun(trial)
    await trial.functions["start_cutover"](cutover_id="decision-cutover-grace", version=1)
    async with trial.store.reading() as tx:
        assert len(await tx.runs.latest(migration="ledger", count=5)) == 1
    assert await moves(trial) == [(1, "parallel"), (2, "day")]


async def test_a_second_cutover_is_not_planned_while_one_is_under_way(trial: Trial) -> None:
    await at_hand(trial)
    async with trial.store.reading() as tx:
        under_way = await trial.under_way.under_way(tx, "ledger")
    assert under_way == "cutover of ledger has begun already"
    with pytest.raises(SupersededError, match="under way"):
        await go(trial, to="gone")


async def test_after_the_assessment_none_is_under_way(trial: Trial) -> None:
    await in_grace(trial)
    async with trial.store.reading() as tx:
        assert await trial.under_way.under_way(tx, "ledger") == ""


async def test_grace_is_reminded_of_seven_three_and_one_days_before_it_ends_once(trial: Trial) -> None:
    await in_grace(trial)
    told = []
    for day in range(11):
        move_to(trial, local(18, day=DAY + timedelta(days=day)) - timedelta(hours=1 if day > 7 else 0))
        await trial.work()
        rows = [row for row in await trial.messages("timeline") if row.subject.startswith("phase-ends:")]
        told.append(len(rows))
    assert told == [0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3]
    for days in (7, 3, 1):
        await trial.functions["phase_ends"](migration="ledger", number=3, days=days)
    rows = [row for row in await trial.messages("timeline") if row.subject.startswith("phase-ends:")]
    (entry,) = rows[0].facts["entries"]  # type: ignore[misc]
    assert (len(rows), rows[0].channel) == (3, "#cutover")
    assert "can be rolled back for 7 days more" in entry["text"]  # type: ignore[index, call-overload]
