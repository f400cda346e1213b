"""Misspelt keys put right, so that the rest of a document can be looked at in the same go."""

from collections.abc import Iterable
from dataclasses import replace

from bot.playbooks.positions import Path
from bot.playbooks.problems import Problem
from bot.playbooks.yaml_nodes import YamlValue


class Repair:
    """A copy of the data, each unknown key under the name it was probably meant to have, or left out."""

    def __init__(self, data: dict[str, YamlValue], problems: Iterable[Problem]) -> None:
        self._names = {problem.path: problem.unknown for problem in problems if problem.unknown is not None}
        self._origins: dict[Path, Path] = {}
        self.data = self._mapping(data, (), ())

    def in_the_file(self, problem: Problem) -> Problem:
        """A problem of the copy, at the place where the file has it."""
        return replace(problem, path=self._origins.get(problem.path, problem.path))

    def _mapping(self, data: dict[str, YamlValue], old: Path, new: Path) -> dict[str, YamlValue]:
        mended: dict[str, YamlValue] = {}
        for key, value in data.items():
            name = self._names.get((*old, key), key)
            if name and (name == key or name not in data | mended):
                mended[name] = self._value(value, (*old, key), (*new, name))
        return mended

    def _value(self, value: YamlValue, old: Path, new: Path) -> YamlValue:
        self._origins[new] = old
        if isinstance(value, dict):
            return self._mapping(value, old, new)
        if isinstance(value, list):
            return [self._value(item, (*old, index), (*new, index)) for index, item in enumerate(value)]
        return value
