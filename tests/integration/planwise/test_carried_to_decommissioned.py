"""Planwise from its shadow phase to the end of legacy: a NO-GO, a new date, and the way over."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import NotAllowedError, RefusedError
from bot.domain.start_request import StartRequest
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.planwise.conftest import Data
from tests.integration.planwise.season import Season, person, season

# A Monday, half an hour after its reconciliation is due.
BEGINNING = datetime(2026, 3, 2, 6, tzinfo=UTC)
ASKED_FIRST = date(2026, 4, 14)
CUTOVER = datetime(2026, 5, 5, tzinfo=ZoneInfo("Europe/Berlin"))
SAM, KIM, ANA, LEE, PRIYA = [person(one) for one in ("U0ONCALL", "U0SECOND", "U0DATA", "U0MGRA", "U0MGRB")]
OWNERS = {"operator": SAM, "data-lead": ANA, "manager": LEE}


@pytest.fixture
def clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock(BEGINNING)


@pytest.fixture
async def plan(
    store: Store, jobs: FakeJobs, clock: FakeClock, made: Data, tmp_path: Path
) -> AsyncIterator[Season]:
    """Planwise on its first morning, with every mistake of the discrepant data."""
    async with season(store=store, jobs=jobs, clock=clock, made=made, folder=tmp_path) as begun:
        yield begun


# On one of the two databases: in what they differ is tested where the services are.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_carried_to_decommissioned(plan: Season) -> None:
    """What each act has to show is held in it, and where it has brought planwise here."""
    assert await shadow(plan) == "pilot"
    assert await pilot(plan) == "parallel"
    assert await no_go(plan) == "no-go"
    assert set(await what_has_expired_is_named(plan)) == {"runbooks", "full-load", "rehearsed", "metrics"}
    assert await go(plan) == "go-with-conditions"
    assert await the_day(plan) == "grace"
    assert len(await grace(plan)) == 3
    assert await decommissioned(plan) == "decommissioned"


async def shadow(plan: Season) -> str:
    """The mistakes are found, the data are loaded anew, and a week without variance is measured."""
    wrong = json.loads((plan.world.data / "expected.json").read_text())["checks"]
    assert await plan.daily(1) == sorted(name for name, one in wrong.items() if one["status"] == "failed")
    plan.load_again()
    await plan.carried.state("phase:shadow", "sync-time", SAM)
    await plan.carried.state("phase:shadow", "reports", ANA)
    requests = plan.trial.services.decisions.requests
    early = await requests.phase("planwise", actor=KIM)
    (why,) = early.blocked
    assert why.startswith("Leaving Shadow: Less than 5% variance in key metrics: ❔ unknown: ")
    await plan.trial.services.decisions.endings.withdraw(early.id, actor=KIM)
    assert await plan.daily(8) == []
    decided = await plan.carried.leave(asked_by=KIM, decided_by=PRIYA)
    assert decided.status == "go"
    return await plan.carried.phase()


async def pilot(plan: Season) -> str:
    """A raise that the batch has not carried over is seen the next day; four weeks go by without a loss."""
    plan.raise_salaries()
    assert await plan.daily(1) == ["employees", "total-compensation"]
    plan.batch()
    assert await plan.daily(18) == []
    await plan.carried.state("phase:pilot", "satisfaction", LEE)
    await plan.carried.state("phase:pilot", "projections", ANA)
    decided = await plan.carried.leave(asked_by=SAM, decided_by=PRIYA)
    assert decided.status == "go"
    return await plan.carried.phase()


async def no_go(plan: Season) -> str:
    """What the gates want is brought; the survey says no, and the phase lasts until a new date."""
    people, decisions = plan.carried, plan.trial.services.decisions
    assert await plan.daily(1) == []
    with pytest.raises(RefusedError, match="1 of 5 gates pass"):
        await decisions.requests.cutover("planwise", actor=SAM)
    assert set(await people.failing()) == {"trained", "runbooks", "full-load", "rehearsed", "metrics"}
    await bring_what_is_missing(plan, trained=True)
    with pytest.raises(NotAllowedError):
        await decisions.requests.cutover("planwise", actor=ANA)
    decision = await decisions.requests.cutover("planwise", day=f"{ASKED_FIRST}", actor=SAM)
    decision = await people.answer(decision, "yes", "no", by=SAM)
    assert decision.conclusion == "no-go"
    with pytest.raises(RefusedError, match="nothing to approve"):
        await people.ask_approvers(decision, by=SAM)
    ended = await decisions.walks.record_no_go(
        decision.id,
        version=decision.version,
        reason="Adoption is at 64%",
        new_day=CUTOVER.date(),
        actor=SAM,
    )
    assert ended.new_day == CUTOVER.date()
    async with plan.trial.store.reading() as tx:
        move = await tx.phases.latest("planwise")
    assert move is not None
    assert (move.phase, move.extended_to) == ("parallel", CUTOVER.replace(hour=23, minute=59))
    return ended.status


async def bring_what_is_missing(plan: Season, *, trained: bool) -> None:
    """A rehearsal in staging, and the signatures that the gates want."""
    people = plan.carried
    if trained:
        await people.state("readiness", "trained", SAM, KIM)
    await people.state("readiness", "runbooks", KIM)
    await people.state("performance", "full-load", SAM)
    await people.state("go-no-go", "metrics", LEE)
    await people.rehearse("immediate", by_hand="confirm-with-payroll", by=KIM)
    assert await people.failing() == {}


async def what_has_expired_is_named(plan: Season) -> Mapping[str, str]:
    """Five weeks later the evidence is too old, and is said to be; the training still counts."""
    await plan.carried.come_to(plan.clock.now() + timedelta(days=18))
    assert await plan.daily(16) == []
    with pytest.raises(RefusedError, match="1 of 5 gates pass"):
        await plan.trial.services.decisions.requests.cutover("planwise", actor=SAM)
    failing = await plan.carried.failing()
    assert all("expired" in reason for reason in failing.values())
    return failing


async def go(plan: Season) -> str:
    """The same is brought anew, and the manager who is asked approves, with the conditions of the tree."""
    people = plan.carried
    await bring_what_is_missing(plan, trained=False)
    decision = await plan.trial.services.decisions.requests.cutover(
        "planwise", day=f"{CUTOVER:%Y-%m-%d}", actor=SAM
    )
    decision = await people.answer(decision, "yes", "nearly", by=SAM)
    decision = await people.ask_approvers(decision, by=SAM)
    decision = await people.approve(decision, by=PRIYA)
    assert (await people.cutover()).approved_by == (PRIYA,)
    await people.settle_checklist(OWNERS)
    return decision.status


async def the_day(plan: Season) -> str:
    """Each thing at its hour; from eleven on the front door leads to the new system."""
    people = plan.carried
    await plan.sampled(CUTOVER - plan.clock.now())
    await people.come_to(CUTOVER)
    assert (await people.phase(), (await people.cutover()).stopped_by) == ("cutover", ())
    steps = {7: "stop-legacy-batch", 8: "sync", 9: "reconcile", 12: "monitoring"}
    for hour in range(6, 13):
        await people.come_to(CUTOVER.replace(hour=hour))
        await plan.trial.daily.look()
        if hour in steps:
            await people.do_by_hand(await people.the_run(), steps[hour], by=KIM)
        assert await plan.answers_from() == ("legacy" if hour < 10 else "new")
    assert (await people.the_run()).status == "done"
    await people.come_to(CUTOVER.replace(hour=17))
    await people.assess("Payroll saw its numbers", by=LEE)
    return await people.phase()


async def grace(plan: Season) -> list[str]:
    """One manager does not roll back alone, and an operator not at all; the end is told before it comes."""
    people = plan.carried
    with pytest.raises(NotAllowedError):
        await people.ask_for_rollback("p4", "yes", by=SAM)
    request = await people.ask_for_rollback("p4", "yes", by=LEE)
    assert isinstance(request, StartRequest)
    with pytest.raises(NotAllowedError, match="You asked for this rollback"):
        await people.approve_rollback(request, by=LEE)
    await plan.trial.work()
    assert await plan.answers_from() == "new"
    await people.keep_watching(request, reason="Payroll had looked at last month", by=LEE)
    ends = CUTOVER.replace(hour=17) + timedelta(days=30)
    for days in (7, 3, 1):
        await people.come_to(ends - timedelta(days=days))
    return await people.reminded_of_the_end()


async def decommissioned(plan: Season) -> str:
    """Left by the managers' decision; then nobody rolls back."""
    people = plan.carried
    await people.state("phase:grace", "decommissioning", LEE)
    decided = await people.leave(asked_by=SAM, decided_by=PRIYA)
    assert (decided.status, await people.phases()) == (
        "go",
        ["shadow", "pilot", "parallel", "cutover", "grace", "decommissioned"],
    )
    for actor in (SAM, LEE):
        with pytest.raises(NotAllowedError, match="cannot be rolled back in phase “decommissioned”"):
            await plan.trial.services.walks.open("planwise", actor=actor)
    return await people.phase()
