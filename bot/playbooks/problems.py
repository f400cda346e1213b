"""pydantic's errors as problems: each at a path of the data, in words, and said once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.errors import nearest
from bot.playbooks.positions import Path
from bot.playbooks.shape import Shape
from bot.playbooks.wording import missing, not_as_expected, shown, unknown_key, wrong_value
from bot.playbooks.yaml_nodes import YamlValue

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Problem:
    """Something wrong at a path. `on_key`: it is the key that is wrong, or the mapping as a whole.

    `unknown` is set for an unknown key: the key it was probably meant to be, or empty.
    """

    path: Path
    message: str
    on_key: bool = False
    unknown: str | None = None


@dataclass(frozen=True)
class _Located:
    """An error of pydantic's with its place in the data, and the members of unions it went through."""

    details: ErrorDetails
    path: Path
    value: YamlValue
    members: tuple[tuple[Path, str], ...]
    name: str = ""
    of_key: bool = False

    @property
    def kind(self) -> str:
        return self.details["type"]

    @property
    def says_too_little(self) -> bool:
        """Whether it tells what this member expects, and the others would have to be told, too."""
        kinds = ("literal_error", "string_pattern_mismatch")
        return not self.of_key and (self.kind in kinds or self.kind.endswith(("_type", "_parsing")))

    @property
    def counts_what_is_wrong(self) -> bool:
        """Whether it finds a list too short only because pydantic leaves out what is wrong in it."""
        least = self.details.get("ctx", {}).get("min_length", 0)
        return self.kind == "too_short" and isinstance(self.value, (list, dict)) and len(self.value) >= least

    def of_another_kind(self, place: Path) -> bool:
        """Whether it only says that the value at that place is of another kind than this member."""
        if self.path != place or self.kind in ("missing", "extra_forbidden"):
            return False
        chosen = self.kind == "literal_error" and isinstance(self.value, str)
        return not chosen and (self.kind.endswith(("_type", "_parsing")) or self.kind == "literal_error")


def validated(model: type[Model], data: Mapping[str, YamlValue]) -> tuple[Model | None, list[Problem]]:
    """The data as the model, or else all that is wrong with it."""
    try:
        return model.model_validate(data, by_alias=True, by_name=False), []
    except ValidationError as error:
        shape = Shape.of(model)
        located = [_located(details, data) for details in error.errors(include_url=False)]
        return None, _without_echoes(_settled(located, shape, level=0))


def _located(details: ErrorDetails, data: Mapping[str, YamlValue]) -> _Located:
    """Follow the error's location through the data; what does not lead anywhere names a union's member."""
    items = list(details["loc"])
    of_key = bool(items) and items[-1] == "[key]"
    name = str(items.pop()) if items and details["type"] == "missing" else ""
    if of_key:
        items.pop()
    here: YamlValue = dict(data)
    path: Path = ()
    members: list[tuple[Path, str]] = []
    for item in items:
        inside = _inside(here, item)
        if inside is None:
            members.append((path, str(item)))
        else:
            (here,), path = inside, (*path, item)
    return _Located(details, path, here, tuple(members), name, of_key)


def _inside(value: YamlValue, item: str | int) -> tuple[YamlValue] | None:
    """The value at a key or index, in a tuple as it may be None; None when there is none."""
    if isinstance(value, dict) and isinstance(item, str) and item in value:
        return (value[item],)
    if isinstance(value, list) and isinstance(item, int) and item < len(value):
        return (value[item],)
    return None


def _settled(errors: Sequence[_Located], shape: Shape, *, level: int) -> list[Problem]:
    """The problems of the errors; of a union, those of the member that was probably meant."""
    plain = [error for error in errors if len(error.members) <= level and not error.counts_what_is_wrong]
    found = [_problem(error, shape) for error in plain]
    unions: dict[Path, dict[str, list[_Located]]] = {}
    for error in errors:
        if len(error.members) > level:
            place, member = error.members[level]
            unions.setdefault(place, {}).setdefault(member, []).append(error)
    for place, by_member in unions.items():
        fitting = [one for one in by_member.values() if not any(e.of_another_kind(place) for e in one)]
        meant = min(fitting, key=len) if fitting else next(iter(by_member.values()))
        there = [error for error in meant if error.path == place and error.says_too_little]
        message = not_as_expected(there[0].value, place, shape) if there else ""
        found += [Problem(place, message)] if message else _settled(meant, shape, level=level + 1)
    return found


def _problem(error: _Located, shape: Shape) -> Problem:
    if error.kind == "missing":
        return Problem(error.path, missing(error.name), on_key=True)
    if error.kind == "extra_forbidden":
        known = shape.keys(error.path[:-1])
        name = str(error.path[-1])
        return Problem(error.path, unknown_key(name, known), on_key=True, unknown=nearest(name, known) or "")
    context: Mapping[str, object] = error.details.get("ctx") or {}
    if error.of_key:
        name = shown(str(error.path[-1]))
        return Problem(error.path, f"expected {shape.expected_name(error.path)}, found {name}", on_key=True)
    message = wrong_value(
        error.kind, context, value=error.value, path=error.path, shape=shape, text=error.details["msg"]
    )
    return Problem(error.path, message, on_key=isinstance(error.value, dict))


def _without_echoes(problems: Iterable[Problem]) -> list[Problem]:
    """A key that is missing because it is misspelt is said once, and nothing is said twice."""
    once = list(dict.fromkeys(problems))
    meant = {(one.path[:-1], missing(one.unknown)) for one in once if one.unknown}
    return [one for one in once if (one.path, one.message) not in meant]
