"""Which answer a request expects, and whether an answer is one."""

import json
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue

from actions.http_exchange import Answer
from bot.ports.action import Parameters

Status = Annotated[int, Field(ge=100, le=599)]


class UnclearAnswerError(Exception):
    """The answer is too long, or not what it was said to be: nothing can be concluded from it."""


class Expectation(Parameters):
    """An answer that is as wanted: one of the statuses (any 2xx when none is given), and JSON values by path.

    A path is written `a.b.0.c`: names of members and numbers of elements.
    """

    expect: Annotated[
        tuple[Status, ...], BeforeValidator(lambda value: (value,) if isinstance(value, int) else value)
    ] = ()
    expect_json: dict[Annotated[str, Field(min_length=1)], JsonValue] = Field(default_factory=dict)

    @property
    def statuses(self) -> str:
        """The statuses that are wanted, in words."""
        return " or ".join(str(status) for status in self.expect) or "2xx"

    @property
    def wanted(self) -> str:
        """The answer that is wanted, in words."""
        values = " and ".join(f"{path} is {_written(value)}" for path, value in self.expect_json.items())
        return f"{self.statuses} in which {values}" if values else self.statuses

    def expects_status(self, status: int) -> bool:
        """Whether an answer of this status is wanted."""
        return status in self.expect if self.expect else 200 <= status < 300

    def difference(self, answer: Answer) -> str:
        """What is not as wanted, empty when all is. Raises UnclearAnswerError."""
        if not self.expects_status(answer.status):
            return f"status {answer.status} instead of {self.statuses}"
        if not self.expect_json:
            return ""
        if not answer.complete:
            raise UnclearAnswerError("the answer is too long to be looked into")
        try:
            document: JsonValue = json.loads(answer.body)
        except ValueError:
            raise UnclearAnswerError("the answer is not JSON") from None
        differing = (path for path, wanted in self.expect_json.items() if not _holds(document, path, wanted))
        return ", ".join(f"{path} is not {_written(self.expect_json[path])}" for path in differing)


def _written(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def _holds(document: JsonValue, path: str, wanted: JsonValue) -> bool:
    place: JsonValue = document
    for part in path.split("."):
        if isinstance(place, Mapping) and part in place:
            place = place[part]
        elif isinstance(place, list) and part.isdecimal() and int(part) < len(place):
            place = place[int(part)]
        else:
            return False
    # true and 1 are equal in Python, not in JSON
    return place == wanted and isinstance(place, bool) == isinstance(wanted, bool)
