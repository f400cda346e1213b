"""JSON as it comes off the wire, and reading from it without trusting its shape."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
JsonObject = dict[str, Json]


def as_object(value: Json) -> JsonObject:
    """The value as an object; an empty one when it is something else."""
    return dict(value) if isinstance(value, Mapping) else {}


def as_list(value: Json) -> list[Json]:
    """The value as a list; an empty one when it is something else."""
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []


def as_text(value: Json) -> str:
    """The value as a string; an empty one when it is something else."""
    return value if isinstance(value, str) else ""


def objects_in(value: Json) -> list[JsonObject]:
    """The objects of a list, anything else in it left out."""
    return [as_object(item) for item in as_list(value) if isinstance(item, Mapping)]


def parse(text: str) -> Json:
    """JSON text as a value. Raises ValueError when it is none."""
    value: Json = json.loads(text)
    return value


def dump(value: Json) -> str:
    """A value as JSON text, as short as it goes."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
