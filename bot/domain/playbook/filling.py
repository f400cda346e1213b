"""Placeholders in the parameters of steps: `{environment.KEY}` and `{input.ID}`, and what stands for them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from pydantic import JsonValue

from bot.domain.playbook.plans import Plan, Stage, Step, Undo

Origin = Literal["environment", "input"]
_PLACEHOLDER = re.compile(r"\{(environment|input)\.([^{}]*)\}")


@dataclass(frozen=True)
class Placeholder:
    """One placeholder: where its value comes from, and by which name."""

    origin: Origin
    name: str

    def __str__(self) -> str:
        return f"{{{self.origin}.{self.name}}}"


def placeholders(text: str) -> Iterator[Placeholder]:
    """The placeholders of a text, in order."""
    for found in _PLACEHOLDER.finditer(text):
        yield Placeholder(cast(Origin, found[1]), found[2])


def fill(value: JsonValue, origin: Origin, values: Mapping[str, str]) -> JsonValue:
    """The value with every placeholder of that origin replaced in its texts; the keys of mappings stay.

    What has no value stays as it stands. What is filled in is not looked at again, so a value that reads
    like a placeholder remains what somebody wrote.
    """

    def replaced(found: re.Match[str]) -> str:
        return values.get(found[2], found[0]) if found[1] == origin else found[0]

    if isinstance(value, str):
        return _PLACEHOLDER.sub(replaced, value)
    if isinstance(value, list):
        return [fill(one, origin, values) for one in value]
    if isinstance(value, dict):
        return {key: fill(one, origin, values) for key, one in value.items()}
    return value


def filled(plan: Plan, origin: Origin, values: Mapping[str, str]) -> Plan:
    """The plan with the parameters of its steps, and of what takes them back, filled in."""
    stages = tuple(_stage(stage, origin, values) for stage in plan.stages)
    return plan.model_copy(update={"stages": stages})


def _stage(stage: Stage, origin: Origin, values: Mapping[str, str]) -> Stage:
    steps = tuple(_step(step, origin, values) for step in stage.steps)
    return stage.model_copy(update={"steps": steps})


def _step(step: Step, origin: Origin, values: Mapping[str, str]) -> Step:
    undo = step.undo
    changes: dict[str, object] = {"with_": fill(step.with_, origin, values)}
    if undo is not None:
        changes["undo"] = _undo(undo, origin, values)
    return step.model_copy(update=changes)


def _undo(undo: Undo, origin: Origin, values: Mapping[str, str]) -> Undo:
    return undo.model_copy(update={"with_": fill(undo.with_, origin, values)})
