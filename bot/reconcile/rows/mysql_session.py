"""A connection to MySQL or MariaDB in a read-only snapshot, on which rows are read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import SourceError
from bot.reconcile.databases.database import Connector, Limits
from bot.reconcile.databases.mysql import MysqlDatabase
from bot.reconcile.rows.place import RowPlace

T = TypeVar("T")


class MysqlSession:
    """A connection in a read-only snapshot, whose driver's errors come out as ours."""

    def __init__(self, place: RowPlace) -> None:
        if place.url is None:
            raise place.problem("there is no database")
        self._place = place
        limits = Limits(seconds=place.seconds, lock_seconds=place.spec.lock_timeout.total_seconds())
        try:
            self._database = MysqlDatabase(place.url, limits=limits)
        except SourceError as error:
            raise place.problem(error.what, do=error.do) from None
        self._connector: Connector = self._database.connector()
        self._begun = False

    def call(self, work: Callable[[Connection], T]) -> T:
        """Do something on the connection; the first call begins the snapshot."""
        with self._told():
            if not self._begun:
                self._connector.call(self._begin)
                self._begun = True
            return self._connector.call(lambda connection: _driven(connection, work, self._problem))

    def interrupt(self) -> None:
        """End what is under way, from another thread."""
        self._connector.interrupt()

    def close(self) -> None:
        """Give back the connection."""
        with self._told():
            self._connector.close()

    def _begin(self, connection: Connection) -> None:
        self._database.begin(connection, held=True, snapshot=None)
        mariadb = getattr(connection.dialect, "is_mariadb", False)
        # A scan is one statement: each batch is waited for, not the whole of it.
        longest = "max_statement_time" if mariadb else "max_execution_time"
        connection.exec_driver_sql(
            f"SET SESSION {longest} = 0, sql_select_limit = DEFAULT, max_sort_length = 8192"
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise self._problem(getattr(error, "orig", None) or error) from None
        except OSError as error:
            raise self._problem(error) from None

    def _problem(self, error: object) -> SourceError:
        return self._place.problem(self._place.identity.first_line(error))


def _driven(
    connection: Connection, work: Callable[[Connection], T], told: Callable[[object], SourceError]
) -> T:
    """What the work gives. What the driver itself raises is told as an error of ours."""
    try:
        return work(connection)
    except connection.dialect.loaded_dbapi.Error as error:
        raise told(error) from None
