"""Sorting on disk, and the merge of two streams, hold few rows in memory whatever there are."""

import random
from collections.abc import Iterator

import pyarrow as pa
import pytest

from bot.reconcile.rows import spill as spilling
from bot.reconcile.rows.batch import Batch, Cells
from bot.reconcile.rows.cells import row_definition
from bot.reconcile.rows.kinds import SideColumn
from bot.reconcile.rows.merge import merged
from bot.reconcile.rows.resolve import resolve
from bot.reconcile.rows.spill import Spill
from bot.reconcile.rows.stream import SideStream
from tests.unit.reconcile.rows.columns import rows


def batch(keys: list[int], value: str = "x") -> Batch:
    array = pa.array(keys, pa.int64())
    return Batch((array,), (Cells(array), Cells(pa.array([f"{value}{key}" for key in keys]))))


def test_rows_come_back_in_the_order_of_their_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spilling, "RUN_ROWS", 100)
    monkeypatch.setattr(spilling, "_BATCH_ROWS", 7)
    keys = [*range(3000), 5, 5, 5]
    random.Random(4).shuffle(keys)
    spill = Spill()
    for start in range(0, len(keys), 40):
        spill.add(batch(keys[start : start + 40]))
    found = list(spill.ordered())
    spill.close()
    assert [key for one in found for key in one.keys[0].to_pylist()] == sorted(keys)
    assert all(cells == f"x{key}" for one in found for key, cells in one.columns())
    assert max(one.rows for one in found) < 200


def test_nothing_to_sort_gives_nothing() -> None:
    spill = Spill()
    assert list(spill.ordered()) == []
    spill.close()


class Listed(SideStream):
    """A stream of given batches that knows how many are held."""

    def __init__(self, batches: Iterator[Batch]) -> None:
        self._batches = batches

    def read_on(self) -> None:
        """They are there."""

    async def next(self) -> Batch | None:
        return next(self._batches, None)


ID, NAME = SideColumn("id", "integer"), SideColumn("name", "text")
DECLARED = rows()
DEFINITION = row_definition(DECLARED, resolve(DECLARED, (ID, NAME), (ID, NAME)))


async def found(legacy: list[Batch], new: list[Batch]) -> tuple[int, int, list[tuple[str, object, int, int]]]:
    mine = theirs = 0
    suspects = []
    async for chunk in merged(DEFINITION, Listed(iter(legacy)), Listed(iter(new))):
        mine, theirs = mine + chunk.legacy, theirs + chunk.new
        suspects += [(one.kind, one.key[0], one.legacy_rows, one.new_rows) for one in chunk.suspects]
    return mine, theirs, suspects


async def test_batches_that_end_at_different_keys_are_paired_all_the_same() -> None:
    legacy = [batch([1, 2, 3]), batch([4]), batch([6, 7, 8, 9])]
    new = [batch([1]), batch([2, 3, 5, 6, 7]), batch([8, 9]), batch([10])]
    assert await found(legacy, new) == (
        8,
        9,
        [("missing_in_new", 4, 1, 0), ("missing_in_legacy", 5, 0, 1), ("missing_in_legacy", 10, 0, 1)],
    )


async def test_a_key_with_more_rows_than_fit_is_counted_across_batches() -> None:
    legacy = [batch([1, 2, 2]), batch([2] * 5), batch([2] * 5), batch([2, 3])]
    new = [batch([1, 2]), batch([3])]
    assert await found(legacy, new) == (15, 3, [("duplicated", 2, 13, 1)])
    assert await found(new, legacy) == (3, 15, [("duplicated", 2, 1, 13)])


async def test_a_side_that_is_empty_misses_everything() -> None:
    assert await found([batch([1, 2])], []) == (
        2,
        0,
        [("missing_in_new", 1, 1, 0), ("missing_in_new", 2, 1, 0)],
    )
    assert await found([], []) == (0, 0, [])
