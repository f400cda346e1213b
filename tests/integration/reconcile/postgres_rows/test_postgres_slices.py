"""PostgreSQL tables read in slices as they lie on disk: whatever lies where, nothing is missed or made up."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reconcile.rows import postgres_ranges, postgres_slice_sums
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.postgres import PostgresPlan
from bot.reconcile.rows.postgres_slice_sums import SliceSums
from bot.reconcile.rows.postgres_slices import longest_rising
from tests.integration.reconcile.postgres_rows.obvious import obvious
from tests.integration.reconcile.postgres_rows.postgres_world import PostgresWorld, by_md5, never
from tests.integration.reconcile.postgres_rows.sliced import (
    KEYS,
    NAMES,
    PLAN,
    ROWS,
    ended,
    fill,
    small_slices,
)

__all__ = ["ended", "small_slices"]


def _stirred(chance: random.Random, table: str, *, nulls: bool) -> list[str]:
    """Rows moved to elsewhere, changed, deleted, put into the places that became free, or turned around."""
    some = f"id % {chance.choice([3, 6, 21, 63])} = {3 * chance.randrange(21)} % 21"
    low = 3 * chance.randrange(ROWS)
    few = f"id BETWEEN {low} AND {low + chance.choice([3, 30, 300])}"
    made = [
        f"UPDATE {table} SET v = v WHERE {few}",
        f"UPDATE {table} SET v = v WHERE {some}",
        f"UPDATE {table} SET v = -v WHERE id = {low}",
        f"UPDATE {table} SET w = NULL WHERE id IN ({low}, {low + 3})",
        f"UPDATE {table} SET id = {3 * ROWS + 3 + chance.randrange(9)} WHERE id = {low}",
        f"UPDATE {table} SET id = id + 1 WHERE {few} AND id % 3 = 0",
        f"DELETE FROM {table} WHERE id = {low}",
        f"DELETE FROM {table} WHERE {few}",
        f"VACUUM {table}",
        f"INSERT INTO {table} VALUES ({1 + 3 * chance.randrange(ROWS)}, 1, 5, 'new') ON CONFLICT DO NOTHING",
        f"CREATE TEMP TABLE again AS SELECT * FROM {table}; TRUNCATE {table};"
        f" INSERT INTO {table} SELECT * FROM again ORDER BY id DESC; DROP TABLE again",
        f"CREATE TEMP TABLE again AS SELECT * FROM {table} WHERE {few}; DELETE FROM {table} WHERE {few};"
        f" INSERT INTO {table} SELECT * FROM again ORDER BY v; DROP TABLE again",
    ]
    if nulls:
        made.append(f"UPDATE {table} SET id = NULL WHERE id = {low}")
    weights = [6] * 10 + [1, 6] + [6] * nulls
    return chance.choices(made, weights, k=chance.randrange(5))


@pytest.mark.parametrize("key", KEYS)
async def test_stirred_tables_are_compared_as_the_obvious_comparison_does(
    two_databases: PostgresWorld, ended: list[str], key: str
) -> None:
    world = two_databases
    declared, names = KEYS[key]
    rows = world.rows(key=names)
    for seed in range(16):
        chance = random.Random(f"{key} {seed}")
        fill(world, declared)
        for side, table in NAMES:
            world.run(side, *_stirred(chance, table, nulls="NULL" in key))
        wanted = await obvious(world, await world.comparison(rows))
        assert await world.compare(PLAN, rows) == wanted, seed
    assert ended.count("done") > len(ended) / 2


async def test_tables_whose_rows_lie_in_two_orders_are_read_by_the_index(
    two_databases: PostgresWorld, ended: list[str]
) -> None:
    world = two_databases
    fill(world)
    world.run("new", "CREATE TEMP TABLE again AS SELECT * FROM t_new ORDER BY id % 100, id", "TRUNCATE t_new")
    world.run("new", "INSERT INTO t_new SELECT * FROM again", "DROP TABLE again")
    world.run("new", "UPDATE t_new SET v = -v WHERE id = 300", "DELETE FROM t_new WHERE id = 600")
    found = await world.compare(PLAN, world.rows())
    assert found == await obvious(world, await world.comparison(world.rows()))
    assert ended == ["too disorderly"]


async def test_a_row_that_lies_among_strangers_is_found_though_its_own_slice_is_equal(
    two_databases: PostgresWorld, ended: list[str]
) -> None:
    """Its first version was deleted on both sides, and a different one stands at the end of each table."""
    world = two_databases
    fill(world)
    for side, table in NAMES:
        world.run(side, f"DELETE FROM {table} WHERE id = 300")
        world.run(side, f"INSERT INTO {table} VALUES (300, 1, 1, '{side}')")
    assert await world.found() == {("300",): "differing"}
    assert set(ended) == {"done"}


async def test_rows_that_were_moved_on_one_side_are_no_difference(
    two_databases: PostgresWorld, ended: list[str]
) -> None:
    world = two_databases
    fill(world)
    world.run("new", "UPDATE t_new SET v = v WHERE id IN (30, 33, 420)")
    assert await world.found() == {}
    assert ended == ["done", "done"]


async def test_more_rows_out_of_order_than_are_held_are_read_by_the_index(
    two_databases: PostgresWorld, monkeypatch: pytest.MonkeyPatch, ended: list[str]
) -> None:
    monkeypatch.setattr(postgres_slice_sums, "_MOST_STRAYS", 2)
    monkeypatch.setattr(postgres_slice_sums, "_MOST_DIFFERING", 1.0)
    world = two_databases
    fill(world)
    world.run("new", "UPDATE t_new SET v = v WHERE id % 60 = 0", "UPDATE t_new SET v = -v WHERE id = 300")
    found = await world.compare(PLAN, world.rows())
    assert (found.kinds, found.counts.legacy, found.counts.new) == ({("300",): "differing"}, ROWS, ROWS)
    assert ended == ["too disorderly"]


async def test_rows_that_are_not_chosen_are_neither_counted_nor_compared(
    two_databases: PostgresWorld, ended: list[str]
) -> None:
    world = two_databases
    fill(world)
    world.run("new", "UPDATE t_new SET v = -v WHERE id IN (30, 330)", "UPDATE t_new SET v = v WHERE id = 60")
    sides = {side: {"table": table, "where": "id <> 30"} for side, table in NAMES}
    found = await world.compare(PLAN, world.rows(**sides))
    assert (found.kinds, found.counts.legacy) == ({("330",): "differing"}, ROWS - 1)
    assert ended == ["done"]


async def test_a_side_that_moves_meanwhile_is_read_as_it_was(
    two_databases: PostgresWorld, monkeypatch: pytest.MonkeyPatch, ended: list[str]
) -> None:
    """Rows go, come and move after the cuts were looked up: every query reads the one snapshot."""
    world = two_databases
    fill(world)
    summed = SliceSums._summed

    async def after_a_change(self: SliceSums, collector: Collector) -> None:
        world.run("new", "DELETE FROM t_new WHERE id < 90", "UPDATE t_new SET v = v", "VACUUM t_new")
        world.run("new", "INSERT INTO t_new SELECT 3 * n - 1 FROM generate_series(1, 99) AS n")
        await summed(self, collector)

    monkeypatch.setattr(SliceSums, "_summed", after_a_change)
    found = await world.compare(PLAN, world.rows())
    assert (found.kinds, found.counts.new, ended) == ({}, ROWS, ["done"])


async def test_servers_whose_hashes_disagree_are_read_in_slices_too(
    two_databases: PostgresWorld, ended: list[str]
) -> None:
    world = two_databases
    fill(world)
    world.run("new", "UPDATE t_new SET w = NULL WHERE id = 240")
    found = await world.compare(PostgresPlan(otherwise=never, agreed=by_md5), world.rows())
    assert (found.kinds, ended) == ({("240",): "differing"}, ["done"])


async def test_tables_that_are_cut_into_parts_by_the_database_are_read_by_the_index(
    two_databases: PostgresWorld, ended: list[str]
) -> None:
    """Each part has places of its own, and so the same places twice."""
    world = two_databases
    for side, table in NAMES:
        world.run(
            side,
            f"DROP TABLE IF EXISTS {table} CASCADE",
            f"CREATE TABLE {table} (id int8 PRIMARY KEY, v text) PARTITION BY RANGE (id)",
            f"CREATE TABLE {table}_low PARTITION OF {table} FOR VALUES FROM (0) TO (100)",
            f"CREATE TABLE {table}_high PARTITION OF {table} FOR VALUES FROM (100) TO (1000)",
            f"INSERT INTO {table} SELECT n, 'w' || n FROM generate_series(1, {ROWS}) AS n",
            f"ANALYZE {table}",
        )
    world.run("new", "UPDATE t_new SET v = 'x' WHERE id IN (9, 130)")
    assert await world.found() == {("9",): "differing", ("130",): "differing"}
    assert ended == []
    world.table("id int8 PRIMARY KEY", "", "")


async def test_keys_that_may_be_there_twice_are_read_by_the_index(
    two_databases: PostgresWorld, ended: list[str]
) -> None:
    world = two_databases
    fill(world, "id int8, part int4")
    for side, table in NAMES:
        world.run(side, f"CREATE INDEX ON {table} (id)", f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")
    assert await world.found() == {("3",): "duplicated"}
    assert ended == []


async def test_a_table_of_few_pages_and_no_statistics_is_read_in_slices(
    two_databases: PostgresWorld, monkeypatch: pytest.MonkeyPatch, ended: list[str]
) -> None:
    monkeypatch.setattr(postgres_ranges, "_SMALL_PAGES", 100)
    world = two_databases
    fill(world)
    for side, table in NAMES:
        world.run(side, f"DELETE FROM pg_statistic WHERE starelid = '{table}'::regclass")
    world.run("new", "UPDATE t_new SET v = -v WHERE id = 330")
    assert await world.found() == {("330",): "differing"}
    assert set(ended) == {"done"}


@given(st.lists(st.integers(0, 30), max_size=9))
def test_the_longest_rising_part_rises_and_none_is_longer(numbers: list[int]) -> None:
    kept = longest_rising(numbers)
    assert all(one < other and numbers[one] < numbers[other] for one, other in pairwise(kept))
    longest: list[int] = []
    for place, number in enumerate(numbers):
        longest.append(1 + max((longest[one] for one in range(place) if numbers[one] < number), default=0))
    assert len(kept) == max(longest, default=0)
