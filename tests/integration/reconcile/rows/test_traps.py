"""The traps that known tools fall into, on SQLite beside SQLite and beside PostgreSQL."""

import pytest

from bot.reconcile.rows.cells import UNMAPPED
from tests.integration.reconcile.rows.conftest import Databases


def values(*rows: str) -> str:
    return f"INSERT INTO t VALUES {', '.join(rows)}"


async def test_whole_numbers_are_not_taken_through_a_float(databases: Databases) -> None:
    databases.both("CREATE TABLE t (id bigint, n bigint)")
    databases.legacy(values("(1, 1149735850)", "(2, 9007199254740993)"))
    databases.new(values("(1, 1149735825)", "(2, 9007199254740992)"))
    assert await databases.told() == [("differing", "1"), ("differing", "2")]


async def test_decimals_keep_every_digit_and_no_trailing_zero_counts(databases: Databases) -> None:
    databases.legacy("CREATE TABLE t (id bigint, n text)")
    databases.new("CREATE TABLE t (id bigint, n text)")
    databases.legacy(values("(1, '12345678901234567.01')", "(2, '1.14')", "(3, '1.10')"))
    databases.new(values("(1, '12345678901234567.02')", "(2, '1.1')", "(3, '1.1')"))
    found = await databases.told(columns={"n": {"cast": "decimal"}})
    assert found == [("differing", "1"), ("differing", "2")]


async def test_numeric_scales_and_sqlites_numbers_meet(databases: Databases) -> None:
    databases.legacy("CREATE TABLE t (id bigint, n numeric(12,2))")
    databases.new("CREATE TABLE t (id bigint, n numeric(28,4))")
    databases.legacy(values("(1, 1.14)", "(2, 1.1)", "(3, 5)", "(4, 9007199254740993)"))
    databases.new(values("(1, 1.1)", "(2, 1.10)", "(3, 5.0000)", "(4, 9007199254740992)"))
    assert await databases.told() == [("differing", "1"), ("differing", "4")]


async def test_fields_do_not_run_into_each_other(databases: Databases) -> None:
    databases.both("CREATE TABLE t (id bigint, a text, b text)")
    databases.legacy(values("(1, 'a|b', 'c')", "(2, 'ab', 'c')"))
    databases.new(values("(1, 'a', 'b|c')", "(2, 'a', 'bc')"))
    assert await databases.told() == [("differing", "1"), ("differing", "2")]


async def test_null_is_no_text_and_no_empty_text_unless_the_rule_says_so(databases: Databases) -> None:
    databases.both("CREATE TABLE t (id bigint, a text)")
    databases.legacy(values("(1, NULL)", "(2, NULL)", "(3, NULL)", "(4, 'x')"))
    databases.new(values("(1, 'NULL')", "(2, '')", "(3, NULL)", "(4, NULL)"))
    assert await databases.told() == [("differing", "1"), ("differing", "2"), ("differing", "4")]
    found = await databases.told(columns={"a": {"null_is_empty": True}})
    assert found == [("differing", "1"), ("differing", "4")]


async def test_padding_counts_unless_the_column_is_trimmed(databases: Databases) -> None:
    databases.legacy("CREATE TABLE t (id bigint, a text)", values("(1, 'ab   ')", "(2, 'ab')"))
    databases.new("CREATE TABLE t (id bigint, a char(5))", values("(1, 'ab   ')", "(2, 'ab   ')"))
    assert await databases.told() == [("differing", "2")]
    assert await databases.told(columns={"a": {"trim": True}}) == []


async def test_a_map_brings_values_together_and_an_unmapped_one_is_told_of(databases: Databases) -> None:
    databases.legacy("CREATE TABLE t (id bigint, status text)", values("(1,'A')", "(2,'I')", "(3,'X')"))
    databases.new("CREATE TABLE t (id bigint, active boolean)", values("(1,true)", "(2,true)", "(3,true)"))
    rule = {"new": "active", "map": {"A": True, "I": False}}
    _, followed = await databases.compare(columns={"status": rule})
    assert followed.kinds() == [("differing", "2"), ("differing", "3")]
    assert [row.cells[0].note for row in followed.rows] == ["", UNMAPPED]


@pytest.mark.parametrize(
    ("legacy", "new"), [([1, 1, 2], [1, 2]), ([1, 2], [1, 1, 2]), ([1, 1, 2], [1, 1, 2])]
)
async def test_duplicate_keys_are_counted_on_each_side(
    databases: Databases, legacy: list[int], new: list[int]
) -> None:
    databases.both("CREATE TABLE t (id bigint)")
    databases.legacy(values(*(f"({key})" for key in legacy)))
    databases.new(values(*(f"({key})" for key in new)))
    result, followed = await databases.compare()
    assert result.status == "failed"
    [row] = followed.rows
    assert (row.kind, row.key) == ("duplicated", ("1",))
    assert (row.legacy_rows, row.new_rows) == (legacy.count(1), new.count(1))


async def test_text_keys_are_matched_whatever_the_collation(databases: Databases) -> None:
    keys = ["a-1", "A-2", "a", "a ", "A", "é", "e\u0301", "ß", "😀", "\uffff", "10", "9", "_"]
    databases.legacy("CREATE TABLE t (id text COLLATE NOCASE, n bigint)")
    databases.new("CREATE TABLE t (id text, n bigint)")
    rows = [f"('{key}', {place})" for place, key in enumerate(keys)]
    databases.legacy(values(*rows, "('only', 1)"))
    databases.new(values(*reversed(rows)))
    assert await databases.told() == [("missing_in_new", "only")]


