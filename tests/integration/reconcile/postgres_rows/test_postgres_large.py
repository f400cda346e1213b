"""PostgreSQL tables of many cells, chunks, buckets and slices."""

import pytest

from bot.reconcile.rows import postgres_buckets, postgres_ranges, postgres_sums
from bot.reconcile.rows.postgres import PostgresPlan
from bot.reconcile.rows.streamed import streamed
from tests.integration.reconcile.postgres_rows.postgres_world import PostgresWorld, never

ROWS = 3000
CHANGED = [1, 2, 700, 1500, 2999]


def _fill(
    world: PostgresWorld, key: str, *, constraint: str = ", PRIMARY KEY (id)", order: str = "n"
) -> None:
    """Rows whose keys are an expression of n; some of new's are changed, one is missing on each side."""
    declared = f"id {'text' if 'text' in key else 'int8'}, part int4, v numeric(12,2){constraint}"
    world.table(declared, "", "")
    for side, table, missing in (("legacy", "t", 11), ("new", "t_new", 2711)):
        world.run(
            side,  # type: ignore[arg-type]
            f"INSERT INTO {table} SELECT {key}, n % 3, n / 100.0 FROM generate_series(1, {ROWS}) AS n"
            f" WHERE n <> {missing} ORDER BY {order}",
            f"ANALYZE {table}",
        )
    listed = ", ".join(map(str, CHANGED))
    world.run("new", f"UPDATE t_new SET v = -v WHERE v * 100 IN ({listed})")


@pytest.mark.parametrize("analyzed", [True, False])
@pytest.mark.parametrize(
    "key", ["n", "n::int8 * 1000003", "(CASE WHEN n > 1500 THEN n + 9000000000000 ELSE n END)"]
)
async def test_cells_are_cut_until_the_rows_that_differ_are_found(
    world: PostgresWorld, monkeypatch: pytest.MonkeyPatch, key: str, *, analyzed: bool
) -> None:
    monkeypatch.setattr(postgres_ranges, "CHUNK_CELLS", 4)
    monkeypatch.setattr(postgres_sums, "_CELLS_AT_ONCE", 8)
    _fill(world, key)
    if not analyzed:
        world.run("legacy", "DELETE FROM pg_statistic WHERE starelid = 't'::regclass")
        world.run("new", "DELETE FROM pg_statistic WHERE starelid = 't_new'::regclass")
    found = await world.compare(PostgresPlan(otherwise=never), world.rows())
    assert (found.counts.legacy, found.counts.new) == (ROWS - 1, ROWS - 1)
    assert sorted(found.kinds.values()) == ["differing"] * 5 + ["missing_in_legacy", "missing_in_new"]
    assert [int(str(row.key[0])) for row in found.rows] == sorted(int(str(row.key[0])) for row in found.rows)


@pytest.mark.parametrize("key", ["'k' || n::text", "n"])
async def test_rows_in_no_order_are_found_by_the_hash_of_their_key(
    world: PostgresWorld, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr(postgres_buckets, "_SLICE_ROWS", 1500)
    monkeypatch.setattr(postgres_ranges, "_SMALL_PAGES", 1)
    _fill(world, key, order="md5(n::text)")
    rows = world.rows()
    found = await world.compare(PostgresPlan(otherwise=never), rows)
    assert found.counts.total == 7
    assert found == await world.compare(streamed, rows)


async def test_where_too_many_rows_may_differ_every_row_is_read_in_order(
    world: PostgresWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_buckets, "_MOST_HASHES", 10)
    _fill(world, "'k' || n::text")
    rows = world.rows()
    assert await world.compare(PostgresPlan(otherwise=streamed), rows) == await world.compare(streamed, rows)


async def test_all_rows_that_differ_are_told_in_order(world: PostgresWorld) -> None:
    _fill(world, "n")
    world.run("new", "UPDATE t_new SET part = part + 1")
    found = await world.compare(PostgresPlan(otherwise=never), world.rows())
    assert found.counts.total == ROWS
    assert [row.key for row in found.rows] == [(str(n),) for n in range(1, ROWS + 1)]


async def test_a_first_column_of_few_values_is_no_axis(world: PostgresWorld) -> None:
    _fill(world, "n", constraint=", PRIMARY KEY (part, id)")
    found = await world.compare(PostgresPlan(otherwise=never), world.rows(key=["part", "id"]))
    assert found.counts.total == 7


async def test_a_tolerance_is_judged_in_one_database_and_left_to_the_merge_across_two(
    world: PostgresWorld,
) -> None:
    world.table(
        "id int8 PRIMARY KEY, v numeric",
        "(1, 100), (2, 100), (3, 0), (4, NULL)",
        "(1, 101), (2, 102), (3, 5), (4, 1)",
    )
    rows = world.rows(columns={"v": {"tolerance": "1%"}})
    one = world.urls["legacy"] == world.urls["new"]
    found = await world.compare(PostgresPlan(otherwise=never if one else streamed), rows)
    assert found.kinds == {("2",): "differing", ("3",): "differing", ("4",): "differing"}
