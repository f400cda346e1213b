"""The pairs of tables that are compared, on PostgreSQL and in files of SQLite; made once for each size."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from benchmarks.comparers.turn import Side
from benchmarks.employees import Dialect, filling, planting
from benchmarks.postgres_server import postgres_server

DIFFERING = (0, 10, 1000)
PAIRS = ("pg_two", "pg_one", "sqlite", "mixed")
LEGACY = "employees"


@dataclass(frozen=True)
class Case:
    """Two tables: between which databases, and at how many keys they differ."""

    pair: str
    differing: int

    @property
    def name(self) -> str:
        """As the figures begin."""
        return f"{self.pair}_{self.differing}"

    @property
    def on_postgresql_alone(self) -> bool:
        """Whether no side is SQLite."""
        return self.pair.startswith("pg_")


CASES = tuple(Case(pair, differing) for pair in PAIRS for differing in DIFFERING)


@dataclass(frozen=True)
class EmployeeTables:
    """Where the tables of one size are; valid while the server runs."""

    server: str
    folder: Path
    rows: int

    def sides(self, case: Case) -> tuple[Side, Side]:
        """The legacy side, and the new one."""
        new = new_table(case.differing)
        if case.pair == "sqlite":
            return self._file("legacy", LEGACY), self._file(new, new)
        legacy = self._database("legacy", LEGACY)
        if case.pair == "mixed":
            return legacy, self._file(new, new)
        return legacy, self._database("new" if case.pair == "pg_two" else "legacy", new)

    def _file(self, name: str, table: str) -> Side:
        return Side(table=table, file=str(sqlite_file(self.folder, name, self.rows)))

    def _database(self, name: str, table: str) -> Side:
        url = make_url(self.server)
        host = url.query["host"]
        if not isinstance(host, str):
            raise TypeError("the server has one host")
        return Side(table=table, host=host, user=url.username or "", database=_made(name, self.rows))


def new_table(differing: int) -> str:
    """The name of the new side's table that differs at so many keys."""
    return f"{LEGACY}_new_{differing}"


def sqlite_file(folder: Path, name: str, rows: int) -> Path:
    """The file of SQLite with one table."""
    return folder / f"{_made(name, rows)}.db"


@contextmanager
def employee_tables(folder: Path, rows: int) -> Iterator[EmployeeTables]:
    """The tables of that size, made in the folder if they are not there, and a server meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    _fill_files(folder, rows)
    with postgres_server(folder / "postgres") as server:
        _fill_databases(server, rows)
        yield EmployeeTables(server, folder, rows)


def _fill_files(folder: Path, rows: int) -> None:
    for outdated in folder.glob("*.db"):
        if _outdated(outdated.name, rows):
            outdated.unlink()
    news = [(new_table(differing), new_table(differing), differing) for differing in DIFFERING]
    for name, table, differing in [("legacy", LEGACY, 0), *news]:
        file = sqlite_file(folder, name, rows)
        if file.exists():
            continue
        print(f"making {file.name} ...", flush=True)
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            for statement in _statements("sqlite", table, rows, differing):
                connection.execute(statement)
            connection.execute("ANALYZE")
        part.rename(file)


def _outdated(name: str, rows: int) -> bool:
    """Whether a database or a file is of this size, and made by another recipe."""
    recipe = _made("", rows).rpartition("_")[2]
    return f"_{rows}_" in name and not name.removesuffix(".db").endswith(recipe)


def _fill_databases(server: str, rows: int) -> None:
    news = [(new_table(differing), differing) for differing in DIFFERING]
    tables = {"legacy": [(LEGACY, 0), *news], "new": news}
    with _connected(server) as connection:
        there = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for outdated in filter(lambda name: _outdated(str(name), rows), there):
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(str(outdated))))
        for name, wanted in tables.items():
            made = _made(name, rows)
            if made in there:
                continue
            part = f"{made}_part"
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(part)))
            _fill_database(server, part, rows, wanted)
            renamed = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(renamed.format(sql.Identifier(part), sql.Identifier(made)))
        # Written down now, not while it is measured.
        connection.execute("CHECKPOINT")


def _fill_database(server: str, database: str, rows: int, tables: Sequence[tuple[str, int]]) -> None:
    with _connected(server, database) as connection:
        for table, differing in tables:
            print(f"making {database}, {table} ...", flush=True)
            for statement in _statements("postgresql", table, rows, differing):
                connection.execute(statement.encode())
            # As a table is after a while, with nothing left for the server to tidy up.
            connection.execute(sql.SQL("VACUUM (FREEZE, ANALYZE) {}").format(sql.Identifier(table)))


def _statements(dialect: Dialect, table: str, rows: int, differing: int) -> Iterator[str]:
    yield from filling(dialect, table, rows)
    yield from planting(dialect, table, rows, differing)


def _made(name: str, rows: int) -> str:
    """The name of a database, with its size and with what it was made from: another recipe is made anew."""
    texts = [text for dialect in ("postgresql", "sqlite") for text in _statements(dialect, "t", rows, 10)]
    return f"{name}_{rows}_{hashlib.sha256(''.join(texts).encode()).hexdigest()[:8]}"


def _connected(server: str, database: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
    url = make_url(server).set(drivername="postgresql")
    placed = url if database is None else url.set(database=database)
    return psycopg.connect(placed.render_as_string(hide_password=False), autocommit=True)
