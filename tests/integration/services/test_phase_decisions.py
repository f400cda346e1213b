"""A phase is left for the next one by a decision, on its criteria; not for the cutover."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.domain.messages.decisions import DecisionRequestFacts, LeaveLine
from bot.domain.person import SWITCHBACK
from bot.domain.phase_move import PhaseMove
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.deciding import Replica, playbook, replica
from tests.integration.ledger import EVE, KIM, SAM

InPhase = Callable[[str], Replica]


@pytest.fixture
def in_phase(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> InPhase:
    """The services that decide, with the ledger in a phase."""

    def made(phase: str) -> Replica:
        loaded = playbook(tmp_path, phase=phase)
        return replica(store=store, clock=clock, jobs=jobs, folder=tmp_path, loaded=loaded)

    return made


async def test_a_phase_is_left_by_its_role_on_criteria_with_target_and_actual(in_phase: InPhase) -> None:
    shadow = in_phase("shadow")
    asked = await shadow.decisions.requests.phase("ledger", actor=SAM)
    assert (asked.kind, asked.from_phase, asked.to_phase, asked.needed) == ("phase", "shadow", "parallel", 1)
    facts = DecisionRequestFacts.model_validate((await shadow.messages("decision.request"))[-1])
    assert facts.leaving == (LeaveLine(target="Clean for 14 days", actual="16 days clean", state="pass"),)
    assert (facts.plan, facts.steps, facts.day) == ("Over", ("Do switch",), None)
    await shadow.approve(asked, by=KIM)
    await shadow.work()
    assert (await shadow.get(asked)).status == "go"
    (told,) = shadow.after.decided_on
    assert (told.kind, told.plan_id) == ("phase", "over")


async def test_who_asks_does_not_decide_on_the_phase(in_phase: InPhase) -> None:
    shadow = in_phase("shadow")
    asked = await shadow.decisions.requests.phase("ledger", actor=KIM)
    with pytest.raises(NotAllowedError, match="You asked for the move of ledger from shadow to parallel"):
        await shadow.approve(asked, by=KIM)
    with pytest.raises(NotAllowedError, match="may not decide on the phase of ledger"):
        await shadow.approve(asked, by=EVE)


async def test_while_a_criterion_fails_it_is_shown_and_only_no_go_is_possible(in_phase: InPhase) -> None:
    shadow = in_phase("shadow")
    shadow.gates.parity = "fail"
    asked = await shadow.decisions.requests.phase("ledger", actor=SAM)
    assert asked.blocked == ("Leaving: Leaving holds: ❌ failed: leave is fail",)
    with pytest.raises(RefusedError, match="cannot be approved while: Leaving"):
        await shadow.approve(asked, by=KIM)
    ended = await shadow.decisions.approvals.reject(
        asked.id, reason="Two weeks more", new_day=date(2026, 4, 2), actor=KIM
    )
    assert (ended.status, ended.new_day) == ("no-go", date(2026, 4, 2))
    async with shadow.store.reading() as tx:
        move = await tx.phases.latest("ledger")
    assert move is not None
    assert (move.phase, move.extended_to is not None) == ("shadow", True)


async def test_criteria_that_hold_by_and_by_can_be_approved_then(in_phase: InPhase) -> None:
    shadow = in_phase("shadow")
    shadow.gates.parity = "fail"
    asked = await shadow.decisions.requests.phase("ledger", actor=SAM)
    shadow.gates.parity = "pass"
    shadow.clock.advance(minutes=15)
    await shadow.work()
    await shadow.approve(await shadow.get(asked), by=KIM)
    await shadow.work()
    assert (await shadow.get(asked)).status == "go"


@pytest.mark.parametrize(
    ("phase", "says"),
    [
        ("parallel", "left by the cutover alone"),
        ("night", "left by the cutover's assessment"),
        ("grace", "does not say who decides"),
        ("gone", "the last phase"),
    ],
)
async def test_what_a_decision_alone_cannot_do_is_refused(in_phase: InPhase, phase: str, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        await in_phase(phase).decisions.requests.phase("ledger", actor=SAM)


async def test_when_the_phase_has_changed_meanwhile_the_request_is_closed(in_phase: InPhase) -> None:
    shadow = in_phase("shadow")
    asked = await shadow.decisions.requests.phase("ledger", actor=SAM)
    move = PhaseMove(migration="ledger", number=1, phase="parallel", since=shadow.clock.now(), by=SWITCHBACK)
    async with shadow.store.transaction() as tx:
        assert await tx.phases.add(move)
    with pytest.raises(SupersededError, match="not in phase shadow any more"):
        await shadow.approve(asked, by=KIM)
    shadow.clock.advance(minutes=15)
    await shadow.work()
    after = await shadow.get(asked)
    assert (after.status, after.reason) == ("outdated", "the phase is parallel now")
