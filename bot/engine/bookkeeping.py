"""The engine's own connections to an SQLite file.

What must not be lost is written in our transactions, whose commits wait for the disk, the durable job
included. What DBOS notes by itself is whether a job has begun and ended: after a power cut that takes
the last of it, the job is done again, which our own records make harmless. So its commits do not wait
for the disk, and hold the write lock for that much less.
"""

import sqlite3

import sqlalchemy as sa

BUSY_TIMEOUT_MS = 30_000


def bookkeeping(url: sa.URL) -> sa.Engine | None:
    """An engine for DBOS's own statements; None where its own choice is right."""
    if url.get_backend_name() != "sqlite":
        return None
    engine = sa.create_engine(url, pool_size=4, max_overflow=-1)
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # As DBOS's own engine: every transaction takes the write lock at its beginning.
    connection.isolation_level = "IMMEDIATE"
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}").close()
