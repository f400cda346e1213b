"""Takes into legacy what members wrote in the new system since the cutover, as a rollback has exported it."""

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

FOLDER = "since-cutover"
TABLES = {"registrations": "registrations", "payments": "payments", "contact-changes": "contact_changes"}
"""The exported files of the folder, and legacy's tables for them."""


def take_in(data: Path) -> dict[str, int]:
    """How many rows of each file are in legacy now; doing it twice is the same as doing it once.

    Raises sqlite3.Error, OSError when nothing was exported, and ValueError for a file with other columns
    than its table.
    """
    counts = {}
    with closing(sqlite3.connect(data / "legacy.db")) as connection, connection:
        for name, table in TABLES.items():
            rows = _rows(connection, data / FOLDER / f"{name}.csv", table)
            for row in rows:
                columns, places = ", ".join(row), ", ".join("?" * len(row))
                statement = f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({places})"
                connection.execute(statement, tuple(row.values()))
            counts[name] = len(rows)
            if table == "contact_changes":
                _apply(connection, rows)
    return counts


def _rows(connection: sqlite3.Connection, path: Path, table: str) -> list[dict[str, str]]:
    columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if set(reader.fieldnames or ()) != columns:
            raise ValueError(f"{path.name} has other columns than legacy's {table}")
        return list(reader)


def _apply(connection: sqlite3.Connection, changes: list[dict[str, str]]) -> None:
    """Each member's newest address and number."""
    for change in changes:
        column = {"email": "email", "phone": "phone"}[change["field"]]
        connection.execute(
            f"UPDATE members SET {column} = ?, modified_at = ? WHERE member_no = ? AND modified_at <= ?",
            (change["value"], change["modified_at"], change["member_no"], change["modified_at"]),
        )
