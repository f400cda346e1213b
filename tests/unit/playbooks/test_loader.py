"""Files and folders of playbooks."""

from hashlib import sha256
from pathlib import Path

import pytest

from bot.domain.errors import Finding, PlaybookError, SettingsError
from bot.playbooks.loader import load, load_all
from tests.playbook_text import PLAYBOOK, STEP_KINDS, write_playbook


def test_a_playbook_knows_its_folder_and_the_digest_of_its_bytes(tmp_path: Path) -> None:
    path = write_playbook(tmp_path / "ledger")
    loaded = load(path, step_kinds=STEP_KINDS)
    assert loaded.playbook.migration == "ledger"
    assert loaded.folder == path.parent
    assert loaded.digest == sha256(path.read_bytes()).hexdigest()


def test_the_tolerance_is_the_number_that_is_written(tmp_path: Path) -> None:
    text = PLAYBOOK.replace("tolerance: 0.1%", "tolerance: 0.1000000000000000055511151231257827")
    loaded = load(write_playbook(tmp_path, text), step_kinds=STEP_KINDS)
    assert str(loaded.playbook.reconcile.checks[0].tolerance) == "0.1000000000000000055511151231257827"


def test_the_parameters_of_a_step_are_kept_as_they_are_written(tmp_path: Path) -> None:
    step = load(write_playbook(tmp_path), step_kinds=STEP_KINDS).playbook.plans["immediate"].steps[1]
    assert step.with_["expect"] == [200, 204]
    assert step.with_["probe"] == {"url": "http://127.0.0.1:9/route", "equals": 0.1}


@pytest.mark.parametrize(
    ("name", "why"), [("nope.yml", "No such file or directory"), ("folder", "Is a directory")]
)
def test_a_file_that_cannot_be_read_is_an_error_and_no_finding(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(SettingsError) as caught:
        load(tmp_path / name, step_kinds=STEP_KINDS)
    assert (caught.value.where, caught.value.what) == (str(tmp_path / name), f"It cannot be read: {why}")


def test_a_folder_gives_its_playbooks_by_migration(tmp_path: Path) -> None:
    write_playbook(tmp_path / "one")
    write_playbook(tmp_path / "two", PLAYBOOK.replace("migration: ledger", "migration: payroll"))
    write_playbook(tmp_path / ".hidden")
    (tmp_path / "without").mkdir()
    (tmp_path / "notes.txt").write_text("not a folder")
    loaded = load_all(tmp_path, step_kinds=STEP_KINDS)
    assert {name: one.folder.name for name, one in loaded.items()} == {"ledger": "one", "payroll": "two"}


def test_a_file_of_a_folder_that_cannot_be_read_is_a_finding_beside_those_of_the_others(
    tmp_path: Path,
) -> None:
    (tmp_path / "one" / "playbook.yml").mkdir(parents=True)
    write_playbook(tmp_path / "three", PLAYBOOK.replace("title: General", "tilte: General"))
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "playbook.yml").write_bytes(b"title: Z\xfcrich\n")
    with pytest.raises(PlaybookError) as caught:
        load_all(tmp_path, step_kinds=STEP_KINDS)
    told = {Path(one.file).parent.name: one.message for one in caught.value.findings}
    assert told["one"] == "It cannot be read: Is a directory"
    assert told["two"] == "this byte is not UTF-8; save the file as UTF-8"
    assert "tilte" in told["three"]


def test_a_folder_gives_the_findings_of_all_its_files(tmp_path: Path) -> None:
    write_playbook(tmp_path / "one", PLAYBOOK.replace("title: General", "tilte: General"))
    write_playbook(tmp_path / "two", "a: [")
    with pytest.raises(PlaybookError) as caught:
        load_all(tmp_path, step_kinds=STEP_KINDS)
    assert [finding.file for finding in caught.value.findings] == [
        str(tmp_path / "one" / "playbook.yml"),
        str(tmp_path / "two" / "playbook.yml"),
    ]


def test_two_playbooks_of_one_migration_are_a_finding_even_when_one_is_wrong(tmp_path: Path) -> None:
    first = write_playbook(tmp_path / "one", PLAYBOOK.replace("title: General", "tilte: General"))
    second = write_playbook(tmp_path / "two")
    with pytest.raises(PlaybookError) as caught:
        load_all(tmp_path, step_kinds=STEP_KINDS)
    assert caught.value.findings == (
        Finding(str(first), 2, 1, "unknown key “tilte”; did you mean title?"),
        Finding(str(second), 1, 12, f"migration “ledger” is described by {first} already"),
    )


@pytest.mark.parametrize(
    ("folder", "what"),
    [("missing", "There is no such folder of playbooks"), (".", "No folder in it has a playbook.yml")],
)
def test_without_a_playbook_the_error_says_what_to_set(tmp_path: Path, folder: str, what: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_all(tmp_path / folder, step_kinds=STEP_KINDS)
    assert str(caught.value) == (
        f"{tmp_path / folder}: {what}. "
        "Set SWITCHBACK_PLAYBOOKS to a folder of folders, each with a playbook.yml"
    )
