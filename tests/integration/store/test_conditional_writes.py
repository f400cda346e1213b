"""Of two who come at once, one has an effect, and the other is told what happened."""

import asyncio
from collections.abc import Coroutine

import pytest
import sqlalchemy as sa

from bot.domain.errors import SupersededError
from bot.domain.given_answer import GivenAnswer
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.domain.walk import Walk
from bot.store.store import Store
from bot.store.tables import runs, walks
from tests.integration.ledger import KIM, SAM, as_plan, manual, scripted
from tests.integration.trial import Trial


async def _held_up(store: Store, task: "asyncio.Task[object]") -> None:
    """Wait until the database makes a task wait for another transaction's lock."""
    if store.database.dialect == "sqlite":
        # SQLite shows no waiting lock: nothing of the task may have come through meanwhile.
        await asyncio.wait([task], timeout=0.1)
        assert not task.done()
        return
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with asyncio.timeout(10), store.database.reading() as connection:
        while (await connection.execute(waiting)).scalar_one() == 0:
            assert not task.done()
            await asyncio.sleep(0)


async def _outcomes(*presses: Coroutine[object, object, object]) -> tuple[list[object], list[str]]:
    """What came of presses made at once: the effects, and what the others were told."""
    ended = await asyncio.gather(*presses, return_exceptions=True)
    told = [str(one) for one in ended if isinstance(one, SupersededError)]
    effects = [one for one in ended if not isinstance(one, SupersededError)]
    broken = [one for one in effects if isinstance(one, BaseException)]
    assert not broken, broken
    return effects, told


async def test_of_many_answers_to_one_question_one_counts_and_the_others_are_told_which(
    trial: Trial,
) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    people = [(SAM, "outage"), (KIM, "some")] * 3
    effects, told = await _outcomes(
        *(
            trial.services.walks.answer(walk.id, version=1, answer=answer, actor=actor)
            for actor, answer in people
        )
    )
    assert len(effects) == 1
    after = await trial.services.walks.get(walk.id)
    assert after.version == 2
    by = after.answers[0].by.name
    said = {"outage": "Nobody can work", "some": "Some are hit"}[after.answers[0].answer]
    assert told == [f"{by} answered “How bad is it?” already: {said}"] * 5
    assert [kind for kind, _ in await trial.audited()].count("walk.answered") == 1
    assert sum("How bad" in line for line in await trial.told(walk.incident)) == 1


async def test_an_answer_that_had_to_wait_for_the_first_one_is_told_who_gave_it(trial: Trial) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    playbook = trial.services.catalog.get("ledger").playbook
    async with trial.store.transaction() as tx:
        given = GivenAnswer(question="severity", answer="some", by=KIM, at=trial.clock.now())
        assert await tx.walks.replace(walk, walk.answered(playbook, given))
        second = asyncio.create_task(
            trial.services.walks.answer(walk.id, version=1, answer="outage", actor=SAM)
        )
        await _held_up(trial.store, second)
    with pytest.raises(SupersededError, match="Kim answered “How bad is it\\?” already: Some are hit"):
        await second


