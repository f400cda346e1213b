"""Compares the rows of two sides whose keys lie between the same two keys, in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from bot.reconcile.rows.batch import Batch
from bot.reconcile.rows.cells import CellComparison, RowDefinition
from bot.reconcile.rows.keys import strictly_increasing
from bot.reconcile.rows.vectors import certainly_equal, identical

_MOST_STEPS = 16
"""As many lookups of a batch's keys cost more than that."""

Values = tuple[object, ...]
MergeKey = tuple[object, ...]


@dataclass(frozen=True)
class Suspect:
    """A key whose rows differ in some way: the number of rows of each side, and the first one's values.

    Values are those of the row definition's columns, the key's first, as a driver gives them.
    """

    key: MergeKey
    legacy_rows: int
    new_rows: int
    legacy: Values | None
    new: Values | None

    @property
    def kind(self) -> Literal["missing_in_new", "missing_in_legacy", "differing", "duplicated"]:
        """What is wrong with it."""
        if self.legacy_rows > 1 or self.new_rows > 1:
            return "duplicated"
        if not self.new_rows:
            return "missing_in_new"
        return "differing" if self.legacy_rows else "missing_in_legacy"


def suspects(definition: RowDefinition, legacy: Batch, new: Batch) -> list[Suspect]:
    """Every key that differs, in order. Both batches are in order and hold all rows of their keys."""
    if legacy.rows == new.rows and _same_keys(legacy, new):
        if strictly_increasing(legacy):
            return list(_differing(definition, legacy, new))
    elif legacy.rows and new.rows and strictly_increasing(legacy) and strictly_increasing(new):
        return _matched(definition, legacy, new)
    return _by_key(definition, legacy, new)


def _same_keys(legacy: Batch, new: Batch) -> bool:
    return all(one.equals(other) for one, other in zip(legacy.keys, new.keys, strict=True))


def _matched(definition: RowDefinition, legacy: Batch, new: Batch) -> list[Suspect]:
    """Keys that are there once on each side at most: past few that one side lacks step by step."""
    found: list[Suspect] = []
    for _ in range(_MOST_STEPS):
        rows = _rows_alike(legacy, new)
        found += _differing(definition, legacy.slice(0, rows), new.slice(0, rows))
        legacy, new = legacy.slice(rows), new.slice(rows)
        if not legacy.rows or not new.rows:
            break
        if legacy.key_at(0) < new.key_at(0):
            found += _one_sided(legacy.slice(0, 1), is_legacy=True)
            legacy = legacy.slice(1)
        else:
            found += _one_sided(new.slice(0, 1), is_legacy=False)
            new = new.slice(1)
    return found + _looked_up(definition, legacy, new)


def _rows_alike(legacy: Batch, new: Batch) -> int:
    """How many rows at the beginning have the same keys."""
    rows = min(legacy.rows, new.rows)
    alike = (
        pc.index(pc.equal(one.slice(0, rows), other.slice(0, rows)), value=False).as_py()
        for one, other in zip(legacy.keys, new.keys, strict=True)
    )
    return min((place for place in alike if place >= 0), default=rows)


def _looked_up(definition: RowDefinition, legacy: Batch, new: Batch) -> list[Suspect]:
    """The same, each key looked for on the other side."""
    left, right = _there(legacy, new), _there(new, legacy)
    # Both are in the order of the same keys, so that what both have stands in the same order.
    pairs = (one.filter(there) for one, there in ((legacy, left), (new, right)))
    found = list(_differing(definition, *pairs))
    found += _one_sided(legacy.filter(pc.invert(left)), is_legacy=True)
    found += _one_sided(new.filter(pc.invert(right)), is_legacy=False)
    return sorted(found, key=lambda one: one.key)


