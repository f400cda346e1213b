"""What known tools get wrong, in one PostgreSQL database and in two; each name has the trap's number."""

import pytest

from tests.integration.reconcile.postgres_rows.postgres_world import PostgresWorld

KEY = "id int8 PRIMARY KEY, "
DIFFERS = {("1",): "differing"}


@pytest.mark.parametrize(
    ("declared", "legacy", "new", "wanted"),
    [
        pytest.param("v numeric", "1149735850", "1149735825", DIFFERS, id="01 no float32"),
        pytest.param(
            "v numeric", "12345678901234567.01", "12345678901234567.02", DIFFERS, id="02 no float64"
        ),
        pytest.param("v numeric", "1.14", "1.1", DIFFERS, id="03 scales differ"),
        pytest.param("v numeric", "1.10", "1.1", {}, id="03 scales alike"),
        pytest.param("v numeric", "-5", "5", DIFFERS, id="a sign, which the native hash leaves out"),
        pytest.param("v numeric", "'NaN'", "NULL", DIFFERS, id="NaN is not NULL"),
        pytest.param("v numeric", "'NaN'", "'Infinity'", DIFFERS, id="NaN is not Infinity"),
        pytest.param("v int8", "1", "4294967296", DIFFERS, id="upper half of an int8"),
        pytest.param("a text, b text", "'a|b', 'c'", "'a', 'b|c'", DIFFERS, id="04 separators"),
        pytest.param("a text, b text", "'ab', 'c'", "'a', 'bc'", DIFFERS, id="04 no separators"),
        pytest.param("a text, b text", "'x', NULL", "NULL, 'x'", DIFFERS, id="05 which one is NULL"),
        pytest.param("v text", "NULL", "'NULL'", DIFFERS, id="05 a sentinel"),
        pytest.param("v text", "NULL", "'-'", DIFFERS, id="05 our own mark"),
        pytest.param("v text", "NULL", "''", DIFFERS, id="06 NULL and nothing"),
        pytest.param("v int4", "NULL", "0", DIFFERS, id="06 NULL and zero"),
        pytest.param("v boolean", "NULL", "false", DIFFERS, id="06 NULL and false"),
        pytest.param("v int4", "NULL", "NULL", {}, id="06 NULL and NULL"),
        pytest.param("v float8", "1e16", "10000000000000001", {}, id="12 one float"),
        pytest.param("v float8", "'-0'", "0", {}, id="12 zero"),
    ],
)
async def test_two_values_of_one_key(
    world: PostgresWorld, declared: str, legacy: str, new: str, wanted: dict[tuple[str, ...], str]
) -> None:
    world.table(KEY + declared, f"(1, {legacy})", f"(1, {new})")
    assert await world.found() == wanted


async def test_06_null_is_the_empty_text_where_the_rule_says_so(world: PostgresWorld) -> None:
    world.table(KEY + "v text", "(1, NULL), (2, '')", "(1, ''), (2, 'a')")
    assert await world.found(columns={"v": {"null_is_empty": True}}) == {("2",): "differing"}


async def test_07_padding_counts_unless_the_rule_takes_it_off(world: PostgresWorld) -> None:
    world.table(KEY + "v char(5)", "(1, 'ab')", "(1, 'ab')", new_declared=KEY + "v text")
    assert await world.found() == DIFFERS
    assert await world.found(columns={"v": {"trim": True}}) == {}


async def test_08_a_value_that_the_map_does_not_have_differs(world: PostgresWorld) -> None:
    new = "(1, true), (2, true), (3, true), (4, NULL)"
    world.table(
        KEY + "v text", "(1, 'A'), (2, 'I'), (3, 'X'), (4, NULL)", new, new_declared=KEY + "v boolean"
    )
    found = await world.found(columns={"v": {"map": {"A": True, "I": False}}})
    assert found == {("2",): "differing", ("3",): "differing"}


@pytest.mark.parametrize("indexed", ["", "CREATE INDEX ON {} (id)"])
async def test_09_keys_that_are_there_twice_are_told(world: PostgresWorld, indexed: str) -> None:
    world.table(
        "id int8, v text",
        "(1, 'a'), (1, 'a'), (2, 'b'), (3, 'c'), (3, 'd')",
        "(1, 'a'), (2, 'b'), (3, 'c'), (3, 'd')",
    )
    if indexed:
        world.run("legacy", indexed.format("t"))
        world.run("new", indexed.format("t_new"))
    assert await world.found() == {("1",): "duplicated", ("3",): "duplicated"}


async def test_10_text_keys_under_two_collations_find_each_other_and_are_told_in_one_order(
    world: PostgresWorld,
) -> None:
    keys = "('a-1', 1), ('A-2', 2), ('é', 3), ('a_1', 4), ('Z', 5)"
    declared = 'id text COLLATE "{}" PRIMARY KEY, v int4'
    world.table(declared.format("C"), keys, keys, new_declared=declared.format("pg_c_utf8"))
    assert await world.found() == {}
    world.run("new", "UPDATE t_new SET v = 0 WHERE id IN ('é', 'a-1', 'Z')")
    assert list(await world.found()) == [("Z",), ("a-1",), ("é",)]


async def test_11_an_instant_is_one_whatever_zone_it_was_written_in(world: PostgresWorld) -> None:
    for side in ("legacy", "new"):
        database = world.urls[side].database  # type: ignore[index]
        zone = "Asia/Tokyo" if side == "legacy" else "America/New_York"
        world.run(side, f"ALTER DATABASE \"{database}\" SET timezone = '{zone}'")  # type: ignore[arg-type]
    legacy = "(1, '2024-02-29 12:00+00'), (2, '2024-02-29 12:00+00')"
    new = "(1, '2024-02-29 12:00'), (2, '2024-02-29 13:00')"
    world.table(KEY + "v timestamptz", legacy, new, new_declared=KEY + "v timestamp")
    assert await world.found() == {("2",): "differing"}


async def test_values_that_two_rows_swapped_are_found(world: PostgresWorld) -> None:
    """A record's own hash adds its columns up: over both rows the sum would be the same."""
    world.table(KEY + "a int4, b text", "(1, 10, 'x'), (2, 20, 'y')", "(1, 20, 'x'), (2, 10, 'y')")
    assert await world.found() == {("1",): "differing", ("2",): "differing"}
