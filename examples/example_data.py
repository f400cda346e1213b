"""How an example's folder of data is made: whole, or not at all."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path

Rows = Iterable[tuple[object, ...]]
LAST = "expected.json"


def write_database(path: Path, tables: str, rows: Mapping[str, Rows]) -> None:
    """A new SQLite file with these tables and rows."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(tables)
        connection.execute("BEGIN")
        for table, values in rows.items():
            columns = len(connection.execute(f"PRAGMA table_info({table})").fetchall())
            places = ", ".join("?" * columns)
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", values)
        connection.execute("COMMIT")


def write_json(path: Path, document: Mapping[str, object]) -> None:
    """The document, readable."""
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def replace_all(out: Path, write: Callable[[Path], None], *, folders: tuple[str, ...] = ()) -> None:
    """Builds beside the old files, then moves each into its place; expected.json comes last."""
    for folder in ("", *folders):
        (out / folder).mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=out))
    try:
        write(building)
        for path in sorted(building.iterdir(), key=lambda path: (path.name == LAST, path.name)):
            path.replace(out / path.name)
    finally:
        shutil.rmtree(building)
