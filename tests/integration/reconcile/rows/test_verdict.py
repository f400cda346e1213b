"""What a row check answers: its verdict, its texts, and what it says of what it cannot do."""

import socket
import threading

import pytest

from bot.domain.errors import CalledOffError
from bot.reconcile.rows import collector as collecting
from bot.reconcile.rows import stream as streaming
from bot.reconcile.rows.sqlite_reader import SqliteReader
from tests.integration.reconcile.rows.comparing import Followed, ImpatientClock, compare
from tests.integration.reconcile.rows.conftest import Databases

TABLE = "CREATE TABLE t (id integer primary key, name text)"


def people(count: int) -> str:
    return (
        "INSERT INTO t WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s"
        f" WHERE n < {count}) SELECT n, 'name ' || n FROM s"
    )


async def test_the_answer_counts_rows_and_says_which_columns_differ(files: Databases) -> None:
    files.both(TABLE, people(1500))
    files.new("UPDATE t SET name = 'x' WHERE id < 3", "DELETE FROM t WHERE id = 9")
    result, followed = await files.compare(columns={"name": {"show": True}})
    assert (result.status, result.legacy, result.new) == ("failed", "1,500 rows", "1,499 rows")
    assert (result.difference, result.variance) == (
        "3 rows differ",
        3 * 100 / result.variance.__class__(1500),
    )
    assert result.rows is not None
    assert [(one.column, one.rows) for one in result.rows.columns] == [("name", 2)]
    first, *_, last = followed.rows
    assert (first.cells[0].legacy, first.cells[0].new) == ("name 1", "x")
    assert (last.kind, last.cells[0].legacy, last.new_rows) == ("missing_in_new", "name 9", 0)


@pytest.mark.parametrize(
    ("tolerance", "status"), [("3", "passed"), ("2", "failed"), ("0.2%", "passed"), ("0.19%", "failed")]
)
async def test_a_tolerance_is_a_number_of_rows_or_a_percentage_of_legacys(
    files: Databases, tolerance: str, status: str
) -> None:
    files.both(TABLE, people(1500))
    files.new("DELETE FROM t WHERE id < 4")
    result, _ = await files.compare(tolerance=tolerance)
    assert result.status == status


async def test_both_sides_empty_say_nothing_unless_they_may_be(files: Databases) -> None:
    files.both(TABLE)
    result, _ = await files.compare()
    assert (result.status, result.problem) == ("unknown", "both sides are empty")
    allowed, _ = await files.compare(may_be_empty=True)
    assert allowed.status == "passed"


@pytest.mark.parametrize("side", ["legacy", "new"])
async def test_one_side_empty_fails_whatever_the_tolerance(files: Databases, side: str) -> None:
    files.both(TABLE)
    getattr(files, side)("INSERT INTO t VALUES (1, 'a')")
    result, _ = await files.compare(tolerance="100", may_be_empty=True)
    assert result.status == "failed"


async def test_columns_that_do_not_match_are_an_error_that_names_all(files: Databases) -> None:
    files.legacy("CREATE TABLE t (id integer, name text)")
    files.new("CREATE TABLE t (id integer, names text)")
    result, _ = await files.compare()
    assert result.status == "error"
    assert "only legacy has column name" in result.problem
    assert "only new has column names" in result.problem


async def test_both_sides_say_in_one_error_that_they_are_not_there(files: Databases) -> None:
    (files.folder / "legacy.db").unlink()
    (files.folder / "new.db").unlink()
    result, _ = await files.compare()
    assert result.problem.count("there is no such file") == 2