async def test_of_two_confirmations_at_once_one_starts_the_only_run(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    effects, told = await _outcomes(
        *(trial.services.confirmation.confirm(confirmation, actor=actor) for actor in (SAM, KIM) * 2)
    )
    assert len(effects) == 1
    run = effects[0]
    assert isinstance(run, Run)
    assert told == [f"{run.confirmed_by.name} started this rollback already"] * 3
    assert (await trial.counts())["runs"] == 1
    assert [job.id for job in await trial.waiting_jobs()] == [f"run:{run.id}:1"]


async def test_a_confirmation_that_had_to_wait_for_the_first_one_is_told_who_gave_it(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    async with trial.store.transaction() as tx:
        assert await tx.walks.replace(walk, walk.confirmed(by=KIM, at=trial.clock.now()))
        second = asyncio.create_task(trial.services.confirmation.confirm(confirmation, actor=SAM))
        await _held_up(trial.store, second)
    with pytest.raises(SupersededError, match="Kim started this rollback already"):
        await second
    assert (await trial.counts())["runs"] == 0


async def test_of_two_people_who_open_at_once_one_opens_and_the_other_can_join(trial: Trial) -> None:
    effects, told = await _outcomes(*(trial.services.walks.open("ledger", actor=a) for a in (SAM, KIM)))
    assert {walk.id for walk in effects if isinstance(walk, Walk)} == {
        (await trial.services.walks.open("ledger", actor=SAM)).id
    }
    assert len(effects) + len(told) == 2
    counts = await trial.counts()
    assert (counts["walks"], counts["incidents"]) == (1, 1)


async def test_of_two_decisions_about_a_step_one_counts_and_the_other_is_told_who(trial: Trial) -> None:
    await trial.started(as_plan(manual("look"), scripted("stop")))
    await trial.work()

    def decide(actor: Actor) -> Coroutine[object, object, object]:
        return trial.services.steering.decide(
            "run-1", step="look", attempt=1, decision="manual-done", reason="", actor=actor
        )

    effects, told = await _outcomes(*(decide(actor) for actor in (SAM, KIM) * 2))
    assert len(effects) == 1
    by = (await trial.run()).state("look").decided_by
    assert by is not None
    assert told == [f"Step “By hand: look” was done already by {by.name}"] * 3
    assert len([job.id for job in await trial.waiting_jobs() if job.job == "run"]) == 1


async def test_of_two_replicas_that_note_the_place_of_one_message_the_later_counts(trial: Trial) -> None:
    """As when one was frozen while it sent, and another took the channel over meanwhile."""

    async def put(ts: str) -> None:
        async with trial.store.transaction() as tx:
            await tx.delivery.put("incident:1", channel_id="C1", ts=ts)

    async with trial.store.transaction() as tx:
        await tx.delivery.put("incident:1", channel_id="C1", ts="1.0")
        later = asyncio.create_task(put("2.0"))
        await _held_up(trial.store, later)
    await later
    async with trial.store.reading() as tx:
        assert await tx.delivery.place("incident:1") == ("C1", "2.0")


async def test_the_database_refuses_a_second_open_walk(trial: Trial) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    async with trial.store.transaction() as tx:
        assert not await tx.walks.add(walk.model_copy(update={"id": "another"}))
        assert await tx.walks.add(walk.model_copy(update={"id": "closed", "status": "watching"}))
        assert await tx.walks.add(walk.model_copy(update={"id": "staging", "environment": "staging"}))
    with pytest.raises(sa.exc.IntegrityError):
        async with trial.store.database.writing(later=False) as connection:
            await connection.execute(walks.update().where(walks.c.id == "closed").values(status="concluded"))


async def test_the_database_refuses_a_second_active_run(trial: Trial) -> None:
    await trial.started(as_plan(scripted("stop")))
    run = await trial.run()
    async with trial.store.transaction() as tx:
        for status in ("running", "waiting", "asking"):
            assert not await tx.runs.add(run.model_copy(update={"id": "another", "status": status}))
        assert await tx.runs.add(run.model_copy(update={"id": "old", "status": "done"}))
    with pytest.raises(sa.exc.IntegrityError):
        async with trial.store.database.writing(later=False) as connection:
            await connection.execute(runs.update().where(runs.c.id == "old").values(status="asking"))


async def test_the_database_refuses_a_second_running_reconciliation_for_a_channel(trial: Trial) -> None:
    asked = await trial.services.reconciliation.request("ledger", channel=None, actor=SAM)
    async with trial.store.transaction() as tx:
        first = await tx.reconciliations.get(asked.id)
        values = {**vars(first), "id": "another"}
        assert not await tx.reconciliations.add(type(first)(**values))
        assert await tx.reconciliations.add(type(first)(**{**values, "id": "silent", "channel": ""}))


async def test_a_job_of_one_id_is_written_once(trial: Trial) -> None:
    for _ in range(2):
        async with trial.store.transaction() as tx:
            await tx.enqueue("measure", job_id="measure:1:1", walk_id="1", version=1)
            await tx.enqueue("measure", job_id="measure:1:1", walk_id="1", version=1)
    assert [job.id for job in await trial.waiting_jobs()] == ["measure:1:1"]


async def test_a_run_is_read_back_as_it_was_written(trial: Trial) -> None:
    plan = as_plan(manual("look"), scripted("stop"))
    await trial.started(plan)
    async with trial.store.reading() as tx:
        run = await tx.runs.get("run-1")
        assert (await tx.runs.active("ledger", "production")) == (run,)
        assert (await tx.runs.active("ledger", "staging")) == ()
    assert run.plan == plan
    assert run.confirmed_at == trial.clock.now()
    assert [state.step for state in run.steps] == ["look", "stop"]