async def test_rows_whose_key_is_null_do_not_vanish(databases: Databases) -> None:
    databases.both("CREATE TABLE t (id bigint, k text, n bigint)")
    databases.legacy(values("(NULL, 'a', 1)", "(1, NULL, 1)", "(2, 'b', 1)"))
    databases.new(values("(NULL, 'a', 2)", "(2, 'b', 1)"))
    _, followed = await databases.compare(key=["id", "k"])
    assert [(row.kind, row.key) for row in followed.rows] == [
        ("differing", (None, "a")),
        ("missing_in_new", ("1", None)),
    ]


async def test_times_are_compared_as_instants(databases: Databases) -> None:
    databases.legacy("CREATE TABLE t (id bigint, at timestamp)")
    databases.new("CREATE TABLE t (id bigint, at timestamptz)")
    databases.legacy(values("(1, '2024-07-01 12:00:00')", "(2, '2024-01-01 12:00:00')"))
    databases.new(values("(1, '2024-07-01 10:00:00+00:00')", "(2, '2024-01-01 12:00:00+02:00')"))
    found = await databases.told(legacy={"table": "t", "zone": "Europe/Berlin"})
    assert found == [("differing", "2")]


async def test_a_column_of_a_thousand_nulls_and_then_text_is_read(databases: Databases) -> None:
    many = 70_000
    numbers = (
        f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {many}) SELECT n FROM s"
    )
    last = f"CASE WHEN n > {many - 2} THEN"
    fill = f"INSERT INTO t SELECT n, {last} 'x' || n END, {last} 0.5 END FROM ({numbers}) q"
    databases.both("CREATE TABLE t (id bigint, a text, b double precision)", fill)
    databases.new(f"UPDATE t SET a = 'y' WHERE id = {many}", "UPDATE t SET b = 7 WHERE id = 5")
    assert await databases.told() == [("differing", "5"), ("differing", str(many))]


async def test_sqlite_columns_of_mixed_types_are_compared_value_by_value(databases: Databases) -> None:
    databases.legacy("CREATE TABLE t (id integer, n integer, a text)")
    databases.legacy(values("(1, 'many', 'x')", "(2, 1.5, x'79')", "(3, '7', 'z')", "(4, 9, 'z')"))
    databases.new("CREATE TABLE t (id bigint, n bigint, a text)")
    databases.new(values("(1, 1, 'x')", "(2, 2, 'y')", "(3, 7, 'z')", "(4, 9, 'z')"))
    assert await databases.told() == [("differing", "1"), ("differing", "2")]


@pytest.mark.parametrize(
    ("declared", "usual", "legacy", "new"),
    [
        ("text", "'name ' || n", "x'6162'", "'ab'"),
        ("", "'name ' || n", "5", "'5'"),
        ("", "'name ' || n", "x'35'", "'5'"),
        ("date", "'2024-01-' || (10 + n % 10)", "x'323032342d30312d3131'", "'2024-01-11'"),
        ("numeric", "n + 0.5", "9007199254740993", "9007199254740992"),
        ("blob", "x'00'", "'ab'", "x'6162'"),
        ("integer", "n", "7.5", "7"),
    ],
)
async def test_a_value_that_sqlites_driver_would_change_is_compared_as_it_is(
    files: Databases, declared: str, usual: str, legacy: str, new: str
) -> None:
    numbers = (
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 70000) SELECT n FROM s"
    )
    files.both(f"CREATE TABLE t (id integer primary key, x {declared})")
    files.both(f"INSERT INTO t SELECT n, {usual} FROM ({numbers})")
    # Behind the first batch, by which the driver decides what the column's type is.
    files.legacy(f"UPDATE t SET x = {legacy} WHERE id = 69000")
    files.new(f"UPDATE t SET x = {new} WHERE id = 69000")
    assert await files.told() == [("differing", "69000")]


@pytest.mark.parametrize(
    "declared",
    ["integer primary key", "integer primary key desc", "int primary key", "integer", "integer unique"],
)
async def test_a_key_of_sqlite_is_told_whatever_it_holds(files: Databases, declared: str) -> None:
    files.both(f"CREATE TABLE t (id {declared}, n integer)", values("(2, 1)", "(10, 1)", "(-3, 1)"))
    files.new("UPDATE t SET n = 2 WHERE id = 10")
    expected = [("differing", "10")]
    if declared != "integer primary key":
        files.both(values("(7.5, 1)"))
        files.legacy(values("('x', 1)", "(NULL, 1)"))
        expected += [("missing_in_new", "NULL"), ("missing_in_new", "x")]
    assert sorted(await files.told()) == sorted(expected)


async def test_a_table_of_sqlite_without_row_numbers_is_compared(files: Databases) -> None:
    files.both(
        "CREATE TABLE t (id integer primary key, n integer) WITHOUT ROWID", values("(2, 1)", "(1.5, 1)")
    )
    files.new("UPDATE t SET n = 2")
    assert await files.told() == [("differing", "1.5"), ("differing", "2")]


async def test_a_failed_check_does_not_poison_the_next(databases: Databases) -> None:
    databases.both("CREATE TABLE t (id bigint)", values("(1)"))
    failed, _ = await databases.compare(new={"query": "SELECT id, 1 / (id - 1) AS x FROM t"}, ignore=["x"])
    assert failed.status in ("error", "passed")
    missing, _ = await databases.compare(new={"table": "none"})
    assert missing.status == "error"
    assert "there is no table none" in missing.problem
    assert await databases.told() == []
