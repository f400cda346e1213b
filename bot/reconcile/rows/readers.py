"""Which reader reads a side."""

from collections.abc import Callable

from bot.reconcile.rows.cells import RowDefinition
from bot.reconcile.rows.file_reader import FileReader
from bot.reconcile.rows.mysql_reader import MysqlReader
from bot.reconcile.rows.place import RowPlace
from bot.reconcile.rows.postgres_reader import PostgresReader
from bot.reconcile.rows.reader import RowReader
from bot.reconcile.rows.sqlite_reader import SqliteReader

_READERS: dict[str, Callable[[RowPlace, RowDefinition], RowReader]] = {
    "file": FileReader,
    "mysql": MysqlReader,
    "mariadb": MysqlReader,
    "sqlite": SqliteReader,
    "postgresql": PostgresReader,
}


def row_reader(place: RowPlace, definition: RowDefinition) -> RowReader:
    """The reader of a side, nothing connected yet. Raises SourceError."""
    made = _READERS.get(place.backend)
    if made is None:
        raise place.problem(f"rows of {place.backend} are not read")
    return made(place, definition)
