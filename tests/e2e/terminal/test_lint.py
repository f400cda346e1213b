"""`switchback lint` says all that is wrong, each with its place."""

from pathlib import Path

import pytest

from bot.sandbox.json_values import as_object, objects_in
from tests.e2e.terminal.conftest import Switchback, printed


def test_playbooks_without_errors_are_named_with_exit_status_0(switchback: Switchback) -> None:
    told = switchback("lint")
    assert (told.ended(), told.stdout, told.stderr) == (0, "✅ no errors: planwise\n", "")
    assert printed(switchback("lint", "--json")) == {"findings": [], "migrations": ["planwise"]}


def test_every_error_of_a_playbook_is_told_with_line_and_column_and_exit_status_1(
    switchback: Switchback, folder: Path
) -> None:
    playbook = folder / "examples" / "planwise" / "playbook.yml"
    wrong = playbook.read_text().replace("tolerance: 0.1%", "tolerence: 0.1%")
    wrong = wrong.replace("goto: data-wrong", "goto: data-wrogn", 1)
    playbook.write_text(wrong)
    told = switchback("lint", str(playbook))
    assert told.ended() == 1
    key, reference = sorted(told.stdout.splitlines(), key=lambda line: "wrogn" in line)
    line = 1 + wrong[: wrong.index("tolerence")].count("\n")
    assert f"playbook.yml:{line}:7: " in key
    assert "tolerance" in key
    assert "data-wrong" in reference
    assert told.stderr == "2 errors\n"
    findings = objects_in(as_object(printed(switchback("lint", "--json")))["findings"])
    assert [finding["line"] for finding in findings if "tolerence" in str(finding["message"])] == [line]


def test_a_file_among_others_that_cannot_be_read_is_one_of_the_errors(
    switchback: Switchback, folder: Path
) -> None:
    unreadable = folder / "examples" / "ledger" / "playbook.yml"
    unreadable.mkdir(parents=True)
    playbook = folder / "examples" / "planwise" / "playbook.yml"
    playbook.write_text(playbook.read_text().replace("tolerance: 0.1%", "tolerence: 0.1%"))
    told = switchback("lint")
    assert (told.ended(), told.stderr) == (1, "2 errors\n")
    first, second = told.stdout.splitlines()
    assert first == f"{unreadable.relative_to(folder)}:1:1: It cannot be read: Is a directory"
    assert "planwise" in second
    assert "tolerence" in second


def test_the_schema_of_a_playbook_is_printed(switchback: Switchback) -> None:
    told = switchback("lint", "--schema")
    assert told.ended() == 0
    assert "migration" in as_object(as_object(printed(told))["properties"])


def test_without_playbooks_there_is_one_line_and_exit_status_2(switchback: Switchback) -> None:
    told = switchback("lint", SWITCHBACK_PLAYBOOKS="nowhere")
    assert (told.ended(), told.stdout) == (2, "")
    assert len(told.stderr.splitlines()) == 1
    assert "SWITCHBACK_PLAYBOOKS" in told.stderr


@pytest.mark.parametrize("given", ["nope.yml", "examples"])
def test_a_file_that_cannot_be_read_is_one_line_and_exit_status_2(
    switchback: Switchback, folder: Path, given: str
) -> None:
    told = switchback("lint", str(folder / given))
    assert (told.ended(), told.stdout) == (2, "")
    assert len(told.stderr.splitlines()) == 1
    assert f"{folder / given}: It cannot be read" in told.stderr
