"""What the comparison of rows is measured with: tables that differ at exactly the planted keys."""

import sqlite3
from contextlib import closing

import pytest

from benchmarks.employees import filling, last_key, planted, planting


def rows_by_key(connection: sqlite3.Connection, table: str) -> dict[int, tuple[object, ...]]:
    return {row[0]: row for row in connection.execute(f"SELECT * FROM {table}")}


@pytest.mark.parametrize("differing", [0, 10, 50])
def test_the_new_side_differs_at_the_planted_keys_alone(differing: int) -> None:
    rows = 5000
    with closing(sqlite3.connect(":memory:")) as connection:
        statements = (*filling("sqlite", "legacy", rows), *filling("sqlite", "new", rows))
        for statement in (*statements, *planting("sqlite", "new", rows, differing)):
            connection.execute(statement)
        legacy, new = rows_by_key(connection, "legacy"), rows_by_key(connection, "new")
    plan = planted(rows, differing)
    assert len(plan.keys) == len(set(plan.keys)) == differing
    assert legacy.keys() - new.keys() == set(plan.missing_new)
    assert new.keys() - legacy.keys() == set(plan.missing_legacy)
    assert {key for key in legacy.keys() & new.keys() if legacy[key] != new[key]} == set(plan.changed)


@pytest.mark.parametrize("rows", [99, 100, 5000])
def test_the_legacy_side_has_as_many_rows_as_asked_for(rows: int) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in filling("sqlite", "legacy", rows):
            connection.execute(statement)
        legacy = rows_by_key(connection, "legacy")
    assert (len(legacy), max(legacy)) == (rows, last_key(rows))


def test_each_changed_row_differs_in_one_cell_and_every_column_changes_somewhere() -> None:
    rows, differing = 5000, 50
    with closing(sqlite3.connect(":memory:")) as connection:
        statements = (*filling("sqlite", "legacy", rows), *filling("sqlite", "new", rows))
        for statement in (*statements, *planting("sqlite", "new", rows, differing)):
            connection.execute(statement)
        legacy, new = rows_by_key(connection, "legacy"), rows_by_key(connection, "new")
    cells = [
        [place for place, (one, other) in enumerate(zip(legacy[key], new[key], strict=True)) if one != other]
        for key in planted(rows, differing).changed
    ]
    assert [len(places) for places in cells] == [1] * len(cells)
    assert {places[0] for places in cells} == {1, 2, 3, 4, 5}
