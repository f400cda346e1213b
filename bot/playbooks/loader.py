"""Loads playbooks: each is right, or all that is wrong is said at once."""

from pathlib import Path

from bot.domain.errors import Finding, PlaybookError, SettingsError
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.playbooks.problems import Problem
from bot.playbooks.reading import Reading, StepKinds, finding_of, read_playbook

FILE_NAME = "playbook.yml"
_ADVICE = f"Set SWITCHBACK_PLAYBOOKS to a folder of folders, each with a {FILE_NAME}"


def load(path: Path, *, step_kinds: StepKinds) -> LoadedPlaybook:
    """The playbook of a file, its steps checked against the parameters of their kinds.

    Raises PlaybookError with every finding, and SettingsError when the file cannot be read.
    """
    reading = read_playbook(path, step_kinds=step_kinds)
    if reading.loaded is None:
        raise PlaybookError(reading.findings)
    return reading.loaded


def load_all(folder: Path, *, step_kinds: StepKinds) -> dict[str, LoadedPlaybook]:
    """The playbooks of a folder of folders, by migration. A folder without a playbook is passed over.

    Raises PlaybookError with the findings of all files, two of one migration being one, and a file that
    cannot be read being one; SettingsError when there is no playbook at all.
    """
    if not folder.is_dir():
        raise SettingsError("There is no such folder of playbooks", where=str(folder), do=_ADVICE)
    paths = [path for path in sorted(folder.glob(f"*/{FILE_NAME}")) if not path.parent.name.startswith(".")]
    if not paths:
        raise SettingsError(f"No folder in it has a {FILE_NAME}", where=str(folder), do=_ADVICE)
    readings: list[Reading] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            readings.append(read_playbook(path, step_kinds=step_kinds))
        except SettingsError as error:
            findings.append(Finding(error.where, 1, 1, error.what))
    findings += [finding for reading in readings for finding in reading.findings] + _twice(readings)
    if findings:
        raise PlaybookError(findings)
    loaded = [reading.loaded for reading in readings if reading.loaded is not None]
    return {one.playbook.migration: one for one in loaded}


def _twice(readings: list[Reading]) -> list[Finding]:
    first: dict[str, str] = {}
    found: list[Finding] = []
    for reading in readings:
        document = reading.document
        name = document.data.get("migration") if document.data else None
        if not isinstance(name, str):
            continue
        if name in first:
            message = f"migration “{name}” is described by {first[name]} already"
            found.append(finding_of(document, Problem(("migration",), message)))
        first.setdefault(name, document.file)
    return found
