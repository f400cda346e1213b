"""A transaction: everything in it, or nothing."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.errors import StoreError, SupersededError
from bot.domain.messages.facts import Plain
from bot.store.database import open_database
from bot.store.incidents import Incident
from bot.store.store import Store, Transaction
from tests.fakes.clock import START
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import INCIDENTS, SAM
from tests.integration.trial import Trial


class _StopError(Exception):
    """Raised inside a transaction."""


async def _everything(tx: Transaction) -> None:
    incident = Incident("incident-1", "ledger", "production", INCIDENTS, opened_at=START, opened_by=SAM)
    await tx.incidents.add(incident)
    await tx.incidents.tell(incident, at=START, actor=SAM, text="opened it")
    await tx.journal.record(at=START, actor=SAM, kind="walk.started", subject="walk:1", facts={"n": 1})
    await tx.outbox.show(channel=INCIDENTS, subject="incident:1", facts=Plain(text="x"), at=START)
    await tx.enqueue("measure", job_id="measure:1:1", walk_id="1", version=1)


async def _stopped(store: Store) -> None:
    async with store.transaction() as tx:
        await _everything(tx)
        raise _StopError


async def test_state_audit_timeline_messages_and_job_are_committed_together(trial: Trial) -> None:
    before = await trial.counts()
    async with trial.store.transaction() as tx:
        await _everything(tx)
    after = await trial.counts()
    added = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert added == {"incidents": 1, "timeline": 1, "audit": 1, "outbox": 2, "fake_jobs": 1}
    assert trial.store.mail.is_set()


async def test_an_error_inside_leaves_nothing_of_it(trial: Trial) -> None:
    before = await trial.counts()
    with pytest.raises(_StopError):
        await _stopped(trial.store)
    assert await trial.counts() == before
    assert not trial.store.mail.is_set()
    async with trial.store.reading() as tx:
        assert await tx.journal.problems() == (0, [])


async def test_a_cancellation_inside_leaves_nothing_of_it(trial: Trial) -> None:
    before, reached = await trial.counts(), asyncio.Event()

    async def stuck() -> None:
        async with trial.store.transaction() as tx:
            await _everything(tx)
            reached.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await asyncio.wait_for(reached.wait(), 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await trial.counts() == before


async def test_a_press_whose_job_cannot_be_written_has_no_effect(trial: Trial) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    before = await trial.counts()
    trial.jobs.refuses = _StopError()
    with pytest.raises(_StopError):
        await trial.services.walks.answer(walk.id, version=1, answer="outage", actor=SAM)
    assert await trial.counts() == before
    assert (await trial.services.walks.get(walk.id)).version == 1


async def test_a_confirmation_whose_job_cannot_be_written_has_no_effect(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    before = await trial.counts()
    trial.jobs.refuses = _StopError()
    with pytest.raises(_StopError):
        await trial.services.confirmation.confirm(confirmation, actor=SAM)
    assert await trial.counts() == before
    assert (await trial.services.walks.get(walk.id)).status == "concluded"


async def test_what_a_transaction_wrote_is_not_seen_before_it_commits(trial: Trial) -> None:
    async with trial.store.transaction() as tx:
        await _everything(tx)
        async with trial.store.reading() as other:
            assert await other.delivery.channels(now=trial.clock.now()) == ()
    async with trial.store.reading() as other:
        assert await other.delivery.channels(now=trial.clock.now()) == (INCIDENTS,)


async def test_a_reading_transaction_does_not_hold_up_a_writing_one(trial: Trial) -> None:
    async with trial.store.reading() as tx:
        with pytest.raises(SupersededError, match="no longer exists"):
            await tx.walks.get("walk-1")
        async with asyncio.timeout(5), trial.store.transaction() as other:
            await _everything(other)


async def test_an_unreachable_server_is_a_store_error_without_secrets(jobs: FakeJobs) -> None:
    url = sa.URL.create("postgresql+psycopg", "sb", "pa55word", "127.0.0.1", 1, "switchback")
    await _expect_store_error(Store(database=open_database(url), jobs=jobs), secret="pa55word")


async def test_a_missing_folder_is_a_store_error(jobs: FakeJobs, tmp_path: Path) -> None:
    url = sa.URL.create("sqlite", database=str(tmp_path / "missing" / "store.db"))
    await _expect_store_error(Store(database=open_database(url), jobs=jobs), secret="SELECT")


async def _expect_store_error(store: Store, *, secret: str) -> None:
    try:
        for opened in (store.transaction(), store.reading()):
            with pytest.raises(StoreError, match="cannot be used") as error:
                async with opened:
                    pytest.fail("it was opened")
            assert secret not in str(error.value)
            assert "\n" not in str(error.value)
    finally:
        await store.database.close()


async def test_a_statement_that_fails_does_not_put_its_values_into_the_error(store: Store) -> None:
    with pytest.raises(StoreError) as error:
        await _fail_with(store, "s3cret")
    assert "s3cret" not in str(error.value)
    assert "\n" not in str(error.value)


async def _fail_with(store: Store, value: str) -> None:
    async with store.transaction() as tx:
        if store.database.dialect == "postgresql":
            await tx.connection.execute(sa.text("SET LOCAL statement_timeout = 1"))
            await tx.connection.execute(sa.text("SELECT pg_sleep(5), :v"), {"v": value})
        await tx.connection.execute(sa.text("INSERT INTO no_such_table VALUES (:v)"), {"v": value})
