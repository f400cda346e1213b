"""What is looked at again in a slice that differs: as little as will do, and nothing is missed for it."""

from collections.abc import Iterable, Sequence

import pytest

from bot.reconcile.rows import postgres_lone_keys, postgres_slices
from bot.reconcile.rows.postgres_key_rows import RowHashes
from bot.reconcile.rows.postgres_lone_keys import LoneKeys
from bot.reconcile.rows.postgres_odd_row import OddRow
from bot.reconcile.rows.postgres_slice import Slice
from bot.reconcile.rows.postgres_slice_parts import SliceParts
from bot.reconcile.rows.postgres_verdicts import Verdicts
from tests.integration.reconcile.postgres_rows.postgres_world import PostgresWorld
from tests.integration.reconcile.postgres_rows.sliced import PLAN, ROWS, ended, fill, small_slices

__all__ = ["ended", "small_slices"]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    """How many slices were looked at part by part, and how many keys were judged, time by time."""
    seen: dict[str, list[int]] = {"in parts": [], "judged": []}
    find, judge = SliceParts.find, Verdicts.judge_odd

    async def found(self: SliceParts, slices: Sequence[Slice]) -> None:
        seen["in parts"].append(len(slices))
        await find(self, slices)

    async def judged(self: Verdicts, rows: Iterable[OddRow], hashes: RowHashes) -> None:
        odd = list(rows)
        seen["judged"].append(len({row.key for row in odd}))
        await judge(self, odd, hashes)

    monkeypatch.setattr(SliceParts, "find", found)
    monkeypatch.setattr(Verdicts, "judge_odd", judged)
    return seen


async def test_where_one_key_alone_differs_in_a_slice_no_other_is_looked_at(
    two_databases: PostgresWorld, looked_at: dict[str, list[int]], ended: list[str]
) -> None:
    world = two_databases
    fill(world)
    world.run("new", "DELETE FROM t_new WHERE id = 300", "INSERT INTO t_new VALUES (601, 1, 1, 'more')")
    world.run("legacy", "UPDATE t SET v = -v WHERE id = 30")
    found = await world.compare(PLAN, world.rows())
    assert found.kinds == {("30",): "differing", ("300",): "missing_in_new", ("601",): "missing_in_legacy"}
    assert ended == ["done"]
    # The slices of the last stretch apart, to whose end the changed row and the new one went.
    assert sum(looked_at["in parts"]) <= 2
    assert sum(looked_at["judged"]) <= 6


async def test_a_key_that_is_guessed_wrongly_is_found_out(
    two_databases: PostgresWorld, monkeypatch: pytest.MonkeyPatch, looked_at: dict[str, list[int]]
) -> None:
    """Sums can point to a key by chance. Here they point to the first one, whatever differs."""
    guess = postgres_lone_keys._Guess

    def first(one: Slice, legacy: Sequence[int], new: Sequence[int]) -> postgres_lone_keys._Guess:
        rows, hashes = (int(a or 0) - int(b or 0) for a, b in zip(legacy[:2], new[:2], strict=True))
        return guess(one, one.keys.low, rows, hashes)

    monkeypatch.setattr(postgres_lone_keys._Guess, "of", first)
    world = two_databases
    fill(world)
    world.run("new", "UPDATE t_new SET v = -v WHERE id IN (30, 36, 306)", "DELETE FROM t_new WHERE id = 423")
    found = await world.compare(PLAN, world.rows())
    assert found.kinds == {**{(f"{key}",): "differing" for key in (30, 36, 306)}, ("423",): "missing_in_new"}
    assert sum(looked_at["in parts"]) > 0


async def test_slices_of_several_stretches_are_looked_at_together_yet_never_more_rows_than_a_stretch_has(
    two_databases: PostgresWorld, monkeypatch: pytest.MonkeyPatch, ended: list[str]
) -> None:
    """A source that can read a stretch within its time-out can answer each of these questions."""
    looks: list[list[int]] = []
    find = LoneKeys.find

    async def found(self: LoneKeys, slices: Sequence[Slice]) -> list[Slice]:
        looks.append([one.rows for one in slices])
        return await find(self, slices)

    monkeypatch.setattr(LoneKeys, "find", found)
    world = two_databases
    fill(world)
    world.run("new", "UPDATE t_new SET v = -v WHERE id % 60 = 0")
    wanted = {(f"{key}",): "differing" for key in range(60, 3 * ROWS + 1, 60)}
    assert (await world.compare(PLAN, world.rows())).kinds == wanted
    assert ended == ["done"]
    assert max(map(sum, looks)) <= postgres_slices.STRETCH_ROWS, looks
    assert len(looks) < 6, looks


async def test_a_row_that_left_the_beginning_of_a_slice_makes_no_strangers_of_the_rows_behind_it(
    two_databases: PostgresWorld, looked_at: dict[str, list[int]], ended: list[str]
) -> None:
    world = two_databases
    fill(world)
    # Any of them may begin a slice; they go to the end of the table, and are what they were.
    world.run("new", f"UPDATE t_new SET v = v WHERE id BETWEEN {3 * ROWS - 60} AND {3 * ROWS - 45}")
    assert (await world.compare(PLAN, world.rows())).kinds == {}
    assert ended == ["done"]
    assert sum(looked_at["judged"]) == 6
