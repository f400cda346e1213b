"""Durable jobs on the real DBOS: written in our transaction, run after it, each once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.errors import StoreError
from bot.engine.durable import Durable
from bot.store.database import database_url, open_database
from bot.store.store import Store


class _RolledBackError(Exception):
    """Leaves a transaction."""


class Notes:
    """Jobs that note that they ran. `failures` are raised by the first runs of a name."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.failures: dict[str, list[Exception]] = {}
        self._changed = asyncio.Event()

    async def note(self, name: str) -> None:
        """The job."""
        self.ran.append(name)
        self._changed.set()
        if self.failures.get(name):
            raise self.failures[name].pop(0)

    async def until(self, name: str, *, times: int = 1) -> None:
        """Wait until a name has been noted that often."""
        async with asyncio.timeout(20):
            while self.ran.count(name) < times:
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def _durable(url: sa.URL, notes: Notes, *, launched: bool = True) -> AsyncIterator[Store]:
    durable = Durable(url=url, replica="trial")
    durable.register("note", notes.note)
    database = open_database(database_url(url.render_as_string(hide_password=False)))
    try:
        if launched:
            await durable.launch()
        yield Store(database=database, jobs=durable)
    finally:
        await durable.close()
        await database.close()


async def _enqueue(store: Store, name: str, *, job_id: str = "", delay: timedelta | None = None) -> None:
    async with store.transaction() as tx:
        await tx.enqueue("note", job_id=job_id or name, delay=delay, name=name)


async def _rolled_back(store: Store, name: str) -> None:
    async with store.transaction() as tx:
        await tx.enqueue("note", job_id=name, name=name)
        raise _RolledBackError


async def test_a_job_runs_once_when_its_transaction_commits_and_never_when_it_is_rolled_back(
    empty_database: sa.URL,
) -> None:
    notes = Notes()
    async with _durable(empty_database, notes) as store:
        with pytest.raises(_RolledBackError):
            await _rolled_back(store, "rolled back")
        async with store.transaction() as tx:
            for _ in range(2):
                await tx.enqueue("note", job_id="one id", name="first")
            assert notes.ran == []
        await _enqueue(store, "again", job_id="one id")
        await notes.until("first")
        await _enqueue(store, "again", job_id="one id")
        await _enqueue(store, "last")
        await notes.until("last")
    assert notes.ran == ["first", "last"]


async def test_a_job_that_finds_the_database_away_is_tried_again_and_another_error_ends_it(
    empty_database: sa.URL,
) -> None:
    notes = Notes()
    notes.failures = {"away": [StoreError("away")], "broken": [ValueError("broken"), ValueError("broken")]}
    async with _durable(empty_database, notes) as store:
        await _enqueue(store, "broken")
        await _enqueue(store, "away")
        await notes.until("away", times=2)
        await notes.until("broken")
    assert sorted(notes.ran) == ["away", "away", "broken"]


async def _started_once(url: sa.URL) -> None:
    async with _durable(url, Notes()):
        pass


async def test_a_job_that_was_written_while_nothing_worked_is_run_at_the_next_start(
    empty_database: sa.URL,
) -> None:
    # DBOS keeps the loop that it was launched in: each start has one of its own, as in a process.
    await asyncio.to_thread(asyncio.run, _started_once(empty_database))
    notes = Notes()
    async with _durable(empty_database, notes, launched=False) as store:
        await _enqueue(store, "left over")
        await _enqueue(store, "later", delay=timedelta(seconds=0.5))
    assert notes.ran == []
    async with _durable(empty_database, notes):
        await notes.until("later")
    assert notes.ran == ["left over", "later"]


async def test_a_job_written_into_a_database_that_nothing_ever_worked_on_is_run_at_the_first_start(
    empty_database: sa.URL,
) -> None:
    durable = Durable(url=empty_database, replica="terminal-1")
    for _ in range(2):
        await durable.prepare()
    await durable.close()
    async with _durable(empty_database, Notes(), launched=False) as store:
        await _enqueue(store, "first")
    notes = Notes()
    async with _durable(empty_database, notes):
        await notes.until("first")
    assert notes.ran == ["first"]


def test_a_name_is_bound_to_one_function() -> None:
    durable = Durable(url=sa.URL.create("sqlite", database="unused.db"), replica="trial")
    durable.register("note", Notes().note)
    with pytest.raises(ValueError, match="note is bound already"):
        durable.register("note", Notes().note)