def _there(batch: Batch, other: Batch) -> pa.Array:
    """For each row, whether the other batch has its key."""
    if len(batch.keys) == 1:
        return pc.is_in(batch.keys[0], value_set=other.keys[0])
    known = set(_key_list(other))
    return pa.array([key in known for key in _key_list(batch)], pa.bool_())


def _key_list(batch: Batch) -> list[MergeKey]:
    return list(zip(*(key.to_pylist() for key in batch.keys), strict=True))


def _one_sided(alone: Batch, *, is_legacy: bool) -> Iterator[Suspect]:
    for key, values in zip(_key_list(alone), alone.columns(), strict=True):
        if is_legacy:
            yield Suspect(key=key, legacy_rows=1, new_rows=0, legacy=values, new=None)
        else:
            yield Suspect(key=key, legacy_rows=0, new_rows=1, legacy=None, new=values)


def _differing(definition: RowDefinition, legacy: Batch, new: Batch) -> Iterator[Suspect]:
    """Rows of which some column differs, in two batches of the same keys in the same order."""
    if not legacy.rows:
        return
    places: set[int] = set()
    first = len(definition.keys)
    for index, comparison in enumerate(definition.compared, start=first):
        left, right = legacy.cells[index], new.cells[index]
        if identical(comparison, left, right):
            continue
        unsure = pc.indices_nonzero(pc.invert(certainly_equal(comparison, left, right)))
        if len(unsure):
            pairs = zip(left.take(unsure).values(), right.take(unsure).values(), strict=True)
            differ = _Differ(comparison)
            places.update(
                place for place, pair in zip(unsure.to_pylist(), pairs, strict=True) if differ(*pair)
            )
    if places:
        where = pa.array(sorted(places), pa.int64())
        some, others = legacy.take(where), new.take(where)
        for key, a, b in zip(_key_list(some), some.columns(), others.columns(), strict=True):
            yield Suspect(key=key, legacy_rows=1, new_rows=1, legacy=a, new=b)


class _Differ:
    """Whether two values differ; a pair that was seen is not looked at again: columns repeat their values."""

    def __init__(self, comparison: CellComparison) -> None:
        self._comparison = comparison
        self._seen: dict[tuple[type, object, type, object], bool] = {}

    def __call__(self, legacy: object, new: object) -> bool:
        pair = (type(legacy), legacy, type(new), new)
        try:
            found = self._seen.get(pair)
        except TypeError:  # a list or dict of JSON
            return self._differ(legacy, new)
        if found is None:
            found = self._seen[pair] = self._differ(legacy, new)
        return found

    def _differ(self, legacy: object, new: object) -> bool:
        one = self._comparison
        return not one.equal(one.legacy(legacy), one.new(new))


def _by_key(definition: RowDefinition, legacy: Batch, new: Batch) -> list[Suspect]:
    """The plain way, for keys that are there more than once."""
    left, right = _grouped(legacy), _grouped(new)
    found, singles = [], []
    for key in sorted(left.keys() | right.keys()):
        mine, theirs = left.get(key, ()), right.get(key, ())
        if len(mine) == len(theirs) == 1:
            singles.append((mine[0], theirs[0]))
            continue
        found.append(
            Suspect(
                key=key,
                legacy_rows=len(mine),
                new_rows=len(theirs),
                legacy=_row(legacy, mine),
                new=_row(new, theirs),
            )
        )
    ones = pa.array([one for one, _ in singles], pa.int64())
    others = pa.array([other for _, other in singles], pa.int64())
    found += _differing(definition, legacy.take(ones), new.take(others))
    return sorted(found, key=lambda one: one.key)


def _grouped(batch: Batch) -> dict[MergeKey, range]:
    groups, start = {}, 0
    for key, members in groupby(_key_list(batch)):
        size = sum(1 for _ in members)
        groups[key] = range(start, start + size)
        start += size
    return groups


def _row(batch: Batch, places: range | tuple[()]) -> Values | None:
    return batch.slice(places[0], 1).columns()[0] if places else None
