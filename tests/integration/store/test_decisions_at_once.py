"""Two replicas on one database: whoever presses at the same moment, one cutover is decided, once."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.decision import Decision
from bot.domain.errors import SupersededError
from bot.domain.person import Actor
from bot.store.database import database_url, open_database
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.deciding import LEE, Numbered, Replica, replica
from tests.integration.ledger import ANA, KIM, SAM

Press = Coroutine[object, object, object]
Two = tuple[Replica, Replica]


@pytest.fixture
async def both(
    database: sa.URL, store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> AsyncIterator[Two]:
    """Two replicas, each with connections of its own."""
    url = database_url(database.render_as_string(hide_password=False))
    other = Store(database=open_database(url), jobs=jobs)
    first = replica(store=store, clock=clock, jobs=jobs, folder=tmp_path, ids=Numbered("a"))
    second = replica(
        store=other,
        clock=clock,
        jobs=jobs,
        folder=tmp_path,
        roles=first.roles,
        gates=first.gates,
        ids=Numbered("b"),
    )
    yield first, second
    await other.database.close()


async def _ended(*presses: Press) -> tuple[list[object], list[str]]:
    """The effects of presses made at once, and what the others were told."""
    ended = await asyncio.gather(*presses, return_exceptions=True)
    told = [str(one) for one in ended if isinstance(one, SupersededError)]
    effects = [one for one in ended if not isinstance(one, SupersededError)]
    assert not [one for one in effects if isinstance(one, BaseException)], effects
    return effects, told


async def _another(first: Replica, decision: Decision, number: int) -> Decision:
    """The same request anew."""
    new = decision.model_copy(update={"id": f"pair-{number}", "approvals": ()})
    async with first.store.transaction() as tx:
        assert await tx.decisions.add(new)
    return new


async def _pair(both: Two, asked: Decision, *, by: tuple[Actor, Actor]) -> None:
    """Two people press in the same moment, each on one replica, and both replicas count."""
    first, second = both
    await _ended(first.approve(asked, by=by[0]), second.approve(asked, by=by[1]))
    weighing = [one.decisions.weighing.weigh(asked.id, 0) for one in both for _ in by]
    await _ended(*weighing)


@pytest.mark.parametrize(("database", "pairs"), [("postgresql", 100), ("sqlite", 10)], indirect=["database"])
async def test_of_pairs_of_managers_who_press_at_once_each_decides_one_cutover_once(
    both: Two, pairs: int
) -> None:
    first, second = both
    asked = await first.asked()
    async with first.store.transaction() as tx:
        assert await tx.decisions.replace(asked, asked.ended("withdrawn", by=SAM, at=asked.asked_at))
    for number in range(pairs):
        one = await _another(first, asked, number)
        people = (KIM, ANA) if number % 2 else (LEE, KIM)
        await _pair(both, one, by=people)
        after = await second.get(one)
        assert after.status == "go", number
        assert {given.by for given in after.standing} == set(people)
        assert len(first.after.decided_on) + len(second.after.decided_on) == number + 1
    assert len(await first.audited("decision.go")) == pairs
    assert len(await first.audited("test.decided")) == pairs
    assert len(await first.audited("decision.approved")) == 2 * pairs


async def test_one_person_who_presses_on_two_replicas_at_once_counts_once(both: Two) -> None:
    asked = await both[0].asked()
    effects, told = await _ended(*(one.approve(asked, by=KIM) for one in both for _ in range(3)))
    assert len(effects) == 1
    assert len(told) == 5
    await both[0].work()
    after = await both[1].get(asked)
    assert (after.status, after.count()) == ("approving", "1 of 2 approvals")
    async with both[0].store.database.reading() as connection:
        rows = await connection.execute(sa.text("SELECT count(*) FROM decision_approvals"))
        assert rows.scalar_one() == 1


@pytest.mark.parametrize("first", ["approve", "reject", "withdraw"])
async def test_what_races_with_the_last_approval_leaves_one_outcome(both: Two, first: str) -> None:
    one, other = both
    asked = await one.asked()
    await one.approve(asked, by=KIM)
    presses = {
        "approve": one.approve(asked, by=ANA),
        "reject": other.decisions.approvals.reject(asked.id, reason="no", actor=LEE),
        "withdraw": other.decisions.endings.withdraw(asked.id, actor=SAM),
    }
    order = [first, *(name for name in presses if name != first)]
    await _ended(*(presses[name] for name in order))
    await _ended(*(each.decisions.weighing.weigh(asked.id, 0) for each in both))
    after = await one.get(asked)
    assert after.status in ("no-go", "withdrawn")
    assert [*one.after.decided_on, *other.after.decided_on] == []
    kinds = ("decision.go", "decision.no-go", "decision.withdrawn")
    assert sum([len(await one.audited(kind)) for kind in kinds]) == 1


async def test_of_two_who_ask_for_the_cutover_at_once_one_asks(both: Two) -> None:
    effects, told = await _ended(*(one.requested() for one in both for _ in range(2)))
    assert (len(effects), len(told)) == (1, 3)
    assert len(await both[0].audited("decision.requested")) == 1


async def test_an_approval_given_while_the_evidence_is_evaluated_is_not_counted_by_it(both: Two) -> None:
    one, other = both
    asked = await one.asked()
    await one.approve(asked, by=KIM)

    async def while_it_is_evaluated() -> None:
        one.gates.meanwhile = None
        one.gates.trained = "fail"
        await other.approve(asked, by=ANA)

    one.gates.meanwhile = while_it_is_evaluated
    await one.decisions.weighing.weigh(asked.id, 0)
    after = await one.get(asked)
    assert (after.status, after.count()) == ("approving", "0 of 2 approvals")
