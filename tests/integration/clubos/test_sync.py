"""The club's sync: what goes over, what is mirrored, what is kept of a job that failed."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from examples.clubos.club import written
from examples.clubos.switches import Authority
from examples.clubos.sync import sync
from tests.integration.clubos.conftest import Data

NOW = datetime(2026, 3, 14, 5, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path, made: Data) -> Path:
    shutil.copytree(made("clean"), tmp_path / "data")
    return tmp_path / "data"


def change(data: Path, system: str, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(data / f"{system}.db")) as connection, connection:
        assert connection.execute(statement, values).rowcount == 1


def asked(data: Path, system: str, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / f"{system}.db")) as connection:
        return connection.execute(query).fetchall()


LAST_JOB = "SELECT kind, status, problem FROM sync_jobs ORDER BY job_id DESC LIMIT 1"


def test_what_legacy_changed_since_the_last_job_comes_over_in_the_new_systems_form(data: Path) -> None:
    change(
        data, "legacy", "UPDATE members SET status = 'R', modified_at = ? WHERE member_no = 7", written(NOW)
    )
    sync(data, now=NOW + timedelta(minutes=1))
    assert asked(data, "new", "SELECT active FROM members WHERE member_id = 7") == [(0,)]
    assert asked(data, "new", LAST_JOB) == [("incremental", "succeeded", "")]


def test_a_contact_change_made_in_the_new_system_comes_into_legacy_and_stays_in_new(data: Path) -> None:
    change(
        data, "new", "UPDATE members SET phone = '+49 1', modified_at = ? WHERE member_id = 7", written(NOW)
    )
    values = ("n-2000", 7, "phone", "+49 1", "new", written(NOW))
    change(data, "new", "INSERT INTO contact_changes VALUES (?, ?, ?, ?, ?, ?)", *values)
    sync(data, now=NOW + timedelta(minutes=1))
    assert asked(data, "legacy", "SELECT phone FROM members WHERE member_no = 7") == [("+49 1",)]
    assert asked(data, "new", "SELECT phone FROM members WHERE member_id = 7") == [("+49 1",)]
    found = asked(data, "legacy", "SELECT * FROM contact_changes WHERE change_id = 'n-2000'")
    assert found == [values]


def test_the_newer_note_is_right_on_both_sides(data: Path) -> None:
    later = written(NOW + timedelta(minutes=1))
    change(
        data, "legacy", "UPDATE event_notes SET note = 'a', modified_at = ? WHERE event_no = 1", written(NOW)
    )
    change(data, "new", "UPDATE event_metadata SET note = 'b', modified_at = ? WHERE event_id = 1", later)
    change(data, "legacy", "UPDATE event_notes SET note = 'c', modified_at = ? WHERE event_no = 2", later)
    sync(data, now=NOW + timedelta(minutes=2))
    for system, query in (
        ("legacy", "SELECT note FROM event_notes"),
        ("new", "SELECT note FROM event_metadata"),
    ):
        assert asked(data, system, query)[:2] == [("b",), ("c",)]


def test_a_job_without_legacy_is_kept_as_failed_and_the_next_one_takes_up_what_it_left(data: Path) -> None:
    change(
        data,
        "legacy",
        "UPDATE members SET name = 'New Name', modified_at = ? WHERE member_no = 7",
        written(NOW),
    )
    (data / "legacy.db").rename(data / "away.db")
    failed = sync(data, now=NOW + timedelta(hours=1))
    assert failed is not None
    assert asked(data, "new", LAST_JOB) == [("incremental", "failed", failed.problem)]
    assert not (data / "legacy.db").exists()
    (data / "away.db").rename(data / "legacy.db")
    sync(data, now=NOW + timedelta(hours=2))
    assert asked(data, "new", "SELECT full_name FROM members WHERE member_id = 7") == [("New Name",)]


def test_a_full_sync_takes_away_what_legacy_does_not_have(data: Path) -> None:
    change(data, "new", "INSERT INTO payments VALUES (77777, 7, 100, '2026-03-01', ?)", written(NOW))
    sync(data, now=NOW)
    assert asked(data, "new", "SELECT COUNT(*) FROM payments WHERE payment_id = 77777") == [(1,)]
    sync(data, now=NOW, full=True)
    assert asked(data, "new", "SELECT COUNT(*) FROM payments WHERE payment_id = 77777") == [(0,)]


def test_from_a_legacy_that_is_behind_nothing_is_pulled(data: Path) -> None:
    Authority(data).set(new=True, since=written(NOW))
    jobs = asked(data, "new", "SELECT COUNT(*) FROM sync_jobs")
    assert sync(data, now=NOW, full=True) is None
    assert asked(data, "new", "SELECT COUNT(*) FROM sync_jobs") == jobs
