"""Reads one playbook file: the playbook, or all that is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path as FilePath

from bot.domain.errors import Finding, SettingsError
from bot.domain.playbook.contradictions import contradictions
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.placeholders import misplaced
from bot.domain.playbook.plan_order import disorders
from bot.domain.playbook.references import unresolved
from bot.playbooks.problems import Problem, validated
from bot.playbooks.repair import Repair
from bot.playbooks.steps import inside_step, step_problems
from bot.playbooks.yaml_document import YamlDocument, read_yaml
from bot.playbooks.yaml_nodes import YamlValue
from bot.ports.action import Parameters

StepKinds = Mapping[str, type[Parameters]]


@dataclass(frozen=True)
class Reading:
    """A file that was read: the playbook, or else findings. `document` tells where things stand in it."""

    loaded: LoadedPlaybook | None
    findings: tuple[Finding, ...]
    document: YamlDocument


def read_playbook(path: FilePath, *, step_kinds: StepKinds) -> Reading:
    """What a file says. Raises SettingsError when it cannot be read; all else is a finding."""
    file = str(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        what = f"It cannot be read: {error.strerror or error}"
        raise SettingsError(what, where=file, do="Name the file of a playbook") from None
    document = read_yaml(content, file=file, is_json=inside_step)
    if document.data is None:
        return Reading(None, document.findings, document)
    playbook, problems = _checked(document.data, step_kinds)
    findings = {*document.findings, *_beside(document, problems)}
    if playbook is None or findings:
        return Reading(None, tuple(sorted(findings)), document)
    digest = sha256(content).hexdigest()
    return Reading(LoadedPlaybook(playbook, path.resolve().parent, digest), (), document)


def _beside(document: YamlDocument, problems: Iterable[Problem]) -> Iterator[Finding]:
    """The problems' findings, but for values that are missing because the document could not hold them."""
    refused = {(finding.line, finding.column) for finding in document.findings}
    for finding in (finding_of(document, problem) for problem in problems):
        if (finding.line, finding.column) not in refused:
            yield finding


def finding_of(document: YamlDocument, problem: Problem) -> Finding:
    """A problem at its line and column."""
    positions = document.positions
    place = positions.of_key(problem.path) if problem.on_key else positions.of_value(problem.path)
    return Finding(file=document.file, line=place.line, column=place.column, message=problem.message)


def _checked(data: dict[str, YamlValue], step_kinds: StepKinds) -> tuple[Playbook | None, list[Problem]]:
    """The playbook and its problems. What is wrong in one place does not hide what is wrong elsewhere."""
    playbook, problems = validated(Playbook, data)
    repair = Repair(data, problems)
    if any(problem.unknown is not None for problem in problems):
        playbook, others = validated(Playbook, repair.data)
        problems = [*problems, *map(repair.in_the_file, others)]
    problems += map(repair.in_the_file, step_problems(repair.data, step_kinds))
    problems += map(repair.in_the_file, _fitting(repair.data))
    return playbook, problems


def _fitting(data: dict[str, YamlValue]) -> Iterator[Problem]:
    for lost in unresolved(data):
        yield Problem(lost.path, lost.message)
    for disorder in disorders(data):
        yield Problem(disorder.path, disorder.message)
    for contradiction in contradictions(data):
        yield Problem(contradiction.path, contradiction.message)
    for place in misplaced(data):
        yield Problem(place.path, place.message)
