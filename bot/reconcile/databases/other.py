"""Any other database that SQLAlchemy has a dialect for: read only and bounded as far as it can be."""

from threading import Event

from sqlalchemy import URL, Connection, NullPool, create_engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.domain.errors import SourceError
from bot.reconcile.databases.connecting import EngineConnector
from bot.reconcile.databases.database import Limits

# What makes a connection, or a transaction, of a dialect read only.
_READ_ONLY_ARGUMENTS: dict[str, dict[str, object]] = {"duckdb": {"read_only": True}}
_READ_ONLY_BEGIN = {"oracle": "SET TRANSACTION READ ONLY"}


class OtherDatabase:
    """Implements `bot.reconcile.databases.database.Database` for scalar and grouped checks.

    There is no snapshot, each query has a transaction of its own that is rolled back, and a query that takes
    too long is given up by the wait for it.
    """

    shares_snapshot = False
    reopens = False
    knows_limit = False

    def __init__(self, url: URL, *, limits: Limits) -> None:
        self._url = url
        self._limits = limits
        self._backend = url.get_backend_name()
        try:
            url.get_dialect().import_dbapi()
        except (NoSuchModuleError, ArgumentError):
            raise SourceError(
                f"there is no SQLAlchemy dialect “{self._backend}”",
                do="Known without another package: sqlite, postgresql, mysql, mariadb",
            ) from None
        except ImportError as error:
            raise SourceError(f"the driver of {self._backend} is not installed: {error}") from None

    def connector(self) -> EngineConnector:
        """Another connection."""
        arguments = _READ_ONLY_ARGUMENTS.get(self._backend, {})
        return EngineConnector(
            create_engine(self._url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)
        )

    def check(self) -> None:
        """Only a connection tells."""

    def keeps_snapshot(self, _connection: Connection, /) -> bool:
        """None that is known."""
        return False

    def begin(self, connection: Connection, **_: object) -> str | None:
        """A transaction that can only read, where the dialect is known to have one."""
        connection.rollback()
        if statement := _READ_ONLY_BEGIN.get(self._backend):
            connection.exec_driver_sql(statement)
        return None

    def guard(self, connection: Connection, *, deadline: float, given_up: Event) -> None:
        """Nothing that every driver knows."""

    def rewind(self, connection: Connection) -> None:
        """Nothing is held."""

    def too_slow(self, _error: DBAPIError, /) -> bool:
        """Not told apart from other errors."""
        return False
