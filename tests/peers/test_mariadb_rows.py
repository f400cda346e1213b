"""Rows of MariaDB beside SQLite: the traps of its types, its collations and its keys."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.reconcile.rows.comparing import Followed, ImpatientClock, compare
from tests.peers.mariadb import MariaDb

pytestmark = pytest.mark.peers

COLUMNS = (
    "id bigint, code varchar(20), amount decimal(20,4), moment datetime(6), born date, flag boolean,"
    " data blob"
)


class Both:
    """A table t in MariaDB, as legacy, and one in SQLite."""

    def __init__(self, server: MariaDb, url: str, folder: Path) -> None:
        self._server = server
        self._url = url
        self._folder = folder

    def legacy(self, statements: str) -> None:
        self._server.execute(f"SET NAMES utf8mb4; {statements}", database=self._url.rsplit("/", 1)[1])

    def new(self, statements: str) -> None:
        with closing(sqlite3.connect(self._folder / "new.db")) as connection:
            connection.executescript(statements)

    async def compare(self, **rows: object) -> Followed:
        declared = {"key": ["id"], "legacy": {"table": "t"}, "new": {"table": "t"}, **rows}
        sources = {"legacy": {"url": {"env": "LEGACY_URL"}}, "new": {"url": "sqlite:///new.db"}}
        result, followed = await compare(
            self._folder, declared, sources=sources, secrets={"LEGACY_URL": self._url}, clock=ImpatientClock()
        )
        assert result.rows is not None, result.problem
        assert result.rows.total == len(followed.rows)
        return followed


@pytest.fixture
def both(mariadb_server: MariaDb, mariadb_database: str, tmp_path: Path) -> Both:
    return Both(mariadb_server, mariadb_database, tmp_path)


async def test_equal_rows_of_every_kind_are_equal_and_others_are_found(both: Both) -> None:
    rows = (
        "INSERT INTO t VALUES (1, 'a', 1.10, '2024-07-01 12:00:00.5', '2024-01-01', 1, x'00ff'),"
        " (2, NULL, NULL, NULL, NULL, NULL, NULL),"
        " (3, 'é', 12345678901234.0100, '2024-01-01', '1999-12-31', 0, x'')"
    )
    both.legacy(f"CREATE TABLE t ({COLUMNS}); {rows}")
    both.new(f"CREATE TABLE t ({COLUMNS}); {rows};")
    assert (await both.compare()).kinds() == []
    both.legacy(
        "UPDATE t SET amount = 12345678901234.0101 WHERE id = 3; UPDATE t SET data = x'00fe' WHERE id = 1"
    )
    both.legacy("DELETE FROM t WHERE id = 2; INSERT INTO t (id) VALUES (4), (4)")
    assert (await both.compare()).kinds() == [
        ("differing", "1"),
        ("missing_in_legacy", "2"),
        ("differing", "3"),
        ("duplicated", "4"),
    ]


async def test_text_keys_are_matched_by_their_characters_not_by_the_collation(both: Both) -> None:
    keys = ["a-1", "A-2", "a", "a ", "A", "é", "e\u0301", "e", "ß", "ss", "😀", "\uffff", "10", "9"]
    values = ", ".join(f"('{key}', {place})" for place, key in enumerate(keys))
    both.legacy(
        "CREATE TABLE t (id varchar(20), n int) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;"
        f" INSERT INTO t VALUES {values}, ('ONLY', 1)"
    )
    both.new(f"CREATE TABLE t (id text, n int); INSERT INTO t VALUES {values}, ('only', 1);")
    assert (await both.compare()).kinds() == [("missing_in_new", "ONLY"), ("missing_in_legacy", "only")]


async def test_a_timestamp_is_an_instant_and_a_datetime_has_the_zone_of_its_side(both: Both) -> None:
    both.legacy(
        "SET time_zone = '+02:00'; CREATE TABLE t (id int, at timestamp, local datetime);"
        " INSERT INTO t VALUES (1, '2024-07-01 14:00:00', '2024-07-01 14:00:00')"
    )
    both.new("CREATE TABLE t (id int, at timestamptz, local timestamptz);")
    both.new("INSERT INTO t VALUES (1, '2024-07-01T12:00:00Z', '2024-07-01T12:00:00Z');")
    assert (await both.compare(legacy={"table": "t", "zone": "Europe/Berlin"})).kinds() == []


async def test_a_query_and_keys_of_several_columns_are_read_again(both: Both) -> None:
    both.legacy(
        "CREATE TABLE t (id int, k varchar(9), n decimal(9,2)); INSERT INTO t VALUES (1, 'a', 1), (1, 'b', 2)"
    )
    both.new("CREATE TABLE t (id int, k text, n numeric); INSERT INTO t VALUES (1, 'a', 1), (1, 'b', 3);")
    query = {"query": "SELECT id, k, n FROM t WHERE k LIKE '%'"}
    columns = {"k": {"show": True}}
    followed = await both.compare(key=["id", "k"], columns=columns)
    assert followed.kinds() == [("differing", "1 / b")]
    again = await both.compare(key=["id"], legacy=query, columns=columns)
    assert again.kinds() == [("duplicated", "1")]
