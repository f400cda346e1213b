"""An SQLite file: a writer waits for its turn and for the lock, and nobody else waits with it."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from bot.store import sqlite
from bot.store.sqlite import SqliteDatabase


@pytest.fixture
async def numbers(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    """A database with an empty table `numbers`."""
    with closing(sqlite3.connect(tmp_path / "numbers.db")) as made:
        made.execute("PRAGMA journal_mode=WAL")
    database = SqliteDatabase(sa.URL.create("sqlite", database=str(tmp_path / "numbers.db")))
    async with database.writing(later=False) as connection:
        await connection.execute(sa.text("CREATE TABLE numbers (number INTEGER)"))
    yield database
    await database.close()


async def _add(database: SqliteDatabase, number: int, *, later: bool = False) -> None:
    async with database.writing(later=later) as connection:
        await connection.execute(sa.text("INSERT INTO numbers VALUES (:number)"), {"number": number})


async def _added(database: SqliteDatabase) -> list[int]:
    async with database.reading() as connection:
        return list((await connection.execute(sa.text("SELECT number FROM numbers"))).scalars())


def _another_process(database: SqliteDatabase) -> sqlite3.Connection:
    return sqlite3.connect(str(database.engine.url.database), isolation_level=None)


async def test_writers_come_in_the_order_of_asking_and_those_who_can_wait_come_last(
    numbers: SqliteDatabase,
) -> None:
    async with numbers.writing(later=False):
        waiting = [
            asyncio.create_task(_add(numbers, number, later=number in (1, 3))) for number in range(1, 6)
        ]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert await _added(numbers) == [2, 4, 5, 1, 3]


async def test_a_writer_that_gives_up_waiting_holds_up_nobody(numbers: SqliteDatabase) -> None:
    async with numbers.writing(later=False):
        tasks = [asyncio.create_task(_add(numbers, number)) for number in range(3)]
        await asyncio.sleep(0)
        tasks[0].cancel()
    # The turn is passed to the second one here, and it is cancelled before it can take it.
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [task.cancelled() for task in tasks] == [True, True, False]
    assert await _added(numbers) == [2]
    await _add(numbers, 9)


async def test_a_lock_of_another_process_is_waited_for_and_the_loop_goes_on(numbers: SqliteDatabase) -> None:
    other = _another_process(numbers)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(_add(numbers, 1))
    for _ in range(10):
        assert await _added(numbers) == [], "a reader waits for no writer"
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await asyncio.wait_for(writing, 10)
    assert await _added(numbers) == [1]


async def test_a_lock_that_is_never_given_back_is_an_error_in_the_end(
    numbers: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 20)
    other = _another_process(numbers)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        await _add(numbers, 1)
    other.close()
    await _add(numbers, 2)
    assert await _added(numbers) == [2]


async def test_a_commit_that_has_begun_is_seen_to_its_end_when_the_task_is_cancelled(
    numbers: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def held_up(_connection: sa.Connection) -> None:
        begun.set()
        assert go_on.wait(10)

    sa.event.listen(numbers.engine, "commit", held_up)
    writing = asyncio.create_task(_add(numbers, 1))
    await asyncio.to_thread(begun.wait, 10)
    writing.cancel()
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.wait({writing})
    assert writing.cancelled()
    sa.event.remove(numbers.engine, "commit", held_up)
    assert await _added(numbers) == [1]
    await _add(numbers, 2)


async def test_a_cancelled_transaction_leaves_no_lock(numbers: SqliteDatabase) -> None:
    inside = asyncio.Event()

    async def stuck() -> None:
        async with numbers.writing(later=False) as connection:
            await connection.execute(sa.text("INSERT INTO numbers VALUES (1)"))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await inside.wait()
    task.cancel()
    await asyncio.wait({task})
    other = _another_process(numbers)
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()
    assert await _added(numbers) == []


async def test_a_reader_waits_while_another_process_has_the_file_to_itself(numbers: SqliteDatabase) -> None:
    await _add(numbers, 1)
    await numbers.close()
    other = _another_process(numbers)
    other.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
    other.execute("INSERT INTO numbers VALUES (2)")
    kept = SqliteDatabase(numbers.engine.url)
    reading = asyncio.create_task(_added(kept))
    done, _ = await asyncio.wait({reading}, timeout=0.1)
    assert not done
    other.close()
    assert await asyncio.wait_for(reading, 10) == [1, 2]
    await kept.close()