async def test_more_rows_than_are_kept_are_counted(files: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_KEPT", 10)
    files.both(TABLE)
    files.legacy(people(50))
    files.new("INSERT INTO t VALUES (99, 'a')")
    result, followed = await files.compare()
    assert result.rows is not None
    assert (result.rows.missing_in_new, len(followed.rows)) == (50, 10)


async def test_a_check_that_is_called_off_ends(files: Databases) -> None:
    files.both(TABLE, people(5))
    followed = Followed()
    followed.cancelled.set()
    with pytest.raises(CalledOffError):
        await files.compare(followed=followed)


async def test_one_called_off_in_the_middle_ends_at_the_next_chunk(files: Databases) -> None:
    files.both(TABLE, people(200_000))

    class Impatient(Followed):
        async def advanced(self, advance: object) -> None:
            self.cancelled.set()

    with pytest.raises(CalledOffError):
        await files.compare(followed=Impatient())


async def test_queries_are_compared_and_filters_and_windows_apply(files: Databases) -> None:
    files.both(
        "CREATE TABLE t (id integer, at timestamp, gone boolean)",
        "INSERT INTO t VALUES (1, '2026-03-13 12:00:00', 0), (2, '2026-01-01', 0), (3, NULL, 0),"
        " (4, '2026-03-14 03:11:00', 0)",
    )
    files.new("DELETE FROM t")
    window = {"legacy": "at", "new": "at", "last": "7d"}
    mark = {"legacy": "at", "new": "at", "lag": "5m"}
    result, _ = await files.compare(window=window)
    assert result.legacy == "2 rows"
    result, _ = await files.compare(watermark=mark)
    assert result.legacy == "3 rows"
    result, _ = await files.compare(legacy={"table": "t", "where": "id > 1"})
    assert result.legacy == "3 rows"
    result, _ = await files.compare(
        legacy={"query": "SELECT id, at, gone FROM t WHERE id = 2"}, new={"query": "SELECT * FROM t;"}
    )
    assert (result.status, result.legacy) == ("failed", "1 row")


async def test_a_password_is_in_no_error(files: Databases) -> None:
    files.legacy(TABLE)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        result, _ = await compare(
            files.folder,
            {"key": ["id"], "legacy": {"table": "t"}, "new": {"table": "t"}},
            sources={"legacy": {"url": "sqlite:///legacy.db"}, "new": {"url": {"env": "NEW_URL"}}},
            secrets={"NEW_URL": f"postgresql://reader:s3cret@127.0.0.1:{port}/ledger"},
        )
    assert result.status == "error"
    assert "s3cret" not in result.model_dump_json()
    assert f"127.0.0.1:{port}/ledger" in result.problem


async def test_a_throttle_rests_after_each_chunk(files: Databases) -> None:
    files.both(TABLE, people(5))
    clock = ImpatientClock()
    await files.compare(clock=clock, source={"throttle": "10%"})
    assert len([seconds for seconds in clock.slept if seconds > 0]) == 2


async def test_wide_rows_come_in_smaller_batches(files: Databases) -> None:
    files.both(TABLE, people(900))
    files.both("UPDATE t SET name = hex(zeroblob(20000))")
    files.new("UPDATE t SET name = 'x' WHERE id = 900")
    result, followed = await files.compare()
    assert (result.status, followed.kinds()) == ("failed", [("differing", "900")])
    assert len(followed.advances) > 2
    assert followed.advances[-1].rows == followed.advances[-1].rows_total == 1800


async def test_a_side_that_does_not_answer_in_time_is_an_error(
    files: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.both(TABLE, people(5))
    monkeypatch.setattr(streaming, "_GRACE", 0.0)
    waited = threading.Event()
    monkeypatch.setattr(SqliteReader, "orders_keys", lambda self: waited.wait(30))
    result, _ = await files.compare(source={"timeout": "100ms"})
    waited.set()
    assert result.status == "error"
    assert "no answer within 0.1 s" in result.problem


async def test_a_key_that_is_no_text_of_characters_is_an_error_without_its_value(files: Databases) -> None:
    files.both("CREATE TABLE t (id text, n integer)", "INSERT INTO t VALUES (CAST(x'ff41' AS TEXT), 1)")
    result, _ = await files.compare()
    assert result.status == "error"
    assert "cannot be read (UnicodeDecodeError)" in result.problem
