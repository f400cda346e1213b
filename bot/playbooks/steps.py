"""The steps of a document's plans, each against the parameters of its kind."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.domain.errors import nearest
from bot.playbooks.positions import Path
from bot.playbooks.problems import Problem, validated
from bot.playbooks.wording import shown
from bot.playbooks.yaml_nodes import YamlValue
from bot.ports.action import Parameters


def inside_step(path: Path) -> bool:
    """Whether a path leads into a step, as in plans.ID.stages.0.steps.0.with, whatever its keys say.

    The parameters of a step are JSON values, under a misspelt key, too.
    """
    return len(path) > 6 and isinstance(path[3], int) and isinstance(path[5], int)


def step_problems(
    data: Mapping[str, YamlValue], step_kinds: Mapping[str, type[Parameters]]
) -> Iterator[Problem]:
    """What is wrong with `uses` and `with` of each step, as far as the steps can be found."""
    for path, step in _steps(data):
        uses, given = step.get("uses"), step.get("with", {})
        if not isinstance(uses, str):
            continue
        if uses not in step_kinds:
            yield Problem((*path, "uses"), _no_kind(uses, step_kinds))
        elif "with" not in step:
            yield from _without_parameters(path, uses, validated(step_kinds[uses], {})[1])
        elif isinstance(given, dict):
            for problem in validated(step_kinds[uses], given)[1]:
                yield replace(problem, path=(*path, "with", *problem.path))


def _without_parameters(path: Path, uses: str, problems: list[Problem]) -> Iterator[Problem]:
    if problems:
        reasons = "; ".join(problem.message for problem in problems)
        yield Problem(path, f"missing: with, the parameters of {uses} ({reasons})", on_key=True)


def _no_kind(uses: str, step_kinds: Mapping[str, type[Parameters]]) -> str:
    alike = nearest(uses, step_kinds)
    hint = f"did you mean {alike}?" if alike else f"known: {', '.join(sorted(step_kinds)) or 'none'}"
    return f"no step kind {shown(uses)}; {hint}"


def _steps(data: Mapping[str, YamlValue]) -> Iterator[tuple[Path, Mapping[str, YamlValue]]]:
    for plan_id, plan in _mapping(data.get("plans")).items():
        for stage_index, stage in enumerate(_list(_mapping(plan).get("stages"))):
            for index, step in enumerate(_list(_mapping(stage).get("steps"))):
                path: Path = ("plans", plan_id, "stages", stage_index, "steps", index)
                if isinstance(step, dict):
                    yield path, step
                    undo = step.get("undo")
                    if isinstance(undo, dict):
                        yield (*path, "undo"), undo


def _mapping(value: YamlValue) -> Mapping[str, YamlValue]:
    return value if isinstance(value, dict) else {}


def _list(value: YamlValue) -> list[YamlValue]:
    return value if isinstance(value, list) else []
