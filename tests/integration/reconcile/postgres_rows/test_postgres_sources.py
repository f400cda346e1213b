"""PostgreSQL sides that are called off, slow, locked, forbidden, moving, or of another kind."""

import asyncio
from collections.abc import Sequence

import psycopg
import pytest
from sqlalchemy import URL

from bot.domain.errors import CalledOffError, SourceError
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.plan import RowComparison
from bot.reconcile.rows.postgres import PostgresPlan
from bot.reconcile.rows.postgres_hash import NativeHash, RowHash, md5_hash
from bot.reconcile.rows.postgres_pair import PostgresPair
from bot.reconcile.rows.postgres_probe import agreed_hash
from bot.reconcile.rows.postgres_side import PostgresSide
from tests.integration.reconcile.postgres_rows.postgres_world import (
    BOTH,
    HurryingClock,
    PostgresWorld,
    Watching,
    never,
)

PLAN = PostgresPlan(otherwise=never)
SLOW = "pg_sleep(30) IS NOT NULL"


async def test_calling_off_ends_the_running_queries_at_once(world: PostgresWorld) -> None:
    world.table("id int8 PRIMARY KEY", "(1)", "(1)")
    watch = Watching()
    rows = world.rows(legacy={"table": "t", "where": SLOW})
    work = asyncio.create_task(world.compare(PLAN, rows, watch=watch))
    running = (
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%'"
        " AND pid <> pg_backend_pid() AND state = 'active'"
    )

    def under_way() -> bool:
        return world.connection("legacy").execute(running).fetchone() != (0,)

    async with asyncio.timeout(30):
        while not await asyncio.to_thread(under_way):
            pass
    watch.cancelled.set()
    with pytest.raises(CalledOffError):
        await work
    # The server hears of it at once, and ends the query at its next look.
    async with asyncio.timeout(5):
        while await asyncio.to_thread(under_way):
            pass
    assert not under_way()


async def test_a_query_that_takes_too_long_is_an_error_that_says_where(world: PostgresWorld) -> None:
    world.table("id int8 PRIMARY KEY", "(1)", "(1)")
    world.settings["legacy"] = {"timeout": "100ms"}
    with pytest.raises(SourceError, match=r"legacy \(postgresql.*no answer within 0.1 s"):
        await world.compare(PLAN, world.rows(legacy={"table": "t", "where": SLOW}))


async def test_a_lock_that_is_not_free_is_an_error_that_says_so(two_databases: PostgresWorld) -> None:
    world = two_databases
    world.table("id int8 PRIMARY KEY", "(1)", "(1)")
    comparison = await world.comparison(world.rows())
    world.settings["legacy"] = {"lock_timeout": "50ms"}
    side = PostgresSide(place=world.place("legacy", world.rows()), clock=world.clock)
    await side.open()
    with world.connection("legacy").transaction():
        world.run("legacy", "LOCK TABLE t")
        with pytest.raises(SourceError, match="a lock was not free within 50ms"):
            await side.describe(psycopg.sql.SQL("SELECT * FROM t"))
    await side.close()
    assert comparison.rows.key == ("id",)


@pytest.fixture
def stranger(two_databases: PostgresWorld) -> PostgresWorld:
    """A role of the new side that may see the catalog, with a password."""
    world = two_databases
    world.run("new", "DROP ROLE IF EXISTS stranger", "CREATE ROLE stranger LOGIN PASSWORD 'sesame'")
    world.connection("new").close()
    world.urls["new"] = world.urls["new"].set(username="stranger", password="sesame")
    world.kept["new"] = psycopg.connect(_as_postgres(world.urls["new"]), autocommit=True)
    return world


def _as_postgres(url: URL) -> str:
    owner = url.set(drivername="postgresql", username="postgres", password=None)
    return owner.render_as_string(hide_password=False)


async def test_a_table_that_may_not_be_read_is_an_error_without_the_password(stranger: PostgresWorld) -> None:
    stranger.table("id int8 PRIMARY KEY, v text", "(1, 'a')", "(1, 'a')")
    stranger.run("new", "GRANT SELECT (id) ON t_new TO stranger")
    with pytest.raises(
        SourceError, match=r"new .*stranger:\*\*\*.*permission denied for table t_new"
    ) as error:
        await stranger.compare(PLAN, stranger.rows())
    assert "sesame" not in str(error.value)


async def test_a_condition_that_writes_is_refused_by_the_session(world: PostgresWorld) -> None:
    world.table("id int8 PRIMARY KEY", "(1)", "(1)")
    world.run("legacy", "CREATE SEQUENCE IF NOT EXISTS numbers")
    with pytest.raises(SourceError, match="read-only transaction"):
        await world.compare(PLAN, world.rows(legacy={"table": "t", "where": "nextval('numbers') > 0"}))


