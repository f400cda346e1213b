"""A source over SQLAlchemy: read only, in threads of its own."""

import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, CursorResult
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.domain.errors import SourceError
from bot.domain.figure_read import FigureRead
from bot.domain.group import Group
from bot.domain.moment import Moment
from bot.domain.playbook.checks import Figure
from bot.domain.playbook.table_checks import Rules
from bot.domain.rules_comparison import RulesCounted
from bot.domain.table_shape import TableColumn, TableShape
from bot.reconcile.answers import MOST_GROUPS, Rows, newest_moment, numbers_by_group, one_number
from bot.reconcile.catalogue import columns_of, tables_of
from bot.reconcile.databases.database import Limits
from bot.reconcile.databases.opening import database_of
from bot.reconcile.figures import FigureScan
from bot.reconcile.lanes import Lanes
from bot.reconcile.rule_counts import count_broken
from bot.reconcile.select_only import bounded_select, checked_select
from bot.reconcile.source_identity import SourceIdentity

_GRACE = 2.0
# The code of TIMESTAMP in the protocol of MySQL: an instant, given in the session's zone, which is UTC.
_MYSQL_TIMESTAMP = 7

T = TypeVar("T")


class _RefusedStatementError(SourceError):
    """The database answers, and refuses this statement."""


class SqlSource:
    """Implements `bot.ports.source.Source`.

    `name` is how errors call the source. Each query is bounded by the database's own time-outs, where it
    has some, and always by a wait that ends two seconds later. One that is given up by its caller ends at
    once on SQLite and PostgreSQL, at its time-out on MySQL and MariaDB, and on others when it is done.
    """

    def __init__(self, *, name: str, url: URL, limits: Limits) -> None:
        self._identity = SourceIdentity(name, url)
        self._seconds = limits.seconds
        try:
            self._database = database_of(url, limits=limits)
        except SourceError as error:
            raise self._located(error) from None
        self._lanes = Lanes(self._database, name=name, most=limits.connections)

    async def snapshot(self) -> bool:
        """Take the snapshot that all later queries read; False where this database has none."""
        if not await self._ask(self._database.keeps_snapshot):
            return False
        self._lanes.hold(alone=not self._database.shares_snapshot)
        try:
            await self._ask(lambda _: None)
        except _RefusedStatementError:
            # It speaks like a database that has them, and has none.
            self._lanes.release()
            return False
        return True

    async def scalar(self, sql: str) -> Decimal:
        """The one number a query gives. NULL, text, two columns or two rows raise SourceError."""
        return await self._ask(lambda connection: one_number(self._rows(connection, sql, most=2)))

    async def grouped(self, sql: str) -> dict[Group, Decimal]:
        """Numbers by group, at most 100,000 of them; the last column is the number."""
        return await self._ask(
            lambda connection: numbers_by_group(self._rows(connection, sql, most=MOST_GROUPS + 1))
        )

    async def newest(self, sql: str) -> Moment:
        """The one time or day a query gives; with a zone where the database knows it."""
        return await self._ask(lambda connection: self._moment(connection, sql))

    async def figures(self, figures: Sequence[Figure]) -> list[FigureRead]:
        """Figures of one table, in one scan; one by one where the database refuses that."""
        try:
            return await self._scanned(figures)
        except _RefusedStatementError as error:
            if len(figures) == 1:
                return [FigureRead(number=None, problem=error)]
        except SourceError as error:
            return [FigureRead(number=None, problem=error)] * len(figures)
        return [read for figure in figures for read in await self.figures([figure])]

    async def columns(self, table: str) -> tuple[TableColumn, ...]:
        """The columns of a table. Raises SourceError when there is no such table."""
        return await self._ask(lambda connection: columns_of(connection, table))

    async def tables(self) -> tuple[TableShape, ...]:
        """All tables that are not the database's own."""
        return await self._ask(tables_of)

    async def broken(self, rules: Rules) -> RulesCounted:
        """What breaks the rules of a table."""
        return await self._ask(lambda connection: count_broken(connection, rules))

    async def close(self) -> None:
        """Give back every connection."""
        await self._lanes.close()

    async def _scanned(self, figures: Sequence[Figure]) -> list[FigureRead]:
        scan = FigureScan(figures)
        row = await self._ask(lambda connection: connection.execute(scan.statement).one())
        return [
            read if read.problem is None else FigureRead(None, problem=self._located(read.problem))
            for read in scan.read(tuple(row))
        ]

    def _rows(self, connection: Connection, sql: str, *, most: int) -> Rows:
        with self._selected(connection, sql, most=most) as result:
            return [tuple(row) for row in result.fetchmany(most)]

    def _moment(self, connection: Connection, sql: str) -> Moment:
        with self._selected(connection, sql, most=2) as result:
            described = result.cursor.description if result.cursor is not None else None
            is_timestamp = bool(described) and described[0][1] == _MYSQL_TIMESTAMP
            rows = [tuple(row) for row in result.fetchmany(2)]
        return newest_moment(rows, in_utc=is_timestamp and connection.dialect.name == "mysql")

    def _selected(self, connection: Connection, sql: str, *, most: int) -> CursorResult[Any]:
        statement = bounded_select(sql, rows=most) if self._database.knows_limit else checked_select(sql)
        return connection.exec_driver_sql(statement, execution_options={"no_parameters": True})

    async def _ask(self, ask: Callable[[Connection], T]) -> T:
        started = time.monotonic()
        try:
            return await self._lanes.ask(ask, seconds=self._seconds, grace=_GRACE)
        except TimeoutError:
            raise self._too_slow() from None
        except SourceError as error:
            raise self._located(error) from None
        except DBAPIError as error:
            if self._database.too_slow(error) or time.monotonic() - started >= self._seconds:
                raise self._too_slow() from None
            kind = SourceError if error.connection_invalidated else _RefusedStatementError
            raise kind(self._identity.first_line(_told(error.orig)), where=self._identity.where) from None
        except SQLAlchemyError as error:
            raise SourceError(self._identity.first_line(error), where=self._identity.where) from None

    def _located(self, error: SourceError) -> SourceError:
        return SourceError(error.what, where=error.where or self._identity.where, do=error.do)

    def _too_slow(self) -> SourceError:
        return SourceError(f"no answer within {self._seconds:g} s", where=self._identity.where)


def _told(error: BaseException | None) -> object:
    """What a driver says; that of MySQL puts a number before it."""
    arguments = () if error is None else error.args
    return arguments[1] if len(arguments) == 2 and isinstance(arguments[0], int) else error
