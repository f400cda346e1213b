"""What waits for a person is what they may settle now, and nothing else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.gates.board import Board, CriterionResult, GateResult
from bot.domain.gates.evaluation import evaluated
from bot.domain.person import Actor
from bot.domain.phase_move import PhaseMove
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import ANA, EVE, KIM, SAM, as_plan, ledger, manual
from tests.integration.trial import Trial, joined

FORTY_DAYS = timedelta(days=40)
FOLLOW_UP = {"id": "cause", "after": "1h", "title": "Start root-cause analysis", "owner": "data"}
PHASES = [
    {
        "id": "parallel",
        "kind": "parallel",
        "title": "Parallel run",
        "weeks": 4,
        "rollback": {"role": "operator", "quorum": 1},
    },
    {"id": "gone", "kind": "decommissioned", "rollback": "never"},
]


@pytest.fixture
async def home(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    """The product, where another person approves a rollback, and a follow-up comes after it."""
    playbook = ledger(tmp_path, follow_ups=[FOLLOW_UP], phases=PHASES)
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as trial:
        await trial.services.phases.begin()
        yield trial


async def waits(trial: Trial, person: Actor) -> list[tuple[str, str]]:
    facts = await trial.services.home.look(person.id)
    return [(line.item.kind, line.item.what) for line in facts.waiting]


async def test_nothing_waits_for_anybody_in_the_beginning(home: Trial) -> None:
    for person in (SAM, KIM, ANA, EVE):
        assert await waits(home, person) == []


async def test_a_rollback_waits_for_who_may_approve_it_and_not_for_who_asked(home: Trial) -> None:
    request = await home.asked(by=SAM)
    asked = [("start-request", "rollback asked for by Sam, 0 of 1 approvals")]
    assert await waits(home, KIM) == asked
    for person in (SAM, ANA, EVE):
        assert await waits(home, person) == []
    await home.approve(request, by=KIM)
    assert await waits(home, KIM) == []


async def test_a_rollback_waits_no_longer_than_its_request_is_good(home: Trial) -> None:
    request = await home.asked(by=SAM)
    home.clock.advance((request.expires_at - home.clock.now()).total_seconds())
    assert await waits(home, KIM) == []


async def test_a_person_who_lost_the_role_has_nothing_that_waits(home: Trial) -> None:
    await home.asked(by=SAM)
    home.roles.groups["ledger-oncall"].remove(KIM.id)
    assert await waits(home, KIM) == []


async def test_roles_that_cannot_be_read_are_told_as_unknown(home: Trial) -> None:
    await home.asked(by=SAM)
    home.roles.away = True
    facts = await home.services.home.look(KIM.id)
    assert facts.waiting == ()
    assert facts.unknown == ("Who is in @ledger-oncall cannot be known",)


async def test_a_step_by_hand_waits_for_everybody_who_may_steer_the_run(home: Trial) -> None:
    run_id = await home.started(as_plan(manual("look")))
    await home.work()
    step = [("step", "“By hand: look” is done by hand (Immediate)")]
    assert await waits(home, SAM) == step
    assert await waits(home, KIM) == step
    assert await waits(home, ANA) == []
    (line,) = (await home.services.home.look(SAM.id)).waiting
    await home.services.steering.decide(
        run_id,
        step=line.item.step,
        attempt=line.item.version,
        decision="manual-done",
        reason="",
        actor=SAM,
    )
    assert await waits(home, KIM) == []


async def test_a_follow_up_waits_for_its_owners_role_until_it_is_done(home: Trial) -> None:
    request = await home.asked(by=SAM)
    await home.approve(request, by=KIM)
    await home.work()
    assert await waits(home, ANA) == [("follow-up", "to follow up: Start root-cause analysis")]
    assert await waits(home, SAM) == []
    (line,) = (await home.services.home.look(ANA.id)).waiting
    assert line.item.due == home.clock.now() + timedelta(hours=1)
    await home.services.follow_ups.done(line.item.id, actor=ANA)
    assert await waits(home, ANA) == []


async def test_a_review_waits_for_somebody_else_than_who_went_on_alone(home: Trial) -> None:
    request = await home.asked(by=SAM)
    await home.services.break_glass.go_on_alone(request.id, reason="Nobody answers", actor=SAM)
    assert ("review", "review of the rollback that Sam started alone") in await waits(home, KIM)
    assert "review" not in [kind for kind, _what in await waits(home, SAM)]


async def test_a_migration_has_its_phase_with_the_day_and_its_open_incident(home: Trial) -> None:
    home.clock.advance(hours=24 * 11)
    await home.services.walks.open("ledger", actor=SAM)
    (line,) = (await home.services.home.look(EVE.id)).migrations
    assert (line.phase, line.day, line.of_days) == ("Parallel run", 12, 28)
    assert (line.reconciled, line.gates, line.clean_days) == (None, None, None)
    assert line.incident is not None
    assert line.incident.opened_at == home.clock.now()


async def test_a_phase_that_was_extended_counts_to_its_new_end(home: Trial) -> None:
    now = home.clock.now()
    move = PhaseMove(
        migration="ledger",
        number=2,
        phase="parallel",
        since=now,
        by=SAM,
        extended_to=now + FORTY_DAYS,
    )
    async with home.store.transaction() as tx:
        await tx.phases.add(move)
    (line,) = (await home.services.home.look(EVE.id)).migrations
    assert (line.day, line.of_days) == (1, 40)


async def test_the_gates_are_those_of_the_evaluation_that_was_kept_last(home: Trial) -> None:
    for number, states in enumerate((["fail", "fail"], ["pass", "fail"])):
        gates = tuple(
            GateResult(
                id=f"gate-{position}",
                title="Gate",
                owner="data",
                criteria=(
                    CriterionResult.model_validate(
                        {
                            "id": "one",
                            "kind": "check",
                            "title": "One",
                            "owner": "data",
                            "state": state,
                            "reason": "",
                            "how": "",
                        }
                    ),
                ),
            )
            for position, state in enumerate(states)
        )
        home.clock.advance(hours=1)
        board = Board(
            migration="ledger", title="Ledger", at=home.clock.now(), playbook_digest="1" * 64, gates=gates
        )
        async with home.store.transaction() as tx:
            await tx.gate_evaluations.add(evaluated(None, board, evaluation_id=f"e{number}", cause="test"))
    (line,) = (await home.services.home.look(EVE.id)).migrations
    assert (line.gates, line.gates_at) == ((1, 2), home.clock.now())


async def test_who_has_looked_within_the_hour_is_remembered(home: Trial) -> None:
    home.services.home.looked(SAM.id)
    assert home.services.home.looks(SAM.id)
    assert not home.services.home.looks(KIM.id)
    home.clock.advance(hours=1)
    assert not home.services.home.looks(SAM.id)
