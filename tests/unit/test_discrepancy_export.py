"""The register as JSON and CSV."""

import csv
import json
from pathlib import Path

from bot.domain.explanation import Owner
from bot.store.discrepancies import Note
from bot.terminal.discrepancy_export import COLUMNS, body, write_csv
from tests.unit.domain.discrepancies import ANA, date_of, moment, one

EXPLAINED = one(name="-5", owner=Owner(id="data", name="data", role=True)).explained(
    "bug", '=HYPERLINK("https://evil.example")', version=1, by=ANA, at=moment(1)
)
NOTES = {EXPLAINED.id: [Note(EXPLAINED.id, moment(1), "Ana", "comment", "first,\nthen")]}


def written(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_csv_has_one_row_each_with_everything_that_was_said(tmp_path: Path) -> None:
    again = EXPLAINED.reopened("no", version=2, by=ANA, at=moment(2))
    accepted = one().accepted(
        date_of(9), "soon", category=None, today=date_of(0), version=1, by=ANA, at=moment(0)
    )
    write_csv(tmp_path / "all.csv", [EXPLAINED, again, accepted], NOTES)
    first, second, third = written(tmp_path / "all.csv")
    assert tuple(first) == COLUMNS
    assert (first["status"], first["category"], first["owner"], first["said_by"], first["said_at"]) == (
        "explained",
        "bug",
        "data",
        "Ana",
        "2026-03-15T06:30:00Z",
    )
    assert first["notes"] == "2026-03-15T06:30:00Z Ana: first,\nthen"
    assert (second["said"], second["earlier_by"], second["earlier_ended"]) == ("", "Ana", "reopened")
    assert (third["status"], third["accepted_until"]) == ("accepted", "2026-03-23")


def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    write_csv(tmp_path / "all.csv", [EXPLAINED], {})
    (row,) = written(tmp_path / "all.csv")
    assert (row["name"], row["said"]) == ("'-5", '\'=HYPERLINK("https://evil.example")')


def test_json_has_everything_as_it_is_with_its_history() -> None:
    told = json.loads(json.dumps(body(EXPLAINED, NOTES[EXPLAINED.id])))
    assert (told["name"], told["owner"], told["check_owner"], told["category"]) == (
        "-5",
        "data",
        "data",
        "bug",
    )
    assert told["explanation"] == {
        "by": "Ana",
        "at": "2026-03-15T06:30:00Z",
        "text": '=HYPERLINK("https://evil.example")',
        "category": "bug",
        "until": None,
        "looked": "a is off",
        "ended": "",
    }
    assert told["notes"] == [
        {"at": "2026-03-15T06:30:00Z", "by": "Ana", "kind": "comment", "text": "first,\nthen"}
    ]
