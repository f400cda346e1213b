"""Rows that change while slices are compared: told of when they stand still, and as they are then."""

from collections.abc import Callable

import pytest

from bot.reconcile.rows import postgres_verdicts
from tests.integration.reconcile.postgres_rows.postgres_world import HurryingClock, PostgresWorld
from tests.integration.reconcile.postgres_rows.sliced import PLAN, ROWS, ended, fill, small_slices

__all__ = ["ended", "small_slices"]

SHOWN = {"columns": {"v": {"show": True}, "w": {"show": True}}}
SOME = ("UPDATE t_new SET v = -v WHERE id IN (30, 36, 300)", "DELETE FROM t_new WHERE id = 423")


class Moving(HurryingClock):
    """Something happens in front of each of the first readings that come after the snapshot."""

    def __init__(self, *happening: Callable[[], None]) -> None:
        super().__init__()
        self._happening = list(happening)

    async def sleep(self, seconds: float) -> None:
        if seconds > 0 and self._happening:
            self._happening.pop(0)()
        await super().sleep(seconds)


@pytest.fixture
def world(two_databases: PostgresWorld, ended: list[str]) -> PostgresWorld:
    """Filled, with four keys that differ."""
    fill(two_databases)
    two_databases.run("new", *SOME)
    return two_databases


async def test_what_is_as_the_snapshot_had_it_is_read_once_more_and_told(
    world: PostgresWorld, ended: list[str]
) -> None:
    world.clock = clock = HurryingClock()
    found = await world.compare(PLAN, world.rows())
    assert found.kinds == {
        ("30",): "differing",
        ("36",): "differing",
        ("300",): "differing",
        ("423",): "missing_in_new",
    }
    assert (len(clock.sleeps), ended) == (1, ["done"])


async def test_what_became_equal_meanwhile_is_no_difference(world: PostgresWorld) -> None:
    def replicate() -> None:
        world.run(
            "new",
            "UPDATE t_new SET v = -v WHERE id IN (30, 36)",
            "INSERT INTO t_new SELECT 423, 141 % 3, 1.41, 'w141'",
        )
        world.run("legacy", "DELETE FROM t WHERE id = 300")
        world.run("new", "DELETE FROM t_new WHERE id = 300")

    world.clock = clock = Moving(replicate)
    assert (await world.compare(PLAN, world.rows())).kinds == {}
    assert len(clock.sleeps) == 1


async def test_what_moves_is_told_when_it_stands_still_among_the_others_in_order(
    world: PostgresWorld,
) -> None:
    def move() -> None:
        world.run("legacy", "UPDATE t SET v = v + 1 WHERE id = 36")

    world.clock = clock = Moving(move, move)
    found = await world.compare(PLAN, world.rows(**SHOWN))
    assert [row.key[0] for row in found.rows] == ["30", "36", "300", "423"]
    assert [(cell.legacy, cell.new) for cell in found.rows[1].cells] == [("2.12", "-0.12")]
    # Beside the snapshot, 1.12, 2.12, and 2.12 again.
    assert len(clock.sleeps) == 3


async def test_what_one_side_lost_meanwhile_is_told_as_missing_when_it_stays_away(
    world: PostgresWorld,
) -> None:
    world.clock = clock = Moving(lambda: world.run("legacy", "DELETE FROM t WHERE id IN (30, 423)"))
    found = await world.compare(PLAN, world.rows())
    assert found.kinds == {("30",): "missing_in_legacy", ("36",): "differing", ("300",): "differing"}
    assert len(clock.sleeps) == 2


async def test_a_key_that_one_side_writes_with_more_zeros_is_one_key_while_it_moves(
    two_databases: PostgresWorld, ended: list[str]
) -> None:
    world = two_databases
    fill(world, "id int8, part numeric, PRIMARY KEY (id, part)")
    world.run("new", "UPDATE t_new SET part = part + 0.00, v = -v WHERE id IN (30, 300)")
    world.clock = clock = Moving(lambda: world.run("legacy", "DELETE FROM t WHERE id = 30"))
    found = await world.compare(PLAN, world.rows(key=["id", "part"]))
    assert found.kinds == {("30", "1"): "missing_in_legacy", ("300", "1"): "differing"}
    assert (len(clock.sleeps), ended) == (2, ["done"])


async def test_more_than_are_read_at_once_are_told_in_order(
    world: PostgresWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_verdicts, "_AT_ONCE", 3)
    world.run("new", f"UPDATE t_new SET w = 'x' WHERE id % 4 = 0 AND id <= {ROWS}")
    found = await world.compare(PLAN, world.rows())
    expected = sorted({30, 36, 300, 423} | {key for key in range(3, ROWS + 1, 3) if key % 4 == 0})
    assert [int(row.key[0] or 0) for row in found.rows] == expected