async def test_rows_that_change_during_the_comparison_are_no_difference(two_databases: PostgresWorld) -> None:
    """New gets what legacy has only after both snapshots were taken."""
    world = two_databases
    world.table("id int8 PRIMARY KEY, v text", "(1, 'a'), (2, 'b'), (3, 'c')", "(1, 'a'), (2, 'old')")

    class Replicating(HurryingClock):
        async def sleep(self, seconds: float) -> None:
            if seconds > 0 and not self.sleeps:
                world.run("new", "UPDATE t_new SET v = 'b' WHERE id = 2", "INSERT INTO t_new VALUES (3, 'c')")
                world.run("legacy", "DELETE FROM t WHERE id = 1")
                world.run("new", "DELETE FROM t_new WHERE id = 1")
            await super().sleep(seconds)

    world.clock = clock = Replicating()
    found = await world.compare(PLAN, world.rows())
    assert (found.rows, found.counts.legacy, found.counts.new) == ([], 3, 2)
    assert len(clock.sleeps) == 1


async def test_a_row_that_is_moving_is_told_when_it_stands_still(two_databases: PostgresWorld) -> None:
    world = two_databases
    world.table("id int8 PRIMARY KEY, v int4", "(1, 0)", "(1, -1)")

    class Counting(HurryingClock):
        async def sleep(self, seconds: float) -> None:
            if seconds > 0 and len(self.sleeps) < 2:
                world.run("legacy", "UPDATE t SET v = v + 1")
            await super().sleep(seconds)

    world.clock = clock = Counting()
    found = await world.compare(PLAN, world.rows(columns={"v": {"show": True}}))
    assert [(row.cells[0].legacy, row.cells[0].new) for row in found.rows] == [("2", "-1")]
    assert len(clock.sleeps) == 3


async def test_rows_in_front_of_the_watermark_and_outside_the_window_do_not_count(
    world: PostgresWorld,
) -> None:
    old, now = "now() - interval '1 day'", "now()"
    world.table(
        "id int8 PRIMARY KEY, v text, at timestamptz",
        f"(1, 'a', {old}), (2, 'b', {now}), (3, 'c', {old}), (4, 'd', NULL)",
        f"(1, 'x', {old}), (2, 'old', {old}), (4, 'd', NULL), (5, 'e', {now})",
    )
    mark = {"watermark": {"legacy": "at", "new": "at"}, "ignore": ["at"]}
    assert await world.found(**mark) == {("1",): "differing", ("3",): "missing_in_new"}
    recent = {"window": {"legacy": "at", "new": "at", "last": "1h"}, "ignore": ["at"]}
    assert await world.found(**recent) == {("2",): "differing", ("5",): "missing_in_legacy"}


async def test_servers_whose_hashes_disagree_are_compared_by_md5(
    two_databases: PostgresWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = two_databases
    world.table("id int8 PRIMARY KEY, v text", "(1, 'a'), (2, NULL)", "(1, 'a'), (2, '')")
    chosen: list[RowHash] = []

    async def agreed(pair: PostgresPair) -> RowHash:
        chosen.append(await agreed_hash(pair))
        return chosen[-1]

    plan = PostgresPlan(otherwise=never, agreed=agreed)
    assert (await world.compare(plan, world.rows())).kinds == {("2",): "differing"}
    answer = PostgresSide.attempt

    async def otherwise(self: PostgresSide, *args: object, **options: object) -> Sequence[object]:
        found = await answer(self, *args, **options)  # type: ignore[arg-type]
        return found if self.place.side == "legacy" else [(0, *found[0][1:])]

    monkeypatch.setattr(PostgresSide, "attempt", otherwise)
    assert (await world.compare(plan, world.rows())).kinds == {("2",): "differing"}
    assert isinstance(chosen[0], NativeHash)
    assert chosen[1] is md5_hash


@pytest.mark.parametrize("case", ["a key with a rule", "a naive time of a zone with two hours in one"])
async def test_what_sql_cannot_say_is_left_to_the_plan_that_reads_every_row(
    world: PostgresWorld, case: str
) -> None:
    world.table(
        "id text PRIMARY KEY, at timestamp",
        "('a', now())",
        "('a', now())",
        new_declared="id text PRIMARY KEY, at timestamptz",
    )
    asked: list[RowComparison] = []

    async def otherwise(comparison: RowComparison, collector: Collector) -> None:
        asked.append(comparison)

    rule = (
        {"columns": {"id": {"trim": True}}}
        if case == "a key with a rule"
        else {"legacy": {"table": "t", "zone": "Europe/Berlin"}}
    )
    await world.compare(PostgresPlan(otherwise=otherwise), world.rows(**rule))
    assert len(asked) == 1


async def test_a_throttled_source_rests_as_long_as_it_was_not_to_be_asked(
    two_databases: PostgresWorld,
) -> None:
    world = two_databases
    world.table("id int8 PRIMARY KEY", "(1)", "(1)")
    world.settings["legacy"] = {"throttle": "10%"}
    assert await world.found() == {}
    assert isinstance(world.clock, HurryingClock)
    assert sum(world.clock.sleeps) > 0


async def test_both_sides_may_be_queries(world: PostgresWorld) -> None:
    world.table("id int8 PRIMARY KEY, v text", "(1, 'a'), (2, 'b')", "(1, 'a'), (2, 'c')")
    sides = {
        side: {"query": f"SELECT id, upper(v) AS v FROM {name};"}
        for side, name in zip(BOTH, ("t", "t_new"), strict=True)
    }
    assert await world.found(**sides) == {("2",): "differing"}
