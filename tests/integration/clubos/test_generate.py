"""The generator of the club's data."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from examples.clubos.generate import main as generate
from tests.integration.clubos.conftest import DAY, SIZE, Data

RECIPE = ("--members", str(SIZE), "--day", DAY)


def rows(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def make(out: Path, *arguments: str) -> int:
    return generate(["--out", str(out), *arguments])


def test_the_same_seed_and_day_give_the_same_rows_and_others_others(tmp_path: Path, made: Data) -> None:
    assert make(tmp_path / "same", *RECIPE, "--seed", "11") == 0
    assert make(tmp_path / "seed", *RECIPE, "--seed", "12") == 0
    assert make(tmp_path / "day", "--members", str(SIZE), "--day", "2026-03-15") == 0
    for name in ("legacy.db", "new.db"):
        assert rows(tmp_path / "same" / name) == rows(made("shadow") / name)
        assert rows(tmp_path / "seed" / name) != rows(made("shadow") / name)
        assert rows(tmp_path / "day" / name) != rows(made("shadow") / name)


def test_everything_the_example_needs_is_made_and_nothing_is_left_over(made: Data) -> None:
    assert sorted(path.name for path in made("clean").iterdir()) == [
        "authority.json",
        "backups",
        "expected.json",
        "legacy-writes.json",
        "legacy.db",
        "mail",
        "new-access.json",
        "new.db",
        "preserved",
    ]


@pytest.mark.parametrize(
    ("variant", "switches"),
    [
        ("shadow", ("open", "nobody", "legacy")),
        ("clean", ("open", "members", "legacy")),
        ("after-cutover", ("closed", "members", "new")),
    ],
)
def test_the_switches_stand_as_the_variant_says(
    made: Data, variant: str, switches: tuple[str, str, str]
) -> None:
    names = (("legacy-writes", "writes"), ("new-access", "for"), ("authority", "system"))
    found = [json.loads((made(variant) / f"{name}.json").read_text())[key] for name, key in names]
    assert tuple(found) == switches


def test_data_that_are_there_are_left_as_they_are_unless_forced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make(tmp_path, *RECIPE, "--variant", "clean") == 0
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert make(tmp_path) == 0
    assert make(tmp_path, *RECIPE, "--variant", "shadow") == 1
    assert "left as it is" in capsys.readouterr().err
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert make(tmp_path, *RECIPE, "--variant", "shadow", "--force") == 0
    assert json.loads((tmp_path / "expected.json").read_text())["variant"] == "shadow"


@pytest.mark.parametrize(("hour", "day"), [(3, "2027-01-01"), (4, "2027-01-02"), (23, "2027-01-02")])
def test_without_a_day_the_data_are_those_of_the_last_morning_and_never_lie_ahead(
    tmp_path: Path, hour: int, day: str
) -> None:
    arguments = ["--members", str(SIZE), "--out", str(tmp_path)]
    assert generate(arguments, now=lambda: datetime(2027, 1, 2, hour, 59 * (hour == 3), tzinfo=UTC)) == 0
    assert json.loads((tmp_path / "expected.json").read_text())["day"] == day


def test_too_few_members_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        make(tmp_path, "--members", "199")
    assert raised.value.code == 2
    assert "at least 200" in capsys.readouterr().err
