"""Rows in files: CSV, JSON and Parquet, beside each other and beside a database."""

import asyncio
import csv
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from pyarrow import parquet

from tests.integration.reconcile.rows.comparing import compare
from tests.integration.reconcile.rows.obvious import Row, differences, two_sides

NAMES = ("id", "code", "amount", "name", "flag")
TYPES = (pa.int64(), pa.string(), pa.decimal128(38, 6), pa.string(), pa.bool_())


def write(file: Path, rows: list[Row]) -> None:
    rows = [row[: len(NAMES)] for row in rows]
    if file.suffix == ".csv":
        with file.open("w", newline="", encoding="utf-8") as opened:
            writer = csv.writer(
                opened, quoting=csv.QUOTE_NOTNULL if hasattr(csv, "QUOTE_NOTNULL") else csv.QUOTE_ALL
            )
            writer.writerow(NAMES)
            writer.writerows(rows)
    elif file.suffix == ".json":
        file.write_text(json.dumps([dict(zip(NAMES, row, strict=True)) for row in rows], default=str))
    elif file.suffix == ".parquet":
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in NAMES]
        arrays = [pa.array(column, kind) for column, kind in zip(columns, TYPES, strict=True)]
        parquet.write_table(pa.table(arrays, names=list(NAMES)), file)
    else:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE t (id integer, code text, amount text, name text, flag boolean)")
            texts = [(*row[:2], None if row[2] is None else str(row[2]), *row[3:]) for row in rows]
            connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", texts)
            connection.commit()


def place(file: Path) -> dict[str, str]:
    return {"table": "t"} if file.suffix == ".db" else {"file": file.name}


@pytest.mark.parametrize(
    ("legacy", "new"),
    [("a.db", "b.parquet"), ("a.json", "b.parquet"), ("a.parquet", "b.db"), ("a.json", "b.db")],
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sides=two_sides())
def test_files_differ_where_the_obvious_comparison_says(
    tmp_path_factory: pytest.TempPathFactory, legacy: str, new: str, sides: tuple[list[Row], list[Row]]
) -> None:
    folder = tmp_path_factory.mktemp("files")
    mine, theirs = ([row[: len(NAMES)] for row in rows] for rows in sides)
    if not mine or not theirs:
        mine, theirs = [(1, "a", Decimal(1), "x", True)], [(1, "a", Decimal(1), None, True)]
    write(folder / legacy, mine)
    write(folder / new, theirs)
    declared = {
        "key": ["id", "code"],
        "legacy": place(folder / legacy),
        "new": place(folder / new),
        "columns": {"amount": {"cast": "decimal"}},
    }
    sources = {"legacy": {"url": "sqlite:///a.db"}, "new": {"url": "sqlite:///b.db"}}
    result, followed = asyncio.run(compare(folder, declared, sources=sources))
    assert result.rows is not None, result.problem
    expected = differences(mine, theirs, key=2)
    assert {(row.kind, row.key) for row in followed.rows} == {
        (kind, tuple(map(str, name))) for kind, name in expected
    }


async def test_the_files_of_a_pattern_are_one_side(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "1.csv").write_text('id,name\n10,"a, b"\n2,\n')
    (tmp_path / "out" / "2.csv").write_text('name,id\n"",3\n"x\ny",1\n')
    (tmp_path / "new.jsonl").write_text(
        '{"id": 1, "name": "x\\ny"}\n{"id": 2, "name": null}\n{"id": 3, "name": ""}\n'
        '{"id": 10, "name": "a,b"}\n'
    )
    declared = {"key": ["id"], "legacy": {"file": "out/*.csv"}, "new": {"file": "new.jsonl"}}
    _, followed = await compare(tmp_path, declared | {"columns": {"id": {"cast": "integer"}}})
    assert followed.kinds() == [("differing", "10")]


async def test_json_numbers_keep_every_digit_and_structures_are_compared_by_value(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"id": 1, "n": 0.10, "x": {"b": [1.0], "a": 12345678901234567.01}}]')
    (tmp_path / "b.json").write_text('{"id": 1, "n": 0.1, "x": {"a": 12345678901234567.02, "b": [1]}}')
    declared = {"key": ["id"], "legacy": {"file": "a.json"}, "new": {"file": "b.json"}}
    result, _ = await compare(tmp_path, declared)
    assert result.rows is not None
    assert [one.column for one in result.rows.columns] == ["x"]


async def test_parquet_times_are_instants(tmp_path: Path) -> None:
    noon = datetime(2024, 7, 1, 10, tzinfo=UTC)
    table = {"id": [1], "at": pa.array([noon], pa.timestamp("ns", "UTC"))}
    parquet.write_table(pa.table(table), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("id,at\n1,2024-07-01 12:00:00\n")
    new = {"file": "b.csv", "zone": "Europe/Berlin"}
    result, _ = await compare(tmp_path, {"key": ["id"], "legacy": {"file": "a.parquet"}, "new": new})
    assert (result.status, result.problem) == ("passed", "")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.csv", "id,name\n1,2,3\n", "a.csv cannot be read: CSV parse error: Expected 2 columns, got 3"),
        ("a.json", '[{"id": 1}, {"id": ', "a.json cannot be read: this is not JSON"),
        ("a.json", "[1, 2]", "a row is an object"),
        ("a.parquet", "no parquet", "a.parquet cannot be read"),
        ("a.txt", "id\n1\n", "a.txt does not tell its format"),
        ("other.csv", "id\n1\n", "there is no file a.csv"),
        ("a.csv", "nr\n1\n", "legacy has no column id"),
    ],
)
async def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, text: str, problem: str
) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "b.csv").write_text("id\n1\n")
    wanted = "a.csv" if name == "other.csv" else name
    result, _ = await compare(tmp_path, {"key": ["id"], "legacy": {"file": wanted}, "new": {"file": "b.csv"}})
    assert result.status == "error"
    assert problem in result.problem
    assert "1,2,3" not in result.problem
