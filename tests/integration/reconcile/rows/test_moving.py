"""Rows that move while they are compared, and sources that go away in the middle."""

from collections.abc import Iterator

import pytest

from bot.ports.reconciler import Advance
from bot.reconcile.rows import streamed
from bot.reconcile.rows.reader import RowReader
from bot.reconcile.rows.recheck import PAUSE, ROUNDS
from bot.reconcile.rows.sqlite_reader import SqliteReader
from tests.integration.reconcile.rows.comparing import Followed, ImpatientClock
from tests.integration.reconcile.rows.conftest import Databases

TABLE = "CREATE TABLE t (id bigint, name text)"
FILL = "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')"


class Meanwhile(ImpatientClock):
    """Something happens to the databases whenever somebody sleeps."""

    def __init__(self, *happenings: object) -> None:
        super().__init__()
        self._happenings = list(happenings)

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        if self._happenings:
            happening = self._happenings.pop(0)
            assert callable(happening)
            happening()


async def test_a_row_that_arrives_on_the_other_side_a_moment_later_is_no_difference(
    databases: Databases,
) -> None:
    databases.both(TABLE, FILL)
    databases.legacy("UPDATE t SET name = 'z' WHERE id = 1", "DELETE FROM t WHERE id = 2")
    databases.legacy("INSERT INTO t VALUES (4, 'd')")

    def arrives() -> None:
        databases.new("UPDATE t SET name = 'z' WHERE id = 1", "DELETE FROM t WHERE id = 2")
        databases.new("INSERT INTO t VALUES (4, 'd')")

    clock = Meanwhile(arrives)
    result, followed = await databases.compare(clock=clock)
    assert (result.status, followed.rows) == ("passed", [])
    assert 0 < clock.slept[0] <= PAUSE


async def test_a_row_that_moves_again_and_again_is_told_of_only_if_it_stays_different(
    databases: Databases,
) -> None:
    databases.both(TABLE, FILL)
    databases.legacy("UPDATE t SET name = 'x' WHERE id = 3")
    turns = [
        lambda turn=turn: databases.legacy(f"UPDATE t SET name = 'x{turn}' WHERE id = 3")
        for turn in range(ROUNDS - 2)
    ]
    settles = [lambda: databases.new(f"UPDATE t SET name = 'x{ROUNDS - 3}' WHERE id = 3")]
    result, _ = await databases.compare(clock=Meanwhile(*turns, *settles))
    assert result.status == "passed"
    databases.legacy("UPDATE t SET name = 'y' WHERE id = 3")
    assert await databases.told() == [("differing", "3")]


async def test_what_differs_twice_is_told_of_as_it_is_now(databases: Databases) -> None:
    databases.both(TABLE, FILL)
    databases.new("UPDATE t SET name = 'other' WHERE id = 2")
    clock = Meanwhile(lambda: databases.new("UPDATE t SET name = 'newest' WHERE id = 2"))
    _, followed = await databases.compare(clock=clock, columns={"name": {"show": True}})
    assert [row.cells[0].new for row in followed.rows] == ["newest"]


async def test_a_row_in_front_of_the_watermark_on_one_side_is_not_called_missing(
    databases: Databases,
) -> None:
    databases.both("CREATE TABLE t (id bigint, name text, at timestamp)")
    databases.legacy(
        "INSERT INTO t VALUES (1, 'new', '2026-03-14 03:11:59'), (2, 'a', '2026-03-01 00:00:00')"
    )
    databases.new("INSERT INTO t VALUES (1, 'old', '2026-03-01 00:00:00')")
    mark = {"legacy": "at", "new": "at", "lag": "5m"}
    assert await databases.told(watermark=mark) == [("missing_in_new", "2")]


async def test_keys_that_no_database_orders_as_the_other_are_read_again_too(databases: Databases) -> None:
    databases.legacy("CREATE TABLE t (id text, n bigint)")
    databases.new("CREATE TABLE t (id numeric, n bigint)")
    databases.legacy("INSERT INTO t VALUES ('1.50', 1), ('10', 2), ('9', 3), ('2', 5)")
    databases.new("INSERT INTO t VALUES (1.5, 1), (10, 2), (9, 4)")
    clock = Meanwhile(lambda: databases.new("INSERT INTO t VALUES (2, 5)"))
    _, followed = await databases.compare(clock=clock, columns={"id": {"cast": "decimal"}})
    assert followed.kinds() == [("differing", "9")]


async def test_a_side_that_breaks_off_in_the_middle_is_an_error_and_no_verdict(
    files: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.both(TABLE, FILL)
    batches = SqliteReader.batches

    def breaks(self: RowReader, *, ordered: bool) -> Iterator[object]:
        yield from batches(self, ordered=ordered)  # type: ignore[arg-type]
        raise self.place.problem("disk I/O error")

    monkeypatch.setattr(SqliteReader, "batches", breaks)
    result, _ = await files.compare()
    assert (result.status, result.rows) == ("error", None)
    assert "disk I/O error" in result.problem


async def test_rows_out_of_order_are_an_error_and_no_verdict(
    files: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.both(TABLE, FILL)
    monkeypatch.setattr(
        SqliteReader,
        "_select",
        lambda self, selected, *, ordered, even="": f"SELECT {', '.join(selected)} FROM t ORDER BY id DESC",
    )
    result, _ = await files.compare()
    assert result.status == "error"
    assert "did not come in the order of their keys" in result.problem


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
async def test_a_server_that_goes_away_in_the_middle_is_an_error(databases: Databases) -> None:
    count = 100_000
    numbers = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {}) SELECT n FROM s"
    databases.legacy(TABLE, f"INSERT INTO t SELECT n, hex(zeroblob(150)) FROM ({numbers.format(count)})")
    databases.new(TABLE, f"INSERT INTO t SELECT n, repeat('0', 300) FROM generate_series(1, {count}) n")

    class GoesAway(Followed):
        async def advanced(self, advance: Advance) -> None:
            databases.new(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'switchback-reconcile' AND datname = current_database()"
            )

    result, _ = await databases.compare(followed=GoesAway())
    assert (result.status, result.rows) == ("error", None)
    assert result.problem.startswith("new (postgresql")


async def test_many_differing_keys_are_read_again_in_parts(
    files: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed, "_AT_ONCE", 7)
    numbers = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 50) SELECT n FROM s"
    files.both(TABLE, f"INSERT INTO t SELECT n, 'a' FROM ({numbers})")
    files.new("UPDATE t SET name = 'b' WHERE id <= 25", "DELETE FROM t WHERE id > 40")
    found = await files.told()
    assert found == [("differing", str(n)) for n in range(1, 26)] + [
        ("missing_in_new", str(n)) for n in range(41, 51)
    ]
