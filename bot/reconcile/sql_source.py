"""A source over SQLAlchemy: SQLite or PostgreSQL, read only, in threads of its own."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.domain.errors import SourceError
from bot.domain.group import Group, group_name
from bot.domain.quantities import plain
from bot.reconcile.cells import to_decimal, to_group_part
from bot.reconcile.engines import CONNECTIONS, read_only_engine
from bot.reconcile.select_only import bounded_select
from bot.reconcile.source_identity import SourceIdentity

MOST_GROUPS = 100_000
"""Groups a grouped query may give; more than people and memory can take."""

_GRACE = 2.0
_PROGRESS_INSTRUCTIONS = 10_000
_QUERY_CANCELED = "57014"

T = TypeVar("T")
Rows = list[tuple[object, ...]]


class SqlSource:
    """Implements `bot.ports.source.Source`.

    `name` is how errors call the source. `seconds` bounds each query: SQLite by its progress handler,
    PostgreSQL by statement_timeout and lock_timeout, and both by a wait that ends two seconds later.
    A query given up by its caller ends at once on SQLite, and at its time-out on PostgreSQL.
    """

    def __init__(self, *, name: str, url: URL, seconds: float) -> None:
        self._identity = SourceIdentity(name, url)
        self._file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
        self._seconds = seconds
        try:
            self._engine = read_only_engine(url, seconds=seconds)
        except SourceError as error:
            raise self._located(error) from None
        self._threads = ThreadPoolExecutor(max_workers=CONNECTIONS, thread_name_prefix=f"source-{name}")

    async def scalar(self, sql: str) -> Decimal:
        """The one number a query gives. NULL, text, two columns or two rows raise SourceError."""
        return await self._ask(sql, most_rows=2, read=_one_number)

    async def grouped(self, sql: str) -> dict[Group, Decimal]:
        """Numbers by group, at most 100,000 of them; the last column is the number."""
        return await self._ask(sql, most_rows=MOST_GROUPS + 1, read=_numbers_by_group)

    async def close(self) -> None:
        """Give back every connection."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._engine.dispose)

    async def _ask(self, sql: str, *, most_rows: int, read: Callable[[Rows], T]) -> T:
        given_up = Event()
        try:
            statement = bounded_select(sql, rows=most_rows)
            async with asyncio.timeout(self._seconds + _GRACE):
                rows = await asyncio.get_running_loop().run_in_executor(
                    self._threads, self._query, statement, given_up
                )
            return read(rows)
        except TimeoutError:
            raise self._too_slow() from None
        except SourceError as error:
            raise self._located(error) from None
        finally:
            given_up.set()

    def _query(self, statement: str, given_up: Event) -> Rows:
        if self._file is not None and not self._file.is_file():
            raise SourceError("there is no such file")
        deadline = time.monotonic() + self._seconds
        try:
            with self._engine.connect() as connection:
                self._bound(connection, deadline, given_up)
                plainly = connection.execution_options(no_parameters=True)
                return [tuple(row) for row in plainly.exec_driver_sql(statement)]
        except DBAPIError as error:
            if time.monotonic() >= deadline or getattr(error.orig, "sqlstate", None) == _QUERY_CANCELED:
                raise self._too_slow() from None
            raise SourceError(self._identity.first_line(error.orig)) from None
        except SQLAlchemyError as error:
            raise SourceError(self._identity.first_line(error)) from None

    def _bound(self, connection: Connection, deadline: float, given_up: Event) -> None:
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.set_progress_handler(
                lambda: given_up.is_set() or time.monotonic() > deadline, _PROGRESS_INSTRUCTIONS
            )
            return
        milliseconds = round(self._seconds * 1000)
        connection.exec_driver_sql(
            "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
            " set_config('TimeZone', 'UTC', true)",
            (str(milliseconds), str(milliseconds)),
        )

    def _located(self, error: SourceError) -> SourceError:
        return SourceError(error.what, where=error.where or self._identity.where, do=error.do)

    def _too_slow(self) -> SourceError:
        return SourceError(f"no answer within {self._seconds:g} s", where=self._identity.where)


def _one_number(rows: Rows) -> Decimal:
    if len(rows) != 1:
        raise SourceError(f"one row is wanted, and the query gave {'several' if rows else 'none'}")
    if len(rows[0]) != 1:
        raise SourceError(f"one column is wanted, and the query gave {len(rows[0])}")
    return to_decimal(rows[0][0])


def _numbers_by_group(rows: Rows) -> dict[Group, Decimal]:
    if len(rows) > MOST_GROUPS:
        raise SourceError(f"more than {plain(Decimal(MOST_GROUPS))} groups")
    numbers: dict[Group, Decimal] = {}
    for row in rows:
        if len(row) < 2:
            raise SourceError("a grouped query names the group first and gives its number last")
        group = tuple(to_group_part(part) for part in row[:-1])
        if group in numbers:
            raise SourceError(f"group {group_name(group)} is there twice")
        try:
            numbers[group] = to_decimal(row[-1])
        except SourceError as error:
            raise SourceError(f"group {group_name(group)}: {error.what}") from None
    return numbers
