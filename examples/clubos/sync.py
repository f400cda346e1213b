"""The sync of the club: what legacy changed comes to the new system, what is mirrored goes both ways.

    python examples/clubos/sync.py --data examples/clubos/data --full

An incremental pull takes the rows that were modified since the last one that succeeded began; a full one
takes every row, and removes what legacy does not have. Each is a row of the new system's sync_jobs, the
failed ones too. Since the cutover legacy is behind, and nothing is pulled from it.
"""

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from examples.clubos.club import written
from examples.clubos.switches import Authority

BEGINNING = "0000-00-00 00:00:00"


@dataclass(frozen=True)
class Pull:
    """A table of legacy, read with the new system's columns, and the table that it goes to."""

    table: str
    key: str
    select: str


PULLED = (
    Pull(
        "members",
        "member_id",
        "SELECT member_no, name, email, phone, status = 'A', joined, modified_at FROM legacy.members",
    ),
    Pull(
        "events",
        "event_id",
        "SELECT event_no, title, venue, starts_at,"
        " CASE state WHEN 'open' THEN 'active' WHEN 'held' THEN 'past' ELSE state END,"
        " fee_cents, modified_at FROM legacy.events",
    ),
    Pull(
        "registrations",
        "registration_id",
        "SELECT reg_no, event_no, member_no, state = 'booked', modified_at FROM legacy.registrations",
    ),
    Pull(
        "payments",
        "payment_id",
        "SELECT pay_no, member_no, amount_cents, paid_on, modified_at FROM legacy.payments",
    ),
)


@dataclass(frozen=True)
class Synced:
    """How a sync job went. `problem` says why it failed."""

    kind: str
    rows: int
    problem: str

    @property
    def status(self) -> str:
        """As sync_jobs has it."""
        return "failed" if self.problem else "succeeded"


def sync(data: Path, *, now: datetime, full: bool = False) -> Synced | None:
    """One job, kept in sync_jobs; None when the new system is authoritative, and nothing is pulled.

    Raises sqlite3.Error when the new system's own database cannot be written.
    """
    if Authority(data).is_new:
        return None
    kind = "full" if full else "incremental"
    with closing(sqlite3.connect(data / "new.db", isolation_level=None)) as connection:
        since = BEGINNING if full else _last_success(connection)
        try:
            rows, problem = _carry(connection, data / "legacy.db", since, full=full), ""
        except sqlite3.Error as error:
            rows, problem = 0, str(error)
        synced = Synced(kind, rows, problem)
        connection.execute(
            "INSERT INTO sync_jobs (kind, started_at, ended_at, status, changed_rows, problem)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (kind, written(now), written(now), synced.status, rows, problem),
        )
    return synced


def _last_success(connection: sqlite3.Connection) -> str:
    query = "SELECT MAX(started_at) FROM sync_jobs WHERE status = 'succeeded'"
    (last,) = connection.execute(query).fetchone()
    return last or BEGINNING


def _carry(connection: sqlite3.Connection, legacy: Path, since: str, *, full: bool) -> int:
    """All of it in one transaction over both databases; how many rows were written."""
    with _attached(connection, legacy), _transaction(connection):
        before = connection.total_changes
        _mirror(connection, since)
        for pull in PULLED:
            rows = connection.execute(f"{pull.select} WHERE modified_at >= ?", (since,)).fetchall()
            places = ", ".join("?" * len(rows[0])) if rows else ""
            if full:
                kept = [row[0] for row in rows]
                connection.execute(
                    f"DELETE FROM main.{pull.table} WHERE {pull.key} NOT IN (SELECT value FROM json_each(?))",
                    (json.dumps(kept),),
                )
            if rows:
                connection.executemany(f"INSERT OR REPLACE INTO main.{pull.table} VALUES ({places})", rows)
        return connection.total_changes - before


def _mirror(connection: sqlite3.Connection, since: str) -> None:
    """Lines of the change log that one side does not have, and notes whose newest text is on one side."""
    connection.execute(
        "INSERT OR IGNORE INTO legacy.contact_changes SELECT change_id, member_id, field, value, origin,"
        " modified_at FROM main.contact_changes WHERE modified_at >= ? AND origin = 'new'",
        (since,),
    )
    for name in ("email", "phone"):
        connection.execute(
            f"UPDATE legacy.members SET {name} = changed.value, modified_at = changed.modified_at"
            " FROM (SELECT member_id, value, MAX(modified_at) AS modified_at FROM main.contact_changes"
            f" WHERE field = '{name}' AND origin = 'new' AND modified_at >= ? GROUP BY member_id) AS changed"
            " WHERE changed.member_id = member_no AND changed.modified_at >= members.modified_at",
            (since,),
        )
    connection.execute(
        "INSERT OR REPLACE INTO main.contact_changes SELECT change_id, member_no, field, value, origin,"
        " modified_at FROM legacy.contact_changes WHERE modified_at >= ?",
        (since,),
    )
    connection.execute(
        "INSERT OR REPLACE INTO legacy.event_notes SELECT event_id, note, modified_at FROM"
        " main.event_metadata AS ours WHERE modified_at >"
        " (SELECT modified_at FROM legacy.event_notes AS theirs WHERE theirs.event_no = ours.event_id)"
    )
    connection.execute(
        "INSERT OR REPLACE INTO main.event_metadata SELECT event_no, note, modified_at FROM"
        " legacy.event_notes WHERE modified_at >= ?",
        (since,),
    )


@contextmanager
def _attached(connection: sqlite3.Connection, legacy: Path) -> Iterator[None]:
    # Attaching would make a file that is not there.
    if not legacy.exists():
        raise sqlite3.OperationalError("legacy cannot be read: there is no such file")
    connection.execute("ATTACH DATABASE ? AS legacy", (str(legacy),))
    try:
        yield
    finally:
        connection.execute("DETACH DATABASE legacy")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def main() -> int:
    """Exit 0: done, or nothing to pull. Exit 1: the job failed, and is recorded so."""
    parser = argparse.ArgumentParser(description="Run one sync of the club, legacy to new.")
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "data")
    parser.add_argument("--full", action="store_true", help="every row, for recovery or verification")
    given = parser.parse_args()
    synced = sync(given.data, now=datetime.now(UTC), full=given.full)
    if synced is None:
        sys.stdout.write("the new system is authoritative: nothing is pulled from legacy\n")
        return 0
    sys.stdout.write(
        f"{synced.kind} sync {synced.status}, {synced.rows} rows {synced.problem}".rstrip() + "\n"
    )
    return 1 if synced.problem else 0


if __name__ == "__main__":
    sys.exit(main())
