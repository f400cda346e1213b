"""The table that sources are asked about, in real databases."""

import sqlite3
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

TABLE = [
    "CREATE TABLE people (id INTEGER, level TEXT, grade INTEGER, pay NUMERIC(20, 2), name TEXT)",
    "INSERT INTO people VALUES (1, 'L1', 1, 10, 'Ana'), (2, 'L1', NULL, 32, 'Lee'),"
    " (3, NULL, 1, 9007199254740993, ''), (4, 'NULL', 2, 0, 'Kim')",
]


def sqlite_url(folder: Path, *, wal: bool = False) -> URL:
    with sqlite3.connect(folder / "people.db") as connection:
        connection.execute(f"PRAGMA journal_mode = {'wal' if wal else 'delete'}")
        for statement in TABLE:
            connection.execute(statement)
    connection.close()
    return URL.create("sqlite", database=str(folder / "people.db"))


def filled_postgres(text: str) -> URL:
    url = make_url(text)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        for statement in TABLE:
            connection.execute(statement.encode())
    return url
