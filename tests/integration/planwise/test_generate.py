"""The generator of the example's data."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from examples.planwise.generate import main as generate
from tests.integration.planwise.conftest import SIZE, Data


def rows(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def make(out: Path, *arguments: str) -> int:
    return generate(["--out", str(out), *arguments])


def small(out: Path, *arguments: str) -> int:
    return make(out, "--employees", str(SIZE), *arguments)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(tmp_path: Path, made: Data) -> None:
    assert small(tmp_path / "same", "--seed", "7") == 0
    assert small(tmp_path / "other", "--seed", "8") == 0
    for name in ("legacy.db", "new.db"):
        assert rows(tmp_path / "same" / name) == rows(made("discrepant") / name)
        assert rows(tmp_path / "other" / name) != rows(made("discrepant") / name)


def test_everything_the_example_needs_is_made_and_nothing_is_left_over(made: Data) -> None:
    assert sorted(path.name for path in made("clean").iterdir()) == [
        "expected.json",
        "legacy-access.json",
        "legacy.db",
        "new-access.json",
        "new.db",
        "preserved",
        "routing.json",
    ]


def test_data_that_are_there_are_left_as_they_are_unless_forced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert small(tmp_path, "--variant", "clean") == 0
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert make(tmp_path) == 0
    assert small(tmp_path, "--variant", "clean") == 0
    assert small(tmp_path, "--variant", "discrepant") == 1
    assert "left as it is" in capsys.readouterr().err
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert small(tmp_path, "--variant", "discrepant", "--force") == 0
    assert json.loads((tmp_path / "expected.json").read_text())["variant"] == "discrepant"


def test_a_start_that_died_leaves_no_data_that_pass_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*arguments: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("examples.planwise.generate.write_json", die)
    with pytest.raises(OSError, match="disk full"):
        small(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["preserved"]


def test_too_few_employees_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        make(tmp_path, "--employees", "999")
    assert raised.value.code == 2
    assert "at least 1000" in capsys.readouterr().err
