"""`switchback discrepancies`: listed, exported, and decided about without a bot."""

import csv
from pathlib import Path

from bot.sandbox.json_values import JsonObject, as_object, objects_in
from tests.e2e.terminal.conftest import Switchback, printed


def listed(switchback: Switchback, *arguments: str, exits: int) -> list[JsonObject]:
    told = switchback("discrepancies", "planwise", *arguments, "--json")
    assert (told.ended(), told.stderr) == (exits, "")
    return objects_in(printed(told))


def test_what_a_reconciliation_found_is_listed_explained_commented_and_exported(
    switchback: Switchback, folder: Path
) -> None:
    assert switchback("reconcile", "planwise").ended() == 1
    count, *others = listed(switchback, exits=1)
    assert count["check"] == "employee-count"
    checks = {"employees", "level-distribution", "total-compensation"}
    assert {one["check"] for one in others} == checks
    one = str(count["id"])
    said = switchback("discrepancies", "explain", one, "One test account", "--category", "bug")
    assert (said.ended(), said.stderr) == (0, "")
    assert "bug: One test account" in said.stdout
    stale = switchback("discrepancies", "accept", one, "no", "--until", "2099-01-01", "--version", "1")
    assert (stale.ended(), stale.stdout) == (1, "")
    assert "(terminal) came first, " in stale.stderr
    assert switchback("discrepancies", "comment", one, "See OPS-1").ended() == 0
    (explained,) = listed(switchback, "--status", "explained", "--csv", "all.csv", exits=0)
    assert (explained["id"], explained["days"]) == (one, 1)
    kinds = [as_object(note)["kind"] for note in objects_in(explained["notes"])]
    assert kinds == ["explained", "comment"]
    with (folder / "all.csv").open(encoding="utf-8", newline="") as file:
        assert [row["said"] for row in csv.DictReader(file)] == ["One test account"]
    history = switchback("discrepancies", "show", one).stdout
    assert "(terminal): “See OPS-1”" in history


def test_an_unknown_name_is_an_error_and_a_file_that_cannot_be_written_a_refusal(
    switchback: Switchback,
) -> None:
    for arguments, status, says in (
        (["planwise", "--check", "nope"], 2, "There is no check “nope”"),
        (["planwise", "--csv", "/nope/all.csv"], 1, "/nope/all.csv cannot be written"),
    ):
        told = switchback("discrepancies", *arguments)
        assert (told.ended(), says in told.stderr, told.stdout) == (status, True, "")
