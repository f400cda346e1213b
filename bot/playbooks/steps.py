"""The steps of a document's plans, each against the parameters of its kind, in every environment."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from pydantic import JsonValue

from bot.domain.errors import nearest
from bot.domain.playbook.filling import fill, placeholders
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
            for problem in dict.fromkeys(_wrong(data, step_kinds[uses], given)):
                yield replace(problem, path=(*path, "with", *problem.path))


def _wrong(
    data: Mapping[str, YamlValue], kind: type[Parameters], given: dict[str, YamlValue]
) -> Iterator[Problem]:
    """What is wrong with parameters, in each environment where they name what differs among them."""
    places = [one for _, text in _texts(given) for one in placeholders(text)]
    used = {one.name for one in places if one.origin == "environment"}
    if not used:
        yield from _wrong_here(kind, given)
        return
    for name, values in _mapping(data.get("environments")).items():
        known = {key: value for key, value in _mapping(values).items() if isinstance(value, str)}
        # What an environment lacks is told where its keys are looked up.
        if used <= set(known):
            here = cast(dict[str, YamlValue], fill(_json(given), "environment", known))
            for problem in _wrong_here(kind, here):
                yield replace(problem, message=f"{problem.message} (in environment {name})")


def _wrong_here(kind: type[Parameters], given: dict[str, YamlValue]) -> Iterator[Problem]:
    """What is wrong with parameters themselves, and inputs that stand where what is typed may not."""
    closed = [
        Problem(path, f"{one} may not stand here: {why}")
        for path, text in _texts(given)
        for one in placeholders(text)
        if one.origin == "input" and (why := kind.closed_to_inputs(path, _json(given)))
    ]
    there = {problem.path for problem in closed}
    yield from (problem for problem in validated(kind, given)[1] if problem.path not in there)
    yield from closed


def _texts(value: YamlValue, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text inside a value, with its path."""
    if isinstance(value, str):
        yield path, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield from _texts(one, (*path, key))


def _json(given: dict[str, YamlValue]) -> dict[str, JsonValue]:
    # Inside a step the document holds JSON's own values: see `inside_step`.
    return cast(dict[str, JsonValue], given)


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
