"""Whether the database can be written is tried by writing: one that can only be read does for nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.errors import StoreError
from bot.domain.messages.facts import Plain
from bot.store.database import database_url
from bot.store.migrate import migrate
from bot.store.sqlite import SqliteDatabase
from bot.store.store import Store
from tests.fakes.clock import START, FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.trial import Trial


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    url = database_url(f"sqlite:///{tmp_path / 'store.db'}")
    migrate(url)
    database = SqliteDatabase(url)
    yield database
    await database.close()


def limited(database: SqliteDatabase, pragma: str) -> Store:
    """A store whose connections have this limit."""
    sa.event.listen(
        database.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {pragma}").close()
    )
    return Store(database=database, jobs=FakeJobs(clock=FakeClock()))


async def say(store: Store, text: str) -> None:
    async with store.transaction() as tx:
        await tx.outbox.say(channel="#full", subject="x", facts=Plain(text=text), at=START)


async def test_a_try_leaves_no_trace(trial: Trial) -> None:
    before = await trial.counts()
    await trial.store.try_writing()
    assert await trial.counts() == before


async def test_a_database_that_can_be_read_and_not_written_is_not_usable(file: SqliteDatabase) -> None:
    store = limited(file, "query_only=ON")
    async with store.reading() as tx:
        assert await tx.delivery.backlog() == (0, None)
    with pytest.raises(StoreError, match="readonly database"):
        await store.try_writing()


async def test_a_full_disk_is_named_with_what_to_do(file: SqliteDatabase) -> None:
    store = limited(file, "max_page_count=1")
    with pytest.raises(StoreError, match=r"database or disk is full\. See that the disk it is on has room"):
        await say(store, "x" * 100_000)
    async with store.reading() as tx:
        assert await tx.delivery.backlog() == (0, None)
