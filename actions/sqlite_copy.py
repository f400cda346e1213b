"""A consistent copy of an SQLite database that is in use, and whether a copy is sound."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from actions.in_thread import Stop, StoppedError
from bot.domain.errors import SourceError

_LOCK_LOOK_SECONDS = 0.05
_PAGES_A_STEP = 256
_STEPS_BETWEEN_LOOKS = 100_000
_MAGIC = b"SQLite format 3\0"


def is_database(path: Path) -> bool:
    """Whether a file is an SQLite database, by its first bytes."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def companions(path: Path) -> list[Path]:
    """The journals beside a database that hold part of its content: it is open, or was not closed well."""
    beside = (path.with_name(path.name + suffix) for suffix in ("-wal", "-journal"))
    return [journal for journal in beside if journal.is_file() and journal.stat().st_size]


def copy_database(source: Path, target: Path, stop: Stop) -> None:
    """Copy into an empty file what the source holds at one moment. Raises StoppedError, sqlite3.Error.

    A reading transaction holds that moment, so that no write to the source makes the copy begin anew.
    Writers of a source in WAL mode are not kept waiting; those of another wait until the copy is done.
    """
    with (
        closing(_opened(source, "mode=ro")) as origin,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        copy.execute("PRAGMA synchronous = OFF")
        _hold(origin, stop)
        origin.backup(
            copy, pages=_PAGES_A_STEP, progress=lambda *_pages: stop.check(), sleep=_LOCK_LOOK_SECONDS
        )


def check_integrity(path: Path, stop: Stop) -> None:
    """Raises SourceError when the database is damaged; leaves the file and its folder as they are."""
    with closing(_opened(path, "mode=ro&immutable=1")) as connection:
        connection.set_progress_handler(lambda: int(stop.wanted()), _STEPS_BETWEEN_LOOKS)
        try:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            if stop.wanted():
                raise StoppedError from error
            raise SourceError(f"{path.name} is damaged: {error}") from error
    if found != ("ok",):
        raise SourceError(f"{path.name} is damaged: {found[0]}")


def _opened(path: Path, how: str) -> sqlite3.Connection:
    uri = f"file:{quote(str(path))}?{how}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_LOCK_LOOK_SECONDS)


def _hold(origin: sqlite3.Connection, stop: Stop) -> None:
    origin.execute("BEGIN")
    while True:
        stop.check()
        try:
            origin.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
        time.sleep(_LOCK_LOOK_SECONDS)
