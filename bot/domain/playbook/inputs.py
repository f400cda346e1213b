"""Inputs of a plan: what a person types when they confirm it, and what is taken."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from bot.domain.errors import RefusedError, UnknownNameError
from bot.domain.playbook.part import Identifier, Part, Text

FIELD = "input:"
"""Before the id of an input, in the name of the field that it is typed into."""
MOST_INPUTS = 10
LONGEST = 200


def _regular(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Pattern = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_regular)]
Choice = Annotated[str, StringConstraints(min_length=1, max_length=75), BeforeValidator(_as_text)]


class Input(Part):
    """What a person types or chooses: a text of a pattern, a whole number in a range, or one of a list.

    It is filled in as text, on one line, and never begins with a hyphen unless it is a number: a command
    would take it for an option.
    """

    id: Identifier
    title: Text
    pattern: Pattern | None = None
    range: Annotated[tuple[int, int], Field(description="the least and the most")] | None = None
    choice: Annotated[tuple[Choice, ...], Field(min_length=1, max_length=100)] | None = None
    default: Annotated[str, BeforeValidator(_as_text)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(kind is not None for kind in (self.pattern, self.range, self.choice)) != 1:
            raise ValueError("an input has exactly one of pattern, range, choice")
        if self.range is not None and self.range[0] > self.range[1]:
            raise ValueError("the range's first number is more than its second")
        if self.default is not None and (problem := self.problem(self.default)):
            raise ValueError(f"the default is not taken: {problem}")
        return self

    @property
    def field(self) -> str:
        """The name of the field that it is typed into."""
        return f"{FIELD}{self.id}"

    @property
    def wanted(self) -> str:
        """What is taken, in words."""
        if self.range is not None:
            return f"a whole number from {self.range[0]} to {self.range[1]}"
        if self.choice is not None:
            return f"one of {', '.join(self.choice)}"
        return f"a text like {self.pattern}"

    def problem(self, value: str) -> str:
        """Why a value is not taken; empty when it is."""
        if len(value) > LONGEST or not value.isprintable():
            return f"{self.title} is one line of at most {LONGEST} characters"
        if not self._fits(value):
            return f"{self.title} is {self.wanted}"
        if self.range is None and value.startswith("-"):
            return f"{self.title} does not begin with a hyphen: a command would take it for an option"
        return ""

    def _fits(self, value: str) -> bool:
        if self.range is not None:
            whole = re.fullmatch(r"-?[0-9]{1,18}", value) is not None
            return whole and self.range[0] <= int(value) <= self.range[1]
        if self.choice is not None:
            return value in self.choice
        return self.pattern is not None and re.fullmatch(self.pattern, value) is not None


def taken(inputs: Iterable[Input], given: Mapping[str, str]) -> dict[str, str]:
    """The value of every input, the default where nothing was given.

    Raises RefusedError, with the field of the input, for what is not taken; UnknownNameError for a name
    that no input has.
    """
    declared = {one.id: one for one in inputs}
    for name in given:
        if name not in declared:
            raise UnknownNameError("input", name, declared)
    values: dict[str, str] = {}
    for one in declared.values():
        value = given.get(one.id, "").strip() or one.default or ""
        if problem := one.problem(value):
            raise RefusedError(problem, field=one.field)
        values[one.id] = value
    return values
